"""Whether the counters on events and offers agree with the rows they count."""

import logging
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from csd_events.events.models import Event, EventOffer
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

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


def report_counters(session: Session, *, now: datetime) -> None:
    """Write a log line for each counter that differs from its rows."""
    for line in check_counters(session):
        log.error("a counter is wrong: %s", line)


def _wrong_events(session: Session, which: ColumnElement[bool]) -> list[str]:
    confirmed = func.count().filter(Registration.state == State.CONFIRMED)
    waiting = func.count().filter(Registration.state == State.WAITING)
    counted = (
        select(
            Registration.event_id,
            confirmed.label("confirmed"),
            waiting.label("waiting"),
        )
        .join(Event, Event.id == Registration.event_id)
        .where(which)
        .group_by(Registration.event_id)
        .subquery()
    )
    real_confirmed = func.coalesce(counted.c.confirmed, 0)
    real_waiting = func.coalesce(counted.c.waiting, 0)
    wrong = (
        select(Event.slug, Event.confirmed, real_confirmed, Event.waiting, real_waiting)
        .outerjoin(counted, counted.c.event_id == Event.id)
        .where(
            which,
            (Event.confirmed != real_confirmed) | (Event.waiting != real_waiting),
        )
    )
    return [
        f"{slug}: says {said} confirmed, {waits} waiting; has {has} and {have}"
        for slug, said, has, waits, have in session.execute(wrong)
    ]


def _wrong_offers(session: Session, which: ColumnElement[bool]) -> list[str]:
    real = func.count(Registration.id)
    holds = and_(
        Registration.offer_id == EventOffer.id,
        Registration.state == State.CONFIRMED,
    )
    wrong = (
        select(EventOffer.id, EventOffer.confirmed, real)
        .join(Event, Event.id == EventOffer.event_id)
        .outerjoin(Registration, holds)
        .where(which)
        .group_by(EventOffer.id)
        .having(EventOffer.confirmed != real)
    )
    return [
        f"offer {offer_id}: says {said} confirmed; has {has}"
        for offer_id, said, has in session.execute(wrong)
    ]
