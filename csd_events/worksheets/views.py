"""The decision tool's page."""

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from csd_events.core.pagecache import cached_page
from csd_events.topics.catalogue import WHOLE_GOVERNMENT
from csd_events.topics.rules import AREAS, FAMILIES, areas_in
from csd_events.worksheets.catalogue import instrument

bp = Blueprint("worksheets", __name__, url_prefix="/worksheets")


@bp.get("")
@cached_page
def index() -> ResponseReturnValue:
    """Show the tool and its questions, opened for a service where one is named.

    A worksheet is about one service: *many services at once* opens none, nor does a
    service that we do not know.
    """
    area = request.args.get("area")
    return render_template(
        "worksheets/index.html",
        area=area if area in AREAS and area != WHOLE_GOVERNMENT else None,
        instrument=instrument(),
        factors=[
            (dimension, list(factors))
            for dimension, factors in groupby(
                instrument().factors, attrgetter("dimension")
            )
        ],
        families=_services(),
    )


def _services() -> list[tuple[str, list[str]]]:
    """List the services a worksheet can be about, by family."""
    return [
        (name, [area for area in areas_in(family) if area != WHOLE_GOVERNMENT])
        for family, name in FAMILIES.items()
    ]
