"""Mails that say that time or place have changed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from sqlalchemy.orm import Session

from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.models import EventChange
from csd_events.events.queries import heard
from csd_events.outbox.mail import part
from csd_events.outbox.message import Calendar, Due, Later, Message, Skip
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import queries, rules
from csd_events.registrations.mail.letter import Letter
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

ON_THE_WAY = (MailState.QUEUED, MailState.SENDING)


def moved(session: Session, due: Due, letter: Letter) -> Message | Later | Skip:
    """Time or place has changed, once or several times since they heard."""
    if letter.is_trial:
        tried = trial_change(session, letter.event, now=letter.now)
        return _tell_of(session, [tried], letter)
    change_id = int(due.key.rpartition(":")[2])
    if letter.registration.state is State.CANCELLED:
        return Skip("no place any more")
    if told := told_with_a_date(session, letter.event, change_id, letter.now):
        return told
    notices = queries.list_notices(
        session, letter.registration.id, event_id=letter.event.id
    )
    if any(n.change_id > change_id and n.state in ON_THE_WAY for n in notices):
        return Skip(rules.TOLD_LATER)
    return _tell_of(session, untold(session, change_id, notices), letter)


def _tell_of(
    session: Session, changes: Sequence[EventChange], letter: Letter
) -> Message | Skip:
    """Say what is different from before the last of some changes, the latest first."""
    found = rules.compare(changes[-1].before, heard(letter.event))
    if not (found or letter.is_trial):
        return Skip("everything is again as people had been told")
    befores = [each.before for each in changes]
    entries = entries_of(found, befores, changes[0], letter)
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


def untold(
    session: Session, change_id: int, notices: Sequence[queries.Notice]
) -> list[EventChange]:
    """Return a change and those before it whose own notices did not go.

    The latest first: what people had been told is what held before the last.
    """
    earlier = (n for n in notices if n.change_id < change_id and n.note != rules.UNDONE)
    left = takewhile(
        lambda n: (
            n.state is MailState.FAILED
            or (n.state is MailState.SKIPPED and n.note == rules.TOLD_LATER)
        ),
        earlier,
    )
    ids = [change_id, *(n.change_id for n in left)]
    return [session.get_one(EventChange, each) for each in ids]
