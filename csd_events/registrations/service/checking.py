"""Whether what is kept beside registrations agrees with them."""

import logging
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice
from csd_events.billing.queries import is_open
from csd_events.events.models import ConferenceAddress, Event, EventOffer
from csd_events.events.rules import State as EventState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

#: What counts the registrations of each state, on an event and in part on an offer.
COUNTED = {State.CONFIRMED: "confirmed", State.HELD: "held", State.WAITING: "waiting"}
log = logging.getLogger(__name__)


def check_counters(
    session: Session, *, not_over_at: datetime | None = None
) -> list[str]:
    """Say in a line each which counter differs from its rows; empty if none.

    Args:
        not_over_at: Look only at events that are not over at this instant, which
            stays quick however many there have been.
    """
    which: ColumnElement[bool] = true()
    if not_over_at is not None:
        which = or_(Event.over_at.is_(None), Event.over_at > not_over_at)
    return [*_wrong_events(session, which), *_wrong_offers(session, which)]


def check_charges(session: Session) -> list[str]:
    """Say in a line each which registration owes nothing and should, or the reverse.

    Places that were had before there were invoices have none, and are named too.
    """
    owes = exists().where(Invoice.registration_id == Registration.id, is_open())
    has_place = and_(
        Registration.state == State.CONFIRMED, Event.state == EventState.PUBLISHED
    )
    wrong = (
        select(Registration.reference, owes)
        .join(Event, Event.id == Registration.event_id)
        .where(
            or_(
                and_(has_place, Registration.price_cents > 0, ~owes),
                and_(~has_place, owes),
            )
        )
        .order_by(Registration.id)
    )
    return [
        f"{reference}: {'owes and has no place' if owed else 'has no invoice'}"
        for reference, owed in session.execute(wrong)
    ]


def check_unlisted(session: Session) -> list[str]:
    """Say in a line each which registration is wrongly said to be listed, or not to be.

    See `Registration.is_unlisted`.
    """
    listed = exists().where(
        ConferenceAddress.conference_id == Event.conference_id,
        ConferenceAddress.email_key == Registration.email_key,
    )
    missing = and_(Event.requires_conference, ~listed)
    wrong = (
        select(Registration.reference, missing)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.is_unlisted != missing)
        .order_by(Registration.id)
    )
    differs = {
        True: "is not on its conference's list",
        False: "is on its conference's list, or need not be",
    }
    return [
        f"{reference}: {differs[misses]}"
        for reference, misses in session.execute(wrong)
    ]


def report_counters(session: Session, *, now: datetime) -> None:
    """Write a log line for each counter, and each list, that differs from its rows."""
    for line in check_counters(session):
        log.error("a counter is wrong: %s", line)
    for line in check_unlisted(session):
        log.error("a list is wrong: %s", line)


def _wrong_events(session: Session, which: ColumnElement[bool]) -> list[str]:
    real = {state: _number_of(state) for state in COUNTED}
    counted = (
        select(Registration.event_id, *(n.label(s.value) for s, n in real.items()))
        .join(Event, Event.id == Registration.event_id)
        .where(which)
        .group_by(Registration.event_id)
        .subquery()
    )
    says = [getattr(Event, name) for name in COUNTED.values()]
    has = [func.coalesce(counted.c[state.value], 0) for state in COUNTED]
    differ = or_(*(said != real for said, real in zip(says, has, strict=True)))
    wrong = (
        select(Event.slug, *says, *has)
        .outerjoin(counted, counted.c.event_id == Event.id)
        .where(which, differ)
    )
    return [_line(slug, numbers) for slug, *numbers in session.execute(wrong)]


def _wrong_offers(session: Session, which: ColumnElement[bool]) -> list[str]:
    says = [EventOffer.confirmed, EventOffer.held]
    has = [_number_of(state) for state in (State.CONFIRMED, State.HELD)]
    differ = or_(*(said != real for said, real in zip(says, has, strict=True)))
    wrong = (
        select(EventOffer.id, *says, *has)
        .join(Event, Event.id == EventOffer.event_id)
        .outerjoin(Registration, Registration.offer_id == EventOffer.id)
        .where(which)
        .group_by(EventOffer.id)
        .having(differ)
    )
    return [
        _line(f"offer {offer_id}", numbers)
        for offer_id, *numbers in session.execute(wrong)
    ]


def _number_of(state: State) -> ColumnElement[int]:
    return func.count(Registration.id).filter(Registration.state == state)


def _line(what: str, numbers: list[int]) -> str:
    """Say what counters say and what they should, both in the order of `COUNTED`."""
    half = len(numbers) // 2
    names = list(COUNTED.values())[:half]
    said = ", ".join(f"{n} {name}" for n, name in zip(numbers, names, strict=False))
    return f"{what}: says {said}; has {', '.join(map(str, numbers[half:]))}"
