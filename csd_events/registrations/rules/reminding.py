"""When reminders of a session go, what they say that is new, and their keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from csd_events.events.rules import LEADS_TO_CHOOSE, USUAL_LEADS

A_DAY = timedelta(days=1)
#: A run this long after a reminder fell due has surely seen everyone who gets it:
#: nobody's transaction is still on its way.
SETTLED_AFTER = timedelta(minutes=10)


def reminder_key(
    lead: timedelta, registration_id: int | str, starts_at: datetime
) -> str:
    """Name a reminder once for ever; a moved start makes another one."""
    lead_words, start = lead_name(lead), stamp(starts_at)
    return f"registration.reminder:{lead_words}:{registration_id}:{start}"


def lead_name(lead: timedelta) -> str:
    """Write a lead briefly: ``7d``, ``1d``, ``1h``."""
    hours = lead // timedelta(hours=1)
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"


def lead_called(name: str) -> timedelta:
    """Read what `lead_name` wrote."""
    unit = timedelta(days=1) if name.endswith("d") else timedelta(hours=1)
    return int(name[:-1]) * unit


def leads_called(names: Iterable[str]) -> tuple[timedelta, ...]:
    """Read when the reminders of an event go, the nearest to the start first."""
    return tuple(sorted(lead_called(name) for name in names))


#: When reminders go unless staff say otherwise, and the farthest that they can choose.
LEADS = leads_called(USUAL_LEADS)
FARTHEST = max(leads_called(LEADS_TO_CHOOSE))


def stamp(instant: datetime) -> str:
    """Write an instant as it stands in a key: ``20251016T180000Z`` for UTC input."""
    return instant.strftime("%Y%m%dT%H%M%SZ")


def reminder_is_due(
    starts_at: datetime,
    known_since: datetime,
    lead: timedelta,
    now: datetime,
    *,
    wanted: bool = True,
) -> bool:
    """Tell whether the reminder ``lead`` before a start is due.

    Args:
        starts_at: When the session starts.
        known_since: The later of when the person was confirmed and when the
            present time was announced. What a mail has just said is not said again.
        lead: How long before the start it goes.
        now: When this is asked.
        wanted: Whether the person is to be reminded at all.
    """
    known = is_reminded(starts_at, lead, known_since=known_since)
    return wanted and known and starts_at - lead <= now < starts_at


def leads_due(
    starts_at: datetime, leads: Iterable[timedelta], now: datetime
) -> Sequence[timedelta]:
    """List the leads whose instant has come, the nearest to the start first.

    The first is sent; the others are kept as skipped, for it says all they would.
    """
    return sorted(lead for lead in leads if starts_at - lead <= now < starts_at)


def says_something_new(
    starts_at: datetime, lead: timedelta, previous: datetime | None
) -> bool:
    """Tell whether a reminder says what its reader would not know without it.

    The far one does not while an earlier session is still ahead, or begins: its own
    reminders are in hand, and people are about to meet. In a weekly program the far
    reminder of every session but the first falls away.

    Args:
        starts_at: When the session starts.
        lead: How long before that the reminder goes.
        previous: When the session before it starts; None for the first.
    """
    return lead <= A_DAY or previous is None or previous < starts_at - lead


def is_reminded(
    starts_at: datetime,
    lead: timedelta,
    *,
    known_since: datetime,
    previous: datetime | None = None,
) -> bool:
    """Tell whether a reminder goes at all to who knows the start since an instant."""
    tells = says_something_new(starts_at, lead, previous)
    return tells and known_since <= starts_at - lead


def reminders_ahead(
    starts_at: datetime,
    leads: Iterable[timedelta],
    now: datetime,
    *,
    known_since: datetime,
    previous: datetime | None = None,
) -> Sequence[datetime]:
    """List when the reminders of a session go that are still to come, in order.

    Args:
        known_since: The instant since when the start is known.
        previous: When the session before it starts; None for the first.
    """
    return sorted(
        starts_at - lead
        for lead in leads
        if starts_at - lead > now
        and is_reminded(starts_at, lead, known_since=known_since, previous=previous)
    )


#: A session by its id, with its start and the instant since when that is known.
Start = tuple[int, datetime, datetime]


def plan_reminders(
    starts: Iterable[Start], leads: Sequence[timedelta], now: datetime
) -> dict[tuple[int, timedelta], datetime]:
    """Say when each reminder of an event that is still to come goes.

    Return the instants by session and lead.
    """
    planned: dict[tuple[int, timedelta], datetime] = {}
    previous = None
    for key, start, known_since in sorted(starts, key=lambda each: each[1]):
        for lead in leads:
            known = is_reminded(start, lead, known_since=known_since, previous=previous)
            if known and start - lead > now:
                planned[key, lead] = start - lead
        previous = start
    return planned


def next_reminder(
    starts: Iterable[tuple[datetime, datetime]],
    leads: Sequence[timedelta],
    now: datetime,
) -> datetime | None:
    """Find when the next reminder of an event goes.

    Args:
        starts: Of each session, with the instant since when it was known.
    """
    known = [(n, start, since) for n, (start, since) in enumerate(starts)]
    return min(plan_reminders(known, leads, now).values(), default=None)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminder's key says: how long before, and the start it is about."""

    lead: timedelta
    start: str


def read_reminder_key(key: str) -> Reminded:
    """Read what `reminder_key` wrote."""
    _kind, lead, _registration, start = key.split(":")
    return Reminded(lead_called(lead), start)
