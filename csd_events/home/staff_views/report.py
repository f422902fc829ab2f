"""What became of an event, in numbers: to read and to print."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.attendance import queries as attendance
from csd_events.core.access import Role, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import session_lines
from csd_events.home import queries
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.event import desk_event
from csd_events.home.words.report import (
    HEIGHT,
    WIDTH,
    charts_of,
    growth_of,
    mail_counts,
    share_words,
)
from csd_events.registrations import queries as registrations


@dataclass(frozen=True, slots=True)
class Joined:
    """Who joined a session, or the event, and their part of who has a place."""

    name: str
    number: int
    share_words: str


@bp.get("/events/<int:event_id>/report")
@event_staff_required(Role.REPORTS)
def report(event_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    event = events.get(session, event_id)
    found = queries.break_down(session, event_id, today=association.today(session, at))
    return render_template(
        "home/staff/report.html",
        event=desk_event(event, at),
        numbers=[
            (_("Registered"), event.confirmed),
            (_("Places held"), event.held),
            (_("Waiting"), event.waiting),
            (_("Cancelled"), registrations.count_cancelled(session, event_id)),
        ],
        growth=growth_of(queries.count_quarters(session, event_id), event.zone),
        picture=(WIDTH, HEIGHT),
        charts=charts_of(event, found),
        joined=_joined(event) if event.joins_online else [],
        mails=mail_counts(queries.count_mails(session, event_id)),
        link=external_url("home.event", slug=event.slug, via="newsletter"),
    )


def _joined(event: Event) -> list[Joined]:
    session = db.session()
    every, lines = attendance.count_people(session, event.id), []
    if len(event.sessions) > 1:
        ids = [each.id for each in event.sessions]
        counts = attendance.count_visitors(session, event.id, ids)
        lines = [
            (line.name, counts.get(line.id, 0))
            for line in session_lines(event, now=now())
        ]
    return [
        Joined(name, number, share_words(number, event.confirmed))
        for name, number in [*lines, (_("All"), every)]
    ]
