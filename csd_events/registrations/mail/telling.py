"""What changed, session by session: what people had been told, and what holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
    change: Change,
    untold: Sequence[Mapping[str, Any]],
    last: EventChange,
    letter: Letter,
) -> tuple[Calendar, ...]:
    """Bring the entries of who had a place up to date, and no others.

    Args:
        untold: What held before each change they have not heard of, the latest first:
            a session that was moved and then taken out had its number raised by that.
        last: The latest of those changes.
    """
    if not letter.had_place:
        return ()
    gone = gone_sessions(change, untold, last)
    about = letter.registration, letter.association
    news = news_of(change)
    kept = exports.mail_parts(*about, now=letter.now, news=news)
    return (*kept, *exports.removed_parts(*about, gone, now=letter.now, news=news))


def gone_sessions(
    change: Change, untold: Sequence[Mapping[str, Any]], last: EventChange
) -> list[EventSession]:
    """Return the sessions that an event has no more, as they last were: unsaved.

    Args:
        untold: As of `entries_of`.
        last: As of `entries_of`.
    """
    numbers = {
        s["id"]: s["sequence"] for each in reversed(untold) for s in each["sessions"]
    }
    return [
        EventSession(
            id=each.id,
            title=each.title,
            place=each.place,
            zone=each.zone,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            sequence=numbers[each.id] + 1,
            announced_at=last.changed_at,
        )
        for each in change.removed
    ]


def _name(session: Heard, event: Event) -> str:
    of = len(event.sessions)
    return name_of(session.title, number=session.number, of=of) if of > 1 else ""
