"""The library's front: what there is, with its numbers."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.db import db
from csd_events.core.pagecache import cached_page
from csd_events.library import queries
from csd_events.library.views.blueprint import bp
from csd_events.library.words import reading_lines_of
from csd_events.topics.rules import FAMILIES, areas_in

ON_THE_FRONT = 3


@bp.get("/library")
@cached_page
def index() -> ResponseReturnValue:
    session = db.session()
    counts = queries.count_by_area(session)
    return render_template(
        "library/index.html",
        cases=queries.list_newest(session, limit=ON_THE_FRONT),
        counted=queries.count_all(session),
        publications=reading_lines_of(queries.list_latest(session, limit=ON_THE_FRONT)),
        families=_families(counts),
    )


def _families(counts: Mapping[str, int]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Group the areas that have cases by family, in the catalogue's order."""
    families = [
        (name, [(area, counts[area]) for area in areas_in(family) if area in counts])
        for family, name in FAMILIES.items()
    ]
    return [(name, areas) for name, areas in families if areas]
