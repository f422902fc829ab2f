"""The front page, and a signed-in person's own."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import EventRow, changes_at, row_of
from csd_events.home import queries
from csd_events.home.views.blueprint import bp
from csd_events.home.views.roster import own_rosters, today
from csd_events.library import queries as library
from csd_events.registrations import queries as registrations

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


@bp.get("/me")
@sign_in_required
def me() -> ResponseReturnValue:
    person = current_person()
    session, at = db.session(), now()
    confirmed = person is not None and queries.has_confirmed(session, person.person_id)
    own = (
        registrations.list_own(session, person.person_id)
        if confirmed and person
        else []
    )
    lines: list[tuple[Event, tuple[EventRow, str, str]]] = [
        (
            each.event,
            (
                row_of(each.event, now=at),
                each.state.value,
                links().token(Purpose.REGISTRATION, each.id, each.link_version),
            ),
        )
        for each in own
    ]
    return render_template(
        "home/me.html",
        upcoming=[line for event, line in reversed(lines) if not event.is_over(at)],
        past=[line for event, line in lines if event.is_over(at)],
        address_confirmed=confirmed,
        rosters=own_rosters(today()),
    )
