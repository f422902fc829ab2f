"""The sheet for the day: when what happens, where, by whom, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.attendance.rules import OPENS_BEFORE
from csd_events.core.access import Role, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import clock_span, short_time, time_only, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.zones import zone_short
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import SessionLine, row_of, session_lines
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.wording import mails_before
from csd_events.home.words import partner_view
from csd_events.home.words.event import presenters_of
from csd_events.registrations import service as registrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A session of the day, or what happens around it.

    Attributes:
        elsewhere: The same hours on the clocks of the other zones concerned.
        steps: When and what, in order.
        link: Where its presenters go in; None where all meet in a room.
    """

    line: SessionLine
    elsewhere: list[str]
    steps: list[tuple[str, str]]
    people: Sequence[dict[str, str]]
    link: str | None


@bp.get("/events/<int:event_id>/run-sheet")
@event_staff_required(Role.CHECK_IN)
def run_sheet(event_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    event = events.get(session, event_id)
    ours = speaker(session, now=at)
    return render_template(
        "home/staff/run_sheet.html",
        event=row_of(event),
        event_id=event_id,
        turns=_turns(event, ours.zone, at),
        people=presenters_of(event).get(None, []),
        telephones={
            each.presenter.slug: each.presenter.telephone
            for each in event.contributions
            if each.presenter and each.presenter.telephone
        },
        partners=[
            partner_view(each.role, each.partner)
            for each in event.contributions
            if each.partner
        ],
        facts=[
            (label, words)
            for label, words in [
                (_("Place"), event.place),
                (_("Booth"), event.conference.booth if event.conference else ""),
                (_("Questions on the day"), event.contact),
                (_("Telephone of the association"), ours.telephone),
                (_("Answers to mails reach"), ours.reply_address),
            ]
            if words
        ],
        numbers=_numbers(event),
        accessibility=event.accessibility,
        needs=registrations.count_needs(session, event_id),
        printed_words=short_time(at, ours.zone),
    )


def _numbers(event: Event) -> list[tuple[str, str]]:
    places = _("no limit") if event.capacity is None else f"{event.capacity:,}"
    return [
        (_("Registered"), f"{event.confirmed:,}"),
        (_("Places"), places),
        (_("Waiting"), f"{event.waiting:,}"),
    ]


def _turns(event: Event, our_zone: str, at: datetime) -> list[Turn]:
    lines = session_lines(event, now=at)
    mails = mails_before(event, now=at)
    people = presenters_of(event)
    return [
        Turn(
            line=line,
            elsewhere=_elsewhere(line, [event.zone, our_zone]),
            steps=_steps(line, mail),
            people=people.get(line.id, []),
            link=event.way_into(sitting),
        )
        for line, sitting, mail in zip(lines, event.sessions, mails, strict=True)
    ]


def _elsewhere(line: SessionLine, zones: Sequence[str]) -> list[str]:
    """Write the hours of a session on other clocks; none where they show the same."""
    shown = to_wall(line.starts_at, line.zone)
    others = [zone for zone in zones if to_wall(line.starts_at, zone) != shown]
    return [
        f"{short_time(line.starts_at, zone)}"
        if to_wall(line.starts_at, zone).date() != shown.date()
        else f"{span} {zone_short(line.starts_at, zone)}"
        for zone in dict.fromkeys(others)
        for span in [clock_span(line.starts_at, line.ends_at, zone)]
    ]


def _steps(line: SessionLine, mail: str) -> list[tuple[str, str]]:
    steps = [(mail, _("The next reminder leaves"))] if mail else []
    if line.is_online:
        opens = time_only(line.starts_at - OPENS_BEFORE, line.zone)
        steps.append((opens, _("The button to join opens for who is registered")))
    steps.append((time_only(line.starts_at, line.zone), _("It begins")))
    if line.ends_at:
        steps.append((time_only(line.ends_at, line.zone), _("It ends")))
    return steps
