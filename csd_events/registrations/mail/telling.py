"""What changed, session by session: what people had been told, and what holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from csd_events.core.time import local_time, short_time, time_span
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events.models import EventChange, EventSession
from csd_events.events.queries import heard
from csd_events.events.words import name_of
from csd_events.outbox.message import Calendar
from csd_events.registrations import exports
from csd_events.registrations.mail.letter import Letter
from csd_events.registrations.rules import Change, Heard, compare


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A session at another time or place; without a name where there is one."""

    name: str
    before: str
    now: str


def lines_of(change: Change, letter: Letter) -> list[ChangeLine]:
    """Put into words what moved."""
    return [
        ChangeLine(_name(now, letter), *_words(before, now))
        for before, now in change.moved
    ]


def names_of(sessions: Sequence[Heard]) -> list[str]:
    """Name sessions that came or went, with their times."""
    found = []
    for each in sessions:
        when = local_time(each.starts_at, each.zone)
        found.append(f"{each.title}, {when}" if each.title else when)
    return found


def subject_of(change: Change) -> str:
    """Say in the subject what changed, as far as one line holds it."""
    if len(change.moved) == 1 and not (change.removed or change.added):
        return _subject_of_one(*change.moved[0])
    if change.removed and not (change.moved or change.added):
        return str(_("Session taken out"))
    if change.added and not (change.moved or change.removed):
        return str(_("Session added"))
    return str(_("Changed"))


def heading_of(change: Change, letter: Letter) -> str:
    """Say above a mail what happened."""
    if not change.moved:
        return _("The sessions have changed")
    if len(letter.event.sessions) > 1:
        return ngettext("A session has moved", "Sessions have moved", len(change.moved))
    return _("The event has moved")


def trial_change(session: Session, letter: Letter) -> Change:
    """Return a change to show staff: the last there was, else another day."""
    now = heard(letter.event)
    last = events.find_last_change(session, letter.event.id)
    found = compare(last.before, now) if last else None
    if found:
        return found
    before = dict(now, sessions=[dict(each) for each in now["sessions"]])
    for each in before["sessions"][:1]:
        start = datetime.fromisoformat(each["starts_at"])
        each["starts_at"] = (start - timedelta(days=1)).isoformat()
    return compare(before, now)


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
    numbers = {
        s["id"]: s["sequence"] for each in reversed(untold) for s in each["sessions"]
    }
    gone = [
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
    about = letter.registration, letter.association
    news = news_of(change)
    kept = exports.mail_parts(*about, now=letter.now, news=news)
    return (*kept, *exports.removed_parts(*about, gone, now=letter.now, news=news))


def news_of(change: Change) -> dict[int, str]:
    """Say by the ids of the sessions what changed, in a line as their entries have."""
    added, removed = names_of(change.added), names_of(change.removed)
    return {
        **{now.id: _moved_words(before, now) for before, now in change.moved},
        **{
            each.id: _("Added: %(session)s", session=name)
            for each, name in zip(change.added, added, strict=True)
        },
        **{
            each.id: _("Taken out: %(session)s", session=name)
            for each, name in zip(change.removed, removed, strict=True)
        },
    }


def _moved_words(before: Heard, now: Heard) -> str:
    if before.entry[:3] == now.entry[:3]:
        return _place_words(before.place, now.place)
    was, it_is = _words(before, now)
    if before.starts_at == now.starts_at:
        return _("Changed from %(before)s to %(now)s", before=was, now=it_is)
    return _("Moved from %(before)s to %(now)s", before=was, now=it_is)


def _place_words(before: str, now: str) -> str:
    if not now:
        return _("No longer at %(before)s", before=before)
    if not before:
        return _("Now at %(now)s", now=now)
    return _("Now at %(now)s, no longer at %(before)s", now=now, before=before)


def _name(session: Heard, letter: Letter) -> str:
    of = len(letter.event.sessions)
    return name_of(session.title, number=session.number, of=of) if of > 1 else ""


def _words(before: Heard, now: Heard) -> tuple[str, str]:
    """Say when it was and is; where, if that changed; until when, if that alone did."""
    whole = before.entry[0:1] + before.entry[2:] == now.entry[0:1] + now.entry[2:]
    words = []
    for each in (before, now):
        when = local_time(each.starts_at, each.zone)
        if whole and each.ends_at:
            when = time_span(each.starts_at, each.ends_at, each.zone)
        elif whole:
            when = f"{when} {_('(end not announced)')}"
        moved_there = before.place != now.place and each.place
        words.append(f"{when}, {each.place}" if moved_there else when)
    return words[0], words[1]
