"""What staff do for somebody: register them, give them a place before their turn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.rules import State as EventState
from csd_events.registrations import rules
from csd_events.registrations.rules import NotPlaced, Refusal, State, Wish
from csd_events.registrations.service.charging import charge
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.placing import leave, put
from csd_events.registrations.service.registering import Request, find_earlier, save
from csd_events.registrations.service.telling import tell_of, untold
from csd_events.registrations.service.waiting import seats_of, seats_through


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """Somebody whom staff register.

    Attributes:
        wish: Who, for which event, by which offer.
        beyond: Whether they get a place where all are taken; else they wait.
        tell: Whether they are mailed.
        waits: Whether they join the waiting list, even if a place is free.
    """

    wish: Wish
    beyond: bool
    tell: bool
    waits: bool = False


def register_by_hand(
    session: Session, given: ByHand, *, now: datetime, actor_id: int | None
) -> int:
    """Register somebody as staff say, whatever the window; return the id.

    Raises:
        NotFoundError: No such event, or no such offer of it.
        RefusedError: The event is cancelled, or they are registered already.
    """
    wish = given.wish
    event = events.lock_ledger(session, wish.slug)
    if event.state in {EventState.CANCELLED, EventState.POSTPONED}:
        raise RefusedError(NotPlaced.OVER)
    offer = next((each for each in event.offers if each.id == wish.offer_id), None)
    if offer is None:
        raise NotFoundError("offer")
    place = rules.decide(seats_of(event, offer))
    if given.beyond:
        place = State.CONFIRMED
    elif given.waits or isinstance(place, Refusal):
        place = State.WAITING  # staff are not bound by the length of the list
    asker = accounts.meet(session, email=wish.email, full_name=wish.full_name, now=now)
    request = Request(wish, event, offer, place, asker, now, by_staff=True)
    before = find_earlier(session, request)
    if before is not None and before.is_kept:
        raise RefusedError(NotPlaced.REGISTERED)
    return save(session, request, before, actor_id=actor_id, tell=given.tell)


def give_place(
    session: Session,
    registration_id: int,
    *,
    now: datetime,
    actor_id: int | None,
    beyond: bool,
    tell: bool = True,
) -> None:
    """Give somebody who waits, or to whom a place was offered, that place now.

    Args:
        session: To write in.
        registration_id: Whose it is.
        now: When this is done.
        actor_id: Who of the staff does it.
        beyond: Whether it may be one more than there are, of the event or of the offer.
        tell: Whether the person is mailed.

    Raises:
        NotFoundError: No such registration.
        RefusedError: They neither wait nor were offered one, the event is over, or all
            places are taken.
    """
    event, registration = lock(session, registration_id)
    was = registration.state
    if was is not State.WAITING and registration.hold not in rules.NOT_AWAITED:
        raise RefusedError(NotPlaced.DECIDED)
    if not rules.may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(NotPlaced.OVER)
    if was is State.WAITING:
        if not beyond and seats_through(event, registration.offer_id).all_taken:
            raise RefusedError(NotPlaced.FULL)
        event.waiting -= 1
        registration.position = None
    else:
        leave(event, registration)
    registration.hold = registration.held_until = None
    put(event, registration, State.CONFIRMED, now=now)
    session.flush()
    if tell:
        tell_of(session, registration, "registration.placed", at_once=True, now=now)
    audit.record(
        session,
        "registration.placed",
        subject_id=registration.id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, State.CONFIRMED]} | untold(tell=tell),
    )
    charge(session, event, registration, now=now)
