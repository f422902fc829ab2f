"""Mails that say that it starts soon."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from csd_events.core.words import gettext as _
from csd_events.events.models import EventSession
from csd_events.outbox.mail import Block, part
from csd_events.outbox.message import Due, Later, Message, Skip
from csd_events.registrations import rules
from csd_events.registrations.mail.letter import (
    Letter,
    join_link,
    own_link,
    relative_words,
)
from csd_events.registrations.mail.waiting import unless_undone
from csd_events.registrations.mail.writing import Said, write
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State


def reminder(session: Session, due: Due, letter: Letter) -> Message | Later | Skip:
    """It starts soon."""
    trial = letter.is_trial
    found = _next_session(letter) if trial else _reminded(session, due, letter)
    if isinstance(found, Later | Skip):
        return found
    letter = replace(letter, about=found)
    sessions, title = letter.event.sessions, letter.event.title
    if found and len(sessions) > 1:
        title = f"{title}, {_number_words(found, letter)}"
    starts = letter.when_words
    if found:
        starts = relative_words(found.starts_at, found.zone, now=letter.now)

    def button() -> Block:
        if letter.is_online:
            return part("button", join_link(letter), _("Go to the join page"))
        return part("button", own_link(letter, "show"), _("See your registration"))

    said = Said(
        own={
            "button": button,
            "event": title,
            "join_link": partial(join_link, letter),
            "starts": starts,
        },
        button=_("See your registration"),
        way_back=_("Cannot come any more? Cancel your registration for all sessions")
        if len(sessions) > 1
        else _("Cannot come? Cancel and let someone else in"),
    )
    return write(session, "registration.reminder", letter, said)


def _reminded(
    session: Session, due: Due, letter: Letter
) -> EventSession | Later | Skip:
    """Find the session that a reminder is about, or say why it is not sent."""
    reminded = rules.read_reminder_key(due.key)
    sessions = letter.event.sessions
    about = next(
        (s for s in sessions if rules.stamp(s.starts_at) == reminded.start), None
    )
    if letter.registration.state is not State.CONFIRMED:
        return Skip("no place any more")
    if unwanted := not_wanted(letter.registration):
        return unwanted
    if about is None:
        return unless_undone(session, letter.event.id, rules.ELSEWHERE, letter.now)
    if letter.now >= about.starts_at:
        return Skip("it had begun before this went")
    return _another_goes(reminded.lead, about, letter) or about


def _next_session(letter: Letter) -> EventSession | None:
    """Return the session that the next reminder is about, else the last one."""
    sessions = letter.event.sessions
    ahead = (each for each in sessions if each.starts_at > letter.now)
    return next(ahead, sessions[-1] if sessions else None)


def _another_goes(lead: timedelta, about: EventSession, letter: Letter) -> Skip | None:
    """Say which other reminder says what this one would, if one does."""
    leads = rules.leads_called(letter.event.reminders)
    if lead not in leads:
        return Skip("staff chose other reminders before this went")
    if any(near < lead for near in rules.leads_due(about.starts_at, leads, letter.now)):
        return Skip("a reminder nearer to the start says the same")
    return None


def not_wanted(registration: Registration) -> Skip | None:
    """Say why somebody gets no mail beyond those that they need; None if they do."""
    if not registration.person.wants_reminders:
        return Skip("they want no reminders")
    if registration.reminders_off:
        return Skip("they want no reminders of this event")
    return None


def _number_words(about: EventSession, letter: Letter) -> str:
    number, of = about.position + 1, len(letter.event.sessions)
    return str(_("session %(number)s of %(all)s", number=number, all=of))
