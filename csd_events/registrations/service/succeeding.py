"""For whom a place was offered, and whether it can go to somebody else."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.service import Met
from csd_events.core import limits
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.text import sort_key
from csd_events.events.models import Event
from csd_events.events.rules import Audience
from csd_events.registrations import rules
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Newcomer, NotReplaced
from csd_events.registrations.service.offering import is_member

TRY = "place for members tried"


def refuse_another_audience(
    session: Session,
    event: Event,
    registration: Registration,
    met: Met,
    now: datetime,
) -> None:
    """Keep a place at the price for members with a member."""
    if _audience(event, registration) not in {Audience.MEMBERS, Audience.COLLEAGUES}:
        return
    tried = limits.times(session, what=TRY, who=str(registration.id), now=now)
    if tried >= rules.TRIES_AN_HOUR:
        raise TooManyError("addresses tried for a place for members")
    if not is_member(session, met.person_id, zone=event.zone, now=now):
        raise RefusedError(NotReplaced.NOT_A_MEMBER)


def is_colleague(event: Event, registration: Registration, newcomer: Newcomer) -> bool:
    """Tell whether a place for colleagues goes to somebody of the same organization."""
    same = sort_key(newcomer.organization) == registration.organization_key
    return same and _audience(event, registration) is Audience.COLLEAGUES


def _audience(event: Event, registration: Registration) -> Audience | None:
    offers = (o for o in event.offers if o.id == registration.offer_id)
    return next((offer.audience for offer in offers), None)


def count_try(session: Session, registration_id: int, *, now: datetime) -> None:
    """Count an address that was no member's, so that nobody finds members by trying.

    In a transaction of its own: what was refused has left nothing.
    """
    limits.count(session, what=TRY, who=str(registration_id), now=now)
