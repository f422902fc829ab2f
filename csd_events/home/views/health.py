"""For operators: whether the process lives, and whether all is in order."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from csd_events.home.views.blueprint import bp


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="alive")
