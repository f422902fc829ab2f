"""The sessions of an event, and what completes it, as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import (
    USUAL_LENGTH,
    Kind,
    Phase,
    Sitting,
    minutes_to_attend,
    phases,
    sessions_to_attend,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session in the list of those of an event.

    Attributes:
        name: ``Session 2 of 4``, with its title where it has one.
        place: Where it is, its own place or the event's.
        own_place: Its place, where it differs from the event's.
        is_online: Whether people come in by the join page.
    """

    id: int
    name: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    place: str
    own_place: str
    is_online: bool
    phase: Phase
    on_demand: bool = False  # as of an event, for whoever writes when it is


def session_lines(
    event: Event, *, now: datetime, sessions: Sequence[EventSession] | None = None
) -> list[SessionLine]:
    """Show all sessions of an event, in their order.

    Args:
        event: Whose they are.
        now: When they are shown.
        sessions: As somebody last heard of them; None for as they are.
    """
    shown = event.sessions if sessions is None else sessions
    found = phases(_sittings(shown), now)
    return [
        SessionLine(
            id=each.id,
            name=name_of(each.title, number=number, of=len(shown)),
            title=each.title,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            zone=each.zone,
            place=each.place or event.place,
            own_place=each.place if each.place != event.place else "",
            is_online=event.is_online(each),
            phase=phase,
        )
        for number, (each, phase) in enumerate(zip(shown, found, strict=True), start=1)
    ]


def name_of(title: str, *, number: int, of: int) -> str:
    """Name a session by its number, and by its title where it has one."""
    if of == 1:
        return title
    words = _("Session %(number)s of %(all)s", number=number, all=of)
    return f"{words}: {title}" if title else str(words)


def name_in(event: Event, sitting: EventSession) -> str:
    """Name a session of an event; empty for the only one, unless it has a title."""
    number = event.sessions.index(sitting) + 1
    return name_of(sitting.title, number=number, of=len(event.sessions))


def sittings_of(event: Event) -> Sequence[Sitting]:
    """Return from when to when each session lasts; the usual length if unknown."""
    return _sittings(event.sessions)


def _sittings(sessions: Sequence[EventSession]) -> list[Sitting]:
    return [
        Sitting(each.starts_at, each.ends_at or each.starts_at + USUAL_LENGTH)
        for each in sessions
    ]


def completion_words(event: Event) -> str:
    """Say what completes a training program; empty for other events."""
    number = len(event.sessions)
    if event.kind is not Kind.TRAINING or number <= 1:
        return event.completion_note
    wanted = sessions_to_attend(event.completes_after, number)
    if event.completes_share is not None:
        least, minutes = minutes_to_attend(event.completes_share, sittings_of(event))
        words = _(
            "Attend at least %(share)s%% of the time: %(least)s of %(all)s minutes.",
            share=event.completes_share,
            least=least,
            all=minutes,
        )
    elif wanted == number:
        words = _("Attend all %(all)s sessions.", all=number)
    else:
        words = ngettext(
            "Attend at least %(num)s of the %(all)s sessions.",
            "Attend at least %(num)s of the %(all)s sessions.",
            wanted,
            all=number,
        )
    return f"{words} {event.completion_note}".strip()
