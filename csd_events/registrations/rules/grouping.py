"""Several people registered by one form: who of them gets a place, what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from csd_events.registrations.rules.registering import Refusal, Seats, State, decide

#: So many people at most are registered by one form.
MOST_COLLEAGUES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who is registered by somebody else."""

    full_name: str
    email: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """What somebody asks for by sending the form for colleagues.

    Attributes:
        nonce: Of the form: what it was sent with before is done already.
        opened_at: When it was opened: proof for the minutes of grace.
        offer_id: The offer that it showed; None if it showed none.
        person_id: Of a signed-in sender; None for anyone else.
        code: Of an invitation, as typed; empty for none.
        purchase_order: The number for their invoices, as typed; may be empty.
        bill_to: Who their invoices are for, as typed; empty for the organization.
        network_address: Where the form came from; None where that is not counted.
    """

    slug: str
    nonce: str
    opened_at: datetime
    full_name: str
    email: str
    organization: str
    colleagues: Sequence[Colleague]
    offer_id: int | None = None
    person_id: int | None = None
    code: str = ""
    purchase_order: str = ""
    bill_to: str = ""
    network_address: str | None = None


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """What a form for colleagues led to.

    Attributes:
        group_id: None where nobody was registered.
        refused: Why not, by the place of a colleague in the form.
    """

    group_id: int | None
    refused: Mapping[int, Refusal]


def seat_party(
    seats: Seats, left: Mapping[int, int | None], wanted: Sequence[tuple[int, bool]]
) -> list[State | Refusal]:
    """Decide what each of a party gets, as if they came one after the other.

    Those who fit get places in the order of the form, the others wait in it.

    Args:
        seats: How the event stands; of no offer.
        left: By offer, the places left of its own quota; None where it has none.
        wanted: The offer of each of them, and whether they are new. Who is not takes
            nothing: of them is said what somebody new would get.
    """
    found: list[State | Refusal] = []
    left = dict(left)
    for offer_id, is_new in wanted:
        own = left[offer_id]
        place = decide(replace(seats, offer_left=own))
        found.append(place)
        if not is_new:
            continue
        if place is State.CONFIRMED:
            seats = replace(seats, confirmed=seats.confirmed + 1)
            left[offer_id] = own if own is None else own - 1
        elif place is State.WAITING:
            seats = replace(seats, waiting=seats.waiting + 1)
    return found


def shown_to_sender(
    told: State | None,
    present: State | None,
    *,
    cancelled: bool,
    nobody_waits: bool,
    is_compared: bool,
) -> State | None:
    """Say how a sender reads that somebody stands.

    Of who was registered already they read what they would of somebody new, and
    nobody reads here who is on the list of a conference.

    Args:
        told: How somebody new stood when the form was sent; None of who came instead
            of somebody: their own mail has it, and the sender reads nothing of it.
        present: How the registration stands; None if the form did not make it.
        cancelled: Whether the sender took it back.
        nobody_waits: Whether everybody who waited has a place by now.
        is_compared: Whether addresses are compared with such a list: then all who
            have a place read alike, as held until their own mail says more.
    """
    if cancelled:
        return State.CANCELLED
    if told is None:
        return None
    state = present or told
    if present is None and told is State.WAITING and nobody_waits:
        state = State.CONFIRMED
    return State.HELD if is_compared and state is State.CONFIRMED else state


def of_group(group_id: int) -> str:
    """Name the occasion of details that go because of a form for colleagues."""
    return f"group-{group_id}"


def read_group(key: str) -> int | None:
    """Read from a mail's key which form for colleagues it goes because of, if any."""
    _begun, is_one, number = key.rpartition(":group-")
    return int(number) if is_one else None
