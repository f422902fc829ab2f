"""Names of governments for who types the name of one."""

from flask import Blueprint, Response, jsonify, request

from csd_events.core.db import db
from csd_events.core.pages import read_search
from csd_events.organizations import queries

bp = Blueprint("organizations", __name__)

KEPT_FOR = 600  # seconds that a browser need not ask again


@bp.get("/organizations/names")
def names() -> Response:
    """Answer the same to everybody: names alone, nothing of people or membership."""
    found = queries.list_names(db.session(), read_search(request.args.get("q")))
    answer = jsonify(list(found))
    answer.cache_control.public = True
    answer.cache_control.max_age = KEPT_FOR
    return answer
