"""Who gets a place, and what they may still do with it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from csd_events.registrations.rules.answering import NOTHING_SAID, Said

#: A receipt shows what was sent for this long, and its address can be mended for this.
RECEIPT_KEPT = timedelta(hours=24)
ADDRESS_MENDABLE = timedelta(minutes=10)
#: Mail to an address that nobody has confirmed, and forms from one network address.
MAILS_AN_HOUR = 3
FORMS_AN_HOUR = 600
WRONG_CODES_AN_HOUR = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    HELD = "held"  # a place, once a question is answered: see `holding`
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Refusal(StrEnum):
    """Why there is no place for someone."""

    NOT_OPEN = "not_open"
    NOT_A_MEMBER = "not_a_member"
    NOT_A_COLLEAGUE = "not_a_colleague"
    NOT_INVITED = "not_invited"
    NO_SUCH_CODE = "no_such_code"
    CLOSED = "closed"
    LATE = "late"  # the form was open, but for too long
    FULL = "full"
    POSTPONED = "postponed"  # until there is another date
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
    held: int = 0

    @property
    def left(self) -> int | None:
        """Places for who asks through the offer; None without a limit."""
        limits = [self.free_for_waiting, self.offer_left]
        return min((max(0, each) for each in limits if each is not None), default=None)

    @property
    def free_for_waiting(self) -> int | None:
        """Places that people on the list can be given; None without a limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self._taken)

    @property
    def all_taken(self) -> bool:
        """Whether one more would be one more than there are, whoever waits."""
        return self.left == 0

    @property
    def _taken(self) -> int:
        return self.confirmed + self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for by sending the form.

    Attributes:
        offer_id: The offer that the form showed; None if it showed none.
        opened_at: When the form was opened: proof for the minutes of grace.
        nonce: Of the form of somebody not signed in; None for a signed-in person.
        person_id: Of a signed-in person; None for anyone else.
        code: Of an invitation, as typed; empty for none.
        purchase_order: Of theirs, for the invoice of a place with a price.
        bill_to: Who is billed and where; empty for the organization.
        network_address: Where the form came from; None where that is not counted.
        said: What it says beside who comes.
        via: The address by which they came, as `read_via` returns it.
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
    code: str = ""
    purchase_order: str = ""
    bill_to: str = ""
    network_address: str | None = None
    said: Said = NOTHING_SAID
    via: str | None = None

    @property
    def sender(self) -> str:
        """Who is counted as sending it: a network address, or a signed-in person."""
        return self.network_address or f"person {self.person_id}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form led to: a registration, and a receipt for who is not signed in."""

    registration_id: int
    receipt_id: int | None
    receipt_sent_at: datetime | None = None


#: What the form in a frame on another site comes by.
VIA_FRAME = "embed"
_VIA = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def read_via(given: str | None) -> str | None:
    """Return the word at the end of an event's address; None where it is no word.

    Staff write ``?via=newsletter`` into the address that they announce in a newsletter.
    """
    word = (given or "").strip().lower()
    return word if _VIA.fullmatch(word) else None


def receipt_version(sent_at: datetime) -> int:
    """Number a receipt for its link, so that none opens the one that got its id later.

    SQLite gives the id of a forgotten receipt to the next.
    """
    return (sent_at - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rival:
    """One of two registrations of a person at an event, of which one stays."""

    state: State
    registered_at: datetime
    id: int

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """A place before a held one, one in the queue, and none; then the older."""
        return list(State).index(self.state), self.registered_at, self.id


def better_of(one: Rival, other: Rival) -> Rival:
    """Choose which of two registrations of a person at an event stays."""
    return min(one, other, key=lambda each: each.rank)


def decide(seats: Seats) -> State | Refusal:
    """Decide what a person who asks for a place gets.

    Nobody overtakes the waiting list: what can be given to who waits is theirs the
    moment it comes free, so what is free still is for no offer of theirs.
    """
    if not seats.all_taken:
        return State.CONFIRMED
    if seats.waiting_limit is None or seats.waiting < seats.waiting_limit:
        return State.WAITING
    return Refusal.FULL


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
