"""The front page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.events import queries as events
from csd_events.events.words import changes_at, row_of
from csd_events.home.views.blueprint import bp
from csd_events.library import queries as library

SOON, CASES = 4, 3


@bp.get("/")
@cached_page
def front() -> ResponseReturnValue:
    session, at = db.session(), now()
    coming = events.list_coming(session, now=at, limit=SOON)
    kept_until(changes_at(coming, now=at))
    return render_template(
        "home/front.html",
        upcoming=[row_of(event, now=at) for event in coming],
        cases=library.list_newest(session, limit=CASES),
        case_count=library.count_cases(session),
        programs=events.list_public_programs(session),
    )
