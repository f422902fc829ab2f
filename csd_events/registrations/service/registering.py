"""Registering: from a form to a place and a mail that says so."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.service import Met
from csd_events.audit import service as audit
from csd_events.core import limits
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.text import sort_key
from csd_events.core.tokens import new_reference
from csd_events.events import queries as events
from csd_events.events.queries import Ledger, LockedOffer
from csd_events.registrations import rules
from csd_events.registrations.rules import Hold, Outcome, Refusal, State, Wish
from csd_events.registrations.service.answering import keep_said
from csd_events.registrations.service.charging import Charged, charge_all
from csd_events.registrations.service.comparing import hold_for
from csd_events.registrations.service.keeping import (
    Before,
    add_receipt,
    add_registration,
    count_place,
    count_waiting,
    find_before,
    find_repeat,
    owned_by,
    revive,
)
from csd_events.registrations.service.offering import is_member, offer_for, refuse_off
from csd_events.registrations.service.pending import make_way
from csd_events.registrations.service.telling import (
    HELD,
    Telling,
    queue_mail,
    tell_again,
    untold,
)
from csd_events.registrations.service.waiting import seats_of

WRONG_CODE = "wrong code"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish that nothing everybody may know stands against."""

    wish: Wish
    event: Ledger
    offer: LockedOffer
    place: State  # confirmed where one is free, though it may be held at first
    asker: Met
    now: datetime
    by_staff: bool = False  # who have looked at it by that


def register(session: Session, wish: Wish, *, now: datetime) -> Outcome:
    """Give a person a place, or a place in the queue, and tell them by mail.

    The event stays locked until the caller commits, so two people cannot take the
    last place. The same form again does nothing; a new form for somebody who is
    already in sends them the details again, at most once an hour. What everybody
    may know is decided before the address is looked at.

    Args:
        now: The instant the request arrived: it decides window and price.

    Raises:
        NotFoundError: No such event.
        RefusedError: Registration is not open to them, or all is full.
        TooManyError: Too many forms, or wrong codes, from one network address.
    """
    event = events.lock_ledger(session, wish.slug)
    repeated = find_repeat(session, wish.nonce)
    if repeated is not None:
        return repeated
    refuse_off(event.state)
    _refuse_too_many(session, wish, now)
    if wish.person_id is not None:
        held = find_before(session, event_id=event.id, person_id=wish.person_id)
        if held is not None and held.is_kept:
            return Outcome(held.id, None)
    member = is_member(session, wish.person_id, zone=event.zone, now=now)
    offer = offer_for(event, wish, member=member, now=now)
    place = rules.decide(seats_of(event, offer))
    if isinstance(place, Refusal):
        raise RefusedError(place)
    asker = _asker(session, wish, now)
    request = Request(wish, event, offer, place, asker, now)
    before = find_earlier(session, request)
    if before is not None and before.is_kept:
        tell_again(
            session,
            before.id,
            event_id=event.id,
            to_address=asker.email,
            at_once=asker.confirmed,
            now=now,
        )
        return _receipt(session, request, before.id, made=False)
    mine = request
    if before is not None and before.is_pending:
        make_way(session, [before.id], event_id=event.id, now=now)
        mine = _anew(session, request)
    registration_id = save(session, mine, before, actor_id=wish.person_id)
    return _receipt(session, request, registration_id, made=True)


def _anew(session: Session, request: Request) -> Request:
    """Decide again, at an event where somebody has made way: nobody fares worse."""
    event = events.lock_ledger(session, request.wish.slug)
    offer = next(row for row in event.offers if row.id == request.offer.id)
    place = rules.decide(seats_of(event, offer))
    if isinstance(place, Refusal):
        raise RefusedError(place)
    return replace(request, event=event, offer=offer, place=place)


def count_form(
    session: Session, network_address: str, now: datetime, *, people: int = 1
) -> None:
    """Count a form from a network address, by the people that it is about.

    Raises:
        TooManyError: There have been too many within the hour.
    """
    times = limits.count(
        session, what="form", who=network_address, now=now, times=people
    )
    if times > rules.FORMS_AN_HOUR:
        raise TooManyError("forms from one network address")


def count_wrong_code(session: Session, wish: Wish, *, now: datetime) -> None:
    """Count a code that no invitation has, so that nobody finds one by trying.

    In a transaction of its own: the form that was refused has left nothing.
    """
    limits.count(session, what=WRONG_CODE, who=wish.sender, now=now)


def _refuse_too_many(session: Session, wish: Wish, now: datetime) -> None:
    if wish.network_address:
        count_form(session, wish.network_address, now)
    refuse_guesses(session, wish, now)


def refuse_guesses(session: Session, wish: Wish, now: datetime) -> None:
    """Take no more codes from who has tried too many that no invitation has.

    Raises:
        TooManyError: They have within the hour.
    """
    if wish.code:
        times = limits.times(session, what=WRONG_CODE, who=wish.sender, now=now)
        if times >= rules.WRONG_CODES_AN_HOUR:
            raise TooManyError("codes that no invitation has")


def _asker(session: Session, wish: Wish, now: datetime) -> Met:
    if wish.person_id is None:
        return accounts.meet(
            session, email=wish.email, full_name=wish.full_name, now=now
        )
    return accounts.recognize(session, wish.person_id)


def find_earlier(session: Session, request: Request) -> Before | None:
    """Return what the person who asks has at the event already."""
    if request.asker.is_new:  # so there is nothing to look for
        return None
    return find_before(
        session, event_id=request.event.id, person_id=request.asker.person_id
    )


def save(
    session: Session,
    request: Request,
    before: Before | None,
    *,
    actor_id: int | None,
    tell: bool = True,
) -> int:
    """Write the registration, or revive a cancelled one with a new calendar life.

    Return its id.
    """
    event, hold = request.event, None
    if request.place is State.CONFIRMED and not request.by_staff:
        hold = hold_for(session, event, request.asker.person_id)
    state = State.HELD if hold else request.place
    values = values_of(request, state, hold)
    if before is not None:
        registration_id, life = revive(session, before, values)
    else:
        values |= {"event_id": event.id, "reference": new_reference()}
        values |= owned_by(request.asker)
        registration_id, life = add_registration(session, values)
    revived, said = before is not None, request.wish.said
    keep_said(session, event, registration_id, said, revived=revived, now=request.now)
    if state is State.WAITING:
        count_waiting(session, event_id=event.id)
    else:
        count_place(session, state, event_id=event.id, offer_id=request.offer.id)
    kind = HELD[hold] if hold else f"registration.{state.value}"
    if tell:
        _tell(session, request, kind, registration_id, str(life))
    audit.record(
        session,
        "registration.made",
        subject_id=registration_id,
        actor_id=actor_id,
        now=request.now,
        changes={"state": state.value} | untold(tell=tell),
    )
    whose = Charged(registration_id, life, values)
    charge_all(session, event, [whose], now=request.now)
    return registration_id


def values_of(request: Request, state: State, hold: Hold | None) -> dict[str, Any]:
    """Return what a registration says of a request."""
    wish, offer = request.wish, request.offer
    is_charged = offer.price_cents > 0
    waits = state is State.WAITING
    return {
        "offer_id": offer.id,
        "state": state,
        "hold": hold,
        "held_until": None,
        "position": request.event.next_position if waits else None,
        "full_name": wish.full_name,
        "organization": wish.organization,
        "name_key": sort_key(wish.full_name),
        "organization_key": sort_key(wish.organization),
        "service_area": wish.service_area,
        "us_state": wish.us_state,
        "price_cents": offer.price_cents,
        "currency": offer.currency,
        "purchase_order": wish.purchase_order if is_charged else "",
        "bill_to": wish.bill_to if is_charged else "",
        "via": wish.via,
        "registered_at": request.now,
        "confirmed_at": request.now if state is State.CONFIRMED else None,
        "cancelled_at": None,
        "decline_note": "",
        "reminders_off": False,
        "handed_on_at": None,
        "group_id": None,
    }


def _tell(
    session: Session, request: Request, kind: str, registration_id: int, what: str
) -> None:
    asker = request.asker
    queue_mail(
        session,
        Telling(kind, request.event.id, registration_id, what),
        to_address=asker.email,
        at_once=asker.confirmed or asker.is_new,
        now=request.now,
    )


def _receipt(
    session: Session, request: Request, registration_id: int, *, made: bool
) -> Outcome:
    """Keep a receipt of a form sent without signing in."""
    wish, offer = request.wish, request.offer
    if wish.nonce is None:
        return Outcome(registration_id, None)
    values = {
        "nonce": wish.nonce,
        "event_id": request.event.id,
        "registration_id": registration_id,
        "made_it": made,
        "was_full": request.place is State.WAITING,
        "needed_approval": request.event.needs_approval,
        "needed_conference": request.event.requires_conference,
        "full_name": wish.full_name,
        "email": wish.email,
        "organization": wish.organization,
        "service_area": wish.service_area,
        "price_cents": offer.price_cents,
        "currency": offer.currency,
        "sent_at": request.now,
    }
    return Outcome(registration_id, add_receipt(session, values), request.now)
