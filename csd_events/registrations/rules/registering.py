"""Who gets a place, and which mail comes when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

A_DAY = timedelta(days=1)
#: When reminders go, before a session starts; the nearest first.
LEADS = (timedelta(hours=1), A_DAY, timedelta(days=7))
#: A run this long after a reminder fell due has surely seen everyone who gets it:
#: nobody's transaction is still on its way.
SETTLED_AFTER = timedelta(minutes=10)
#: A receipt shows what was sent for this long, and its address can be mended for this.
RECEIPT_KEPT = timedelta(hours=24)
ADDRESS_MENDABLE = timedelta(minutes=10)
#: Mail to an address that nobody has confirmed, and forms from one network address.
MAILS_AN_HOUR = 3
FORMS_AN_HOUR = 600
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Refusal(StrEnum):
    """Why there is no place for someone."""

    NOT_OPEN = "not_open"
    NOT_A_MEMBER = "not_a_member"
    CLOSED = "closed"
    LATE = "late"  # the form was open, but for too long
    FULL = "full"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Seats:
    """How an event stands. All counts are people.

    Attributes:
        capacity: Places in all; None where there is no limit.
        waiting_limit: How many may wait; None where there is no limit.
        offer_left: Places left of the offer's own quota; None where it has none.
    """

    capacity: int | None
    waiting_limit: int | None
    confirmed: int = 0
    waiting: int = 0
    offer_left: int | None = None

    @property
    def left(self) -> int | None:
        """Places nobody holds and nobody waits for; None without a limit."""
        limits = []
        if self.capacity is not None:
            limits.append(self.capacity - self.confirmed - self.waiting)
        if self.offer_left is not None:
            limits.append(self.offer_left)
        return max(0, min(limits)) if limits else None

    @property
    def free_for_waiting(self) -> int | None:
        """Places that people on the list can be given; None without a limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.confirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for by sending the form.

    Attributes:
        offer_id: The offer that the form showed; None if it showed none.
        opened_at: When the form was opened: proof for the minutes of grace.
        nonce: Of the form of somebody not signed in; None for a signed-in person.
        person_id: Of a signed-in person; None for anyone else.
        network_address: Where the form came from; None where that is not counted.
    """

    slug: str
    full_name: str
    email: str
    organization: str
    opened_at: datetime
    offer_id: int | None = None
    nonce: str | None = None
    person_id: int | None = None
    service_area: str | None = None
    us_state: str | None = None
    network_address: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form led to: a registration, and a receipt for who is not signed in."""

    registration_id: int
    receipt_id: int | None
    receipt_sent_at: datetime | None = None


def receipt_version(sent_at: datetime) -> int:
    """Number a receipt for its link, so that none opens the one that got its id later.

    SQLite gives the id of a forgotten receipt to the next.
    """
    return (sent_at - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What one of two registrations of a person at an event holds."""

    state: State
    registered_at: datetime
    id: int

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """A place before a place in the queue before none; then the older."""
        return list(State).index(self.state), self.registered_at, self.id


def better_of(one: Held, other: Held) -> Held:
    """Choose which of two registrations of a person at an event stays."""
    return min(one, other, key=lambda held: held.rank)


def decide(seats: Seats) -> State | Refusal:
    """Decide what a person who asks for a place gets.

    Nobody overtakes the waiting list: a free place that someone already waits
    for is not given to a newcomer.
    """
    if seats.left is None or seats.left > 0:
        return State.CONFIRMED
    if seats.waiting_limit is None or seats.waiting < seats.waiting_limit:
        return State.WAITING
    return Refusal.FULL


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


def next_reminder(
    starts: Iterable[tuple[datetime, datetime]],
    leads: Sequence[timedelta],
    now: datetime,
) -> datetime | None:
    """Find when the next reminder of an event goes.

    Args:
        starts: Of each session, with the instant since when it was known.
    """
    in_order = sorted(starts)
    before = [None, *(start for start, _known_since in in_order)]
    ahead = (
        reminders_ahead(start, leads, now, known_since=since, previous=previous)
        for (start, since), previous in zip(in_order, before, strict=False)
    )
    return min((goes_at for each in ahead for goes_at in each), default=None)


def may_cancel(
    over_at: datetime | None, cancelled_at: datetime | None, now: datetime
) -> bool:
    """Tell whether there is still something to give back."""
    return cancelled_at is None and (over_at is None or now < over_at)


def has_use(
    over_at: datetime | None,
    cancelled_at: datetime | None,
    now: datetime,
    *,
    on_demand: bool,
) -> bool:
    """Tell whether the links to an event still lead to something.

    Whoever registered for what is watched on demand may watch it after its window.
    """
    return may_cancel(None if on_demand else over_at, cancelled_at, now)


def may_mend_address(sent_at: datetime, now: datetime) -> bool:
    """Tell whether a form's address can still be corrected from its receipt."""
    return now < sent_at + ADDRESS_MENDABLE


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminder's key says: how long before, and the start it is about."""

    lead: timedelta
    start: str


def read_reminder_key(key: str) -> Reminded:
    """Read what `reminder_key` wrote."""
    _kind, lead, _registration, start = key.split(":")
    return Reminded(lead_called(lead), start)
