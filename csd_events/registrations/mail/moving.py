"""Mails that say that time or place have changed."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.models import EventChange
from csd_events.events.queries import heard
from csd_events.outbox.mail import part
from csd_events.outbox.message import Calendar, Due, Later, Message, Skip
from csd_events.registrations import rules
from csd_events.registrations.mail.knowing import change_of, hearer_of, unheard
from csd_events.registrations.mail.letter import Letter
from csd_events.registrations.mail.postponing import tell_of_a_date
from csd_events.registrations.mail.telling import (
    about_of,
    entries_of,
    heading_of,
    lines_of,
    subject_of,
    trial_change,
)
from csd_events.registrations.mail.waiting import told_with_a_date
from csd_events.registrations.mail.writing import Said, write
from csd_events.registrations.rules import State
from csd_events.registrations.words import names_of


def moved(session: Session, due: Due, letter: Letter) -> Message | Later | Skip:
    """Time or place has changed, once or several times since they heard."""
    if letter.is_trial:
        tried = trial_change(session, letter.event, now=letter.now)
        found = rules.compare(tried.before, heard(letter.event))
        return _tell_of(session, found, [tried], letter)
    change_id = change_of(due)
    if letter.registration.state is State.CANCELLED:
        return Skip("no place any more")
    if told := told_with_a_date(session, letter.event, change_id, letter.now):
        return told
    hearer = hearer_of(letter.registration)
    news = unheard(session, letter.event, change_id, hearer)
    if isinstance(news, Skip):
        return news
    if news.was_off:
        return tell_of_a_date(session, news, letter)
    return _tell_of(session, news.found, news.changes, letter)


def _tell_of(
    session: Session,
    found: rules.Change,
    changes: Sequence[EventChange],
    letter: Letter,
) -> Message:
    """Say what is different since before some changes, the latest of them first."""
    entries = entries_of(found, changes, letter)
    return _tell(session, found, letter, entries)


def _tell(
    session: Session,
    found: rules.Change,
    letter: Letter,
    calendars: tuple[Calendar, ...],
) -> Message:
    letter = replace(letter, about=about_of(found, letter))
    changes = lines_of(found, letter.event)
    removed, added = names_of(found.removed), names_of(found.added)
    said = Said(
        own={
            "change": subject_of(found),
            "changes": lambda: part("changes", changes, removed, added),
            "entry": up_to_date(len(calendars)),
            "heading": heading_of(found, letter.event),
            "kept": _("Your place is kept, and your links stay the same.")
            if letter.had_place
            else _(
                "Your number on the waiting list is kept, and your links stay the same."
            ),
        },
        button=_("See your registration"),
        way_back=_("It does not suit you any more? Cancel your registration"),
        preheader=_("Now: %(when)s", when=changes[0].now) if changes else "",
        calendars=calendars,
    )
    return write(session, "registration.moved", letter, said)


def up_to_date(entries: int) -> str:
    """Say what attached entries do that change something in a calendar."""
    if not entries:
        return ""
    return ngettext(
        "The entry attached brings your calendar up to date.",
        "The entries attached bring your calendar up to date.",
        entries,
    )
