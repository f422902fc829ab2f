"""Where the case studies happened: a map of one tile a state, and a table."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.db import db
from csd_events.core.pagecache import cached_page
from csd_events.library import queries
from csd_events.library.rules.tiles import MAPS, filled
from csd_events.library.views.blueprint import bp
from csd_events.topics.rules import place_name


@bp.get("/library/map")
@cached_page
def case_map() -> ResponseReturnValue:
    counts, every = (
        queries.count_by_state(db.session()),
        queries.count_cases(db.session()),
    )
    by_name = sorted(counts.items(), key=lambda each: place_name(each[0]))
    return render_template(
        "library/case_map.html",
        maps=[filled(each, counts) for each in MAPS],
        elsewhere=every - sum(counts.values()),
        rows=[(code, place_name(code), number) for code, number in by_name],
    )
