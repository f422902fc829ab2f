"""What registering means for somebody, as an event stands."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.core.time import to_wall
from csd_events.events.models import Event
from csd_events.events.rules import Access, Terms, code_of, terms
from csd_events.events.rules import State as EventState
from csd_events.organizations import queries as organizations
from csd_events.organizations.rules import MembershipFact
from csd_events.registrations import rules
from csd_events.registrations.rules import Refusal
from csd_events.registrations.service.waiting import seats_of


def is_member(
    session: Session, person_id: int | None, *, zone: str, now: datetime
) -> bool:
    """Tell whether somebody is a member on the day it is in an event's zone."""
    if person_id is None:
        return False
    today = to_wall(now, zone).date()
    return organizations.standing(session, person_id, today).is_member


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


def may_cost(event: Event, found: Terms) -> bool:
    """Tell whether a form may lead to a place with a price; by invitation, any does."""
    if found.offer is not None:
        return not found.offer.is_free
    return any(offer.price_cents for offer in event.offers)


def refusal_of(event: Event, found: Terms) -> Refusal | None:
    """Say what keeps everybody, or everybody like this person, from registering."""
    if event.state is EventState.CANCELLED:
        return Refusal.CANCELLED
    if found.access is not Access.OPEN:
        return Refusal(found.access.value)
    if isinstance(rules.decide(seats_of(event)), Refusal):
        return Refusal.FULL
    return None
