"""What changed, session by session: what people had been told, and what holds now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from csd_events.core.time import short_time
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events.models import Event, EventChange, EventSession
from csd_events.events.queries import heard
from csd_events.events.words import name_of
from csd_events.outbox.message import Calendar
from csd_events.registrations import exports
from csd_events.registrations.mail.knowing import unsaved
from csd_events.registrations.mail.letter import Letter
from csd_events.registrations.rules import Change, Heard, compare
from csd_events.registrations.words import news_of, spans_of


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A session at another time or place; without a name where there is one."""

    name: str
    before: str
    now: str


def lines_of(change: Change, event: Event) -> list[ChangeLine]:
    """Put into words what moved."""
    return [
        ChangeLine(_name(now, event), *spans_of(before, now))
        for before, now in change.moved
    ]


def subject_of(change: Change) -> str:
    """Say in the subject what changed, as far as one line holds it."""
    if len(change.moved) == 1 and not (change.removed or change.added):
        return _subject_of_one(*change.moved[0])
    if change.removed and not (change.moved or change.added):
        return str(_("Session taken out"))
    if change.added and not (change.moved or change.removed):
        return str(_("Session added"))
    return str(_("Changed"))


def heading_of(change: Change, event: Event) -> str:
    """Say above a mail what happened."""
    if not change.moved:
        return _("The sessions have changed")
    if len(event.sessions) > 1:
        return ngettext("A session has moved", "Sessions have moved", len(change.moved))
    return _("The event has moved")


def trial_change(session: Session, event: Event, *, now: datetime) -> EventChange:
    """Return a change to show staff: the last there was, else another day, unsaved."""
    says = heard(event)
    last = events.find_last_change(session, event.id)
    if last and compare(last.before, says):
        return last
    before = dict(says, sessions=[dict(each) for each in says["sessions"]])
    for each in before["sessions"][:1]:
        start = datetime.fromisoformat(each["starts_at"])
        each["starts_at"] = (start - timedelta(days=1)).isoformat()
    return EventChange(before=before, changed_at=now)


def _subject_of_one(before: Heard, now: Heard) -> str:
    """Name the new start, or that the place is new; another end has no short name."""
    if (before.starts_at, before.zone) != (now.starts_at, now.zone):
        when = short_time(now.starts_at, now.zone)
        return str(_("Changed, now %(when)s", when=when))
    if before.place != now.place:
        return str(_("New place"))
    return str(_("Changed"))


def about_of(change: Change, letter: Letter) -> EventSession | None:
    """Return the session that a mail about a change shows as a date."""
    touched = change.touched
    sessions = letter.event.sessions
    return next((each for each in sessions if each.id in touched), None)


def entries_of(
    change: Change, changes: Sequence[EventChange], letter: Letter
) -> tuple[Calendar, ...]:
    """Bring the entries of who had a place up to date, and no others.

    Args:
        change: What is to be told.
        changes: All that they have not heard of, the latest first.
        letter: To whom.
    """
    if not letter.had_place:
        return ()
    about = letter.registration, letter.association
    kept = exports.mail_parts(*about, now=letter.now, news=news_of(change))
    return (*kept, *gone_entries(change, changes, letter))


def gone_entries(
    change: Change, changes: Sequence[EventChange], letter: Letter
) -> tuple[Calendar, ...]:
    """Take out of the calendar of who had a place what an event has no more.

    Args:
        change: As of `entries_of`.
        changes: As of `entries_of`.
        letter: To whom.
    """
    if not (letter.had_place and change.removed):
        return ()
    return exports.removed_parts(
        letter.registration,
        letter.association,
        gone_sessions(change, changes),
        now=letter.now,
        news=news_of(change),
    )


def gone_sessions(change: Change, changes: Sequence[EventChange]) -> list[EventSession]:
    """Return the sessions that an event has no more, as they last were: unsaved.

    One that was moved and then taken out had its number raised by that.

    Args:
        change: As of `entries_of`.
        changes: As of `entries_of`.
    """
    numbers = {
        each["id"]: each["sequence"]
        for one in reversed(changes)
        for each in one.before["sessions"]
    }
    return [
        unsaved(
            each,
            sequence=numbers[each.id] + 1,
            announced_at=changes[0].changed_at,
        )
        for each in change.removed
    ]


def _name(session: Heard, event: Event) -> str:
    of = len(event.sessions)
    return name_of(session.title, number=session.number, of=of) if of > 1 else ""
