"""Whether the counters on events and offers agree with the rows they count."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from csd_events.events.models import Event, EventOffer
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State


def check_counters(session: Session) -> list[str]:
    """Say in a line each which counter differs from its rows; empty if none."""
    return [*_wrong_events(session), *_wrong_offers(session)]


def _wrong_events(session: Session) -> list[str]:
    confirmed = func.count().filter(Registration.state == State.CONFIRMED)
    waiting = func.count().filter(Registration.state == State.WAITING)
    counted = (
        select(
            Registration.event_id,
            confirmed.label("confirmed"),
            waiting.label("waiting"),
        )
        .group_by(Registration.event_id)
        .subquery()
    )
    real_confirmed = func.coalesce(counted.c.confirmed, 0)
    real_waiting = func.coalesce(counted.c.waiting, 0)
    wrong = (
        select(Event.slug, Event.confirmed, real_confirmed, Event.waiting, real_waiting)
        .outerjoin(counted, counted.c.event_id == Event.id)
        .where((Event.confirmed != real_confirmed) | (Event.waiting != real_waiting))
    )
    return [
        f"{slug}: says {said} confirmed, {waits} waiting; has {has} and {have}"
        for slug, said, has, waits, have in session.execute(wrong)
    ]


def _wrong_offers(session: Session) -> list[str]:
    real = func.count(Registration.id)
    holds = and_(
        Registration.offer_id == EventOffer.id,
        Registration.state == State.CONFIRMED,
    )
    wrong = (
        select(EventOffer.id, EventOffer.confirmed, real)
        .outerjoin(Registration, holds)
        .group_by(EventOffer.id)
        .having(EventOffer.confirmed != real)
    )
    return [
        f"offer {offer_id}: says {said} confirmed; has {has}"
        for offer_id, said, has in session.execute(wrong)
    ]
