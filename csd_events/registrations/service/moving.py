"""From one event to another: a place there, or a place in its queue."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import (
    NotMoved,
    NotPlaced,
    State,
    Wish,
    may_cancel,
)
from csd_events.registrations.service.by_hand import ByHand, register_by_hand
from csd_events.registrations.service.cancelling import cancel
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.needing import carry_needs


def move(
    session: Session,
    registration_id: int,
    target: tuple[int, int],
    *,
    tell: bool,
    now: datetime,
    actor_id: int | None,
) -> State:
    """Register somebody at another event, then give back what they have here.

    Both or neither: they are never without, and never count twice. Return how they
    stand there.

    Args:
        session: To write in.
        registration_id: Whose it is.
        target: The other event, and the offer of it that they come by.
        tell: Whether they get both mails: what they have there, and that the place
            here is given back.
        now: When this is done.
        actor_id: Who of the staff does it.

    Raises:
        NotFoundError: No such registration or offer.
        RefusedError: With a `NotMoved`; nothing was changed.
    """
    target_id, offer_id = target
    of_event = select(Registration.event_id).where(Registration.id == registration_id)
    event_id = session.scalar(of_event)
    if event_id is None:
        raise NotFoundError(str(registration_id))
    events.lock_all(session, {event_id, target_id})  # by their ids, as everybody does
    event, registration = lock(session, registration_id)
    there = events.get_row(session, target_id)
    _refuse(event, there, registration, now=now)
    given = ByHand(
        wish=_wish(registration, there.slug, offer_id, now), beyond=False, tell=tell
    )
    try:
        made = register_by_hand(session, given, now=now, actor_id=actor_id)
    except RefusedError as error:
        is_there = error.reason == NotPlaced.REGISTERED
        why = NotMoved.THERE if is_there else NotMoved.TARGET_OVER
        raise RefusedError(why) from error
    carry_needs(session, registration_id, made)
    cancel(session, registration_id, now=now, actor_id=actor_id, tell=tell)
    for each in (registration_id, made):
        audit.record(
            session,
            "registration.moved_over",
            subject_id=each,
            actor_id=actor_id,
            now=now,
            changes={"event_id": [event_id, target_id]},
        )
    return session.scalars(
        select(Registration.state).where(Registration.id == made)
    ).one()


def _refuse(
    event: Event, there: Event, registration: Registration, *, now: datetime
) -> None:
    if registration.state is State.CANCELLED:
        raise RefusedError(NotMoved.CANCELLED)
    if registration.state is State.HELD:
        raise RefusedError(NotMoved.NOT_HELD)
    if not may_cancel(event.over_at, event.cancelled_at, now):
        raise RefusedError(NotMoved.OVER)
    is_open = there.state is EventState.PUBLISHED
    if not is_open or not may_cancel(there.over_at, there.cancelled_at, now):
        raise RefusedError(NotMoved.TARGET_OVER)


def _wish(registration: Registration, slug: str, offer_id: int, now: datetime) -> Wish:
    return Wish(
        slug=slug,
        full_name=registration.full_name,
        email=registration.person.email,
        organization=registration.organization,
        opened_at=now,
        offer_id=offer_id,
        service_area=registration.service_area,
        us_state=registration.us_state,
        purchase_order=registration.purchase_order,
        bill_to=registration.bill_to,
        via=registration.via,
    )
