"""What registering means for somebody, as an event stands."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.core.errors import RefusedError
from csd_events.core.time import to_wall
from csd_events.events.models import Event
from csd_events.events.queries import Ledger, LockedOffer
from csd_events.events.rules import (
    Access,
    Audience,
    Offer,
    Terms,
    code_of,
    invitation,
    still_accepts,
    terms,
)
from csd_events.events.rules import State as EventState
from csd_events.organizations import queries as organizations
from csd_events.organizations.rules import MembershipFact
from csd_events.registrations import rules
from csd_events.registrations.rules import Refusal, Wish
from csd_events.registrations.service.waiting import seats_through

#: Whatever the offers say.
TAKES_NOBODY = {
    EventState.CANCELLED: Refusal.CANCELLED,
    EventState.POSTPONED: Refusal.POSTPONED,
}


def refuse_off(state: EventState) -> None:
    """Let nobody register for what does not take place, or nobody knows when.

    Raises:
        RefusedError: It is so.
    """
    if state in TAKES_NOBODY:
        raise RefusedError(TAKES_NOBODY[state])


def is_member(
    session: Session, person_id: int | None, *, zone: str, now: datetime
) -> bool:
    """Tell whether somebody is a member on the day it is in an event's zone."""
    if person_id is None:
        return False
    today = to_wall(now, zone).date()
    return organizations.standing(session, person_id, today).is_member


def offer_for(
    event: Ledger, wish: Wish, *, member: bool, colleague: bool = False, now: datetime
) -> LockedOffer:
    """Find the offer a form is for: the one it showed while that stands.

    Unless another costs less: of several people each pays their own price. The code
    of an invitation goes before what was shown.

    Args:
        event: Locked.
        wish: What the form says.
        member: Whether whom it is about is a member.
        colleague: Whether a member registers them from their own organization.
        now: When the form was sent.

    Raises:
        RefusedError: None is open to them.
    """
    offers, code = event.terms_of_offers, code_of(wish.code)
    shown = next((o for o in offers if o.id == wish.offer_id), None)
    if code:
        shown = invitation(offers, code)
        if shown is None:
            raise RefusedError(Refusal.NO_SUCH_CODE)
    found = terms(offers, member=member, now=now, code=code, colleague=colleague)
    if shown and shown.is_for(member=member, code=code, colleague=colleague):
        if still_accepts(shown, opened_at=wish.opened_at, now=now):
            return _row(event, shown if code else _cheaper(shown, found.offer))
        if shown.window.is_over(now):
            raise RefusedError(Refusal.LATE)
    if found.offer is None:
        raise RefusedError(Refusal(found.access.value))
    return _row(event, found.offer)


def _cheaper(shown: Offer, other: Offer | None) -> Offer:
    costs_less = other is not None and other.price_cents < shown.price_cents
    return other if other and costs_less else shown


def _row(event: Ledger, offer: Offer) -> LockedOffer:
    return next(row for row in event.offers if row.id == offer.id)


def ended_membership(
    session: Session, person_id: int, *, zone: str, now: datetime
) -> MembershipFact | None:
    """Return the membership that somebody had until some day, if they have none now."""
    today = to_wall(now, zone).date()
    return organizations.last_ended(session, person_id, today)


def terms_for(
    session: Session,
    event: Event,
    person_id: int | None,
    *,
    now: datetime,
    code: str = "",
) -> Terms:
    """Find the offer that is open to somebody, and what follows it.

    Args:
        session: To read in.
        event: With its offers.
        person_id: Who is signed in; None for anyone else.
        now: When this is asked.
        code: Of an invitation, as typed; empty for none.
    """
    member = is_member(session, person_id, zone=event.zone, now=now)
    return terms(event.terms_of_offers, member=member, now=now, code=code_of(code))


def terms_for_colleagues(
    session: Session,
    event: Event,
    sender_id: int | None,
    *,
    now: datetime,
    code: str = "",
) -> Terms:
    """Find the offer that is open to whom somebody registers where they work.

    Args:
        session: To read in.
        event: With its offers.
        sender_id: Who is signed in; None for anyone else.
        now: When this is asked.
        code: Of an invitation, as typed; empty for none.
    """
    offers = event.terms_of_offers
    asked = any(offer.audience is Audience.COLLEAGUES for offer in offers)
    colleague = False
    if asked and sender_id is not None:
        today = to_wall(now, event.zone).date()
        through = organizations.list_members_through(session, sender_id, today)
        colleague = bool(through)
    return terms(offers, member=False, now=now, code=code_of(code), colleague=colleague)


def may_cost(event: Event, found: Terms) -> bool:
    """Tell whether a form may lead to a place with a price; by invitation, any does."""
    if found.offer is not None:
        return not found.offer.is_free
    return any(offer.price_cents for offer in event.offers)


def may_cost_somebody(event: Event, sender_id: int | None, *, now: datetime) -> bool:
    """Tell whether a form for colleagues may lead to a place with a price now.

    Of its rows nobody knows yet who they are about: where the sender is signed in they
    may be of members, whom the sender may be one of, or of colleagues of a member.
    """
    offers = event.terms_of_offers
    kinds = [(False, False)]
    if sender_id is not None:
        kinds += [(False, True), (True, False)]
    found = [terms(offers, member=m, colleague=c, now=now).offer for m, c in kinds]
    invited = [o for o in offers if o.audience is Audience.INVITED]
    found += [offer for offer in invited if not offer.window.is_over(now)]
    return any(offer is not None and not offer.is_free for offer in found)


def refusal_of(event: Event, found: Terms) -> Refusal | None:
    """Say what keeps everybody, or everybody like this person, from registering."""
    if event.state in TAKES_NOBODY:
        return TAKES_NOBODY[event.state]
    if found.access is not Access.OPEN:
        return Refusal(found.access.value)
    offer_id = found.offer.id if found.offer else None
    if isinstance(rules.decide(seats_through(event, offer_id)), Refusal):
        return Refusal.FULL
    return None
