"""The mail on the morning after an event."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.outbox.mail import Block, part
from csd_events.outbox.message import Due, Later, Message, Skip
from csd_events.registrations import rules
from csd_events.registrations.mail.letter import Letter, own_link, worksheet_link
from csd_events.registrations.mail.reminding import not_wanted
from csd_events.registrations.mail.suggesting import best_case, linked
from csd_events.registrations.mail.writing import Said, was_registered, write
from csd_events.registrations.rules import State


def follow_up(session: Session, _due: Due, letter: Letter) -> Message | Later | Skip:
    """It has taken place: where its recording is, and what to read next."""
    if not letter.is_trial and (reason := _why_not(letter)):
        return reason
    event = letter.event
    page = external_url("home.event", slug=event.slug)

    def button() -> Block:
        if event.open_recording(letter.now):
            return part("button", page, _("Watch the recording"))
        return part("button", own_link(letter, "show"), _("See your registration"))

    def read_next() -> Block:
        case = best_case(session, letter.registration, event, now=letter.now)
        return part(
            "prepare", linked(case), worksheet_link(letter), _("What to read next")
        )

    said = Said(
        own={
            "button": button,
            "events_link": lambda: external_url("home.events"),
            "next": read_next,
        },
        button=_("See your registration"),
        why=was_registered(letter),
    )
    return write(session, "registration.follow_up", letter, said)


def _why_not(letter: Letter) -> Later | Skip | None:
    event = letter.event
    if letter.registration.state is not State.CONFIRMED:
        return Skip("no place any more")
    if unwanted := not_wanted(letter.registration):
        return unwanted
    if not event.follows_up:
        return Skip("staff want no mail after this event")
    return _not_now(event.over_at, event.zone, letter.now) if event.over_at else None


def _not_now(over_at: datetime, zone: str, now: datetime) -> Later | Skip | None:
    """Keep the mail to the days after the event, which may go on after all."""
    goes_at = rules.follow_up_at(over_at, zone)
    if now < goes_at:
        return Later("the event is not over yet", goes_at)
    if rules.is_too_late_to_follow(over_at, zone, now):
        return Skip("it would have come too late")
    return None
