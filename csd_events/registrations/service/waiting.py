"""The waiting list: who is next, and when they get their place."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from csd_events.audit import service as audit
from csd_events.events.models import Event, EventOffer
from csd_events.events.queries import Ledger, LockedOffer
from csd_events.events.rules import State as EventState
from csd_events.registrations import rules
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import is_chosen_still
from csd_events.registrations.rules import Hold, Seats, State
from csd_events.registrations.service.comparing import is_unlisted
from csd_events.registrations.service.placing import put
from csd_events.registrations.service.telling import HELD, tell_of


def seats_of(
    event: Event | Ledger, offer: EventOffer | LockedOffer | None = None
) -> Seats:
    """Read how a locked event stands from its own row and the offer's."""
    left = None
    if offer is not None and offer.quota is not None:
        left = offer.quota - offer.taken
    return Seats(
        capacity=event.capacity,
        waiting_limit=event.waiting_limit,
        confirmed=event.confirmed,
        held=event.held,
        waiting=event.waiting,
        offer_left=left,
    )


def seats_through(event: Event, offer_id: int | None) -> Seats:
    """Read how an event stands for who comes through an offer; None for none."""
    return seats_of(event, next((o for o in event.offers if o.id == offer_id), None))


def promote(session: Session, event: Event, *, now: datetime) -> int:
    """Give free places of a locked event to who waits, in order. Return how many.

    A place with a price is held for them until they say that they want it, one that
    staff have to approve until they did, and one at an event that requires a
    conference until its list has their address.

    Who waits for an offer whose own places are taken is passed over until one of
    those comes free, and who is about to be cancelled or moved with others until that
    is done: they would be told of a place, and the next minute that it is gone.
    Nobody is promoted into an event that is cancelled or has begun.
    """
    begun = event.starts_at is not None and event.starts_at <= now
    if event.state is not EventState.PUBLISHED or begun or not event.waiting:
        return 0
    offers = {offer.id: offer for offer in event.offers}
    promoted = 0
    while next_ones := _next_in_line(session, event):
        for registration in next_ones:
            offer = offers.get(registration.offer_id or 0)
            if offer is not None and _is_taken(offer):
                continue  # by somebody ahead in this very round
            _give_place(session, event, registration, now)
            promoted += 1
    return promoted


def _next_in_line(session: Session, event: Event) -> Sequence[Registration]:
    """Load who can be given a place now, as many as there are places."""
    taken = [offer.id for offer in event.offers if _is_taken(offer)]
    offer_id = Registration.offer_id
    next_ones = (
        select(Registration)
        .options(joinedload(Registration.person))
        .where(
            Registration.event_id == event.id,
            Registration.state == State.WAITING,
            or_(offer_id.is_(None), offer_id.not_in(taken)),
            ~is_chosen_still(),
        )
        .order_by(Registration.position)
        .limit(seats_of(event).free_for_waiting)
        .execution_options(populate_existing=True)
    )
    return session.scalars(next_ones).unique().all()


def _is_taken(offer: EventOffer) -> bool:
    return offer.quota is not None and offer.taken >= offer.quota


def _give_place(
    session: Session, event: Event, registration: Registration, now: datetime
) -> None:
    hold = rules.hold_on_promotion(
        price_cents=registration.price_cents,
        needs_approval=event.needs_approval,
        is_unlisted=is_unlisted(session, event, registration.person_id),
    )
    until = rules.held_until(hold, event.starts_at, now)
    pending = registration.is_pending
    if pending:  # kept as long as before, and nobody hears of it
        hold, until = Hold.SENDER, registration.held_until
    registration.position = None
    event.waiting -= 1
    put(event, registration, State.HELD if hold else State.CONFIRMED, now=now)
    registration.hold, registration.held_until = hold, until
    kind = HELD[hold] if hold and not pending else "registration.promoted"
    if not pending:
        tell_of(session, registration, kind, now=now)
    audit.record(
        session,
        "registration.promoted",
        subject_id=registration.id,
        now=now,
        changes={"state": [State.WAITING, registration.state]},
    )
