"""From a draft to the catalog, and out of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import ProblemsError
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import Kind, Problem, State


def publish(
    session: Session, event_id: int, *, now: datetime, actor_id: int | None = None
) -> Event:
    """Show a draft to everybody. Publishing again changes nothing.

    Raises:
        ProblemsError: Something is missing that people would need.
    """
    queries.lock(session, event_id)
    event = queries.get(session, event_id)
    if event.state is not State.DRAFT:
        return event
    problems = missing(event, now)
    if problems:
        raise ProblemsError(problems)
    event.state, event.published_at = State.PUBLISHED, now
    for each in event.sessions:
        each.announced_at = now
    audit.record(
        session,
        "event.published",
        subject_id=event_id,
        actor_id=actor_id,
        now=now,
        changes={"state": [State.DRAFT, State.PUBLISHED]},
    )
    return event


def missing(event: Event, now: datetime) -> dict[str, Problem]:
    """Name what an event lacks to be published, by field."""
    problems: dict[str, Problem] = {}
    if not event.summary:
        problems["summary"] = Problem.NO_SUMMARY
    if not event.offers:
        problems["offers"] = Problem.NO_OFFER
    if event.starts_at and event.starts_at <= now:
        problems["starts"] = Problem.STARTS_IN_THE_PAST
    elif event.offers and not event.recording_url and _never_opens(event, now):
        problems["offers"] = Problem.NEVER_OPEN
    if event.on_demand and not event.recording_url:
        problems["recording_url"] = Problem.NO_WAY_IN
    online = event.kind is Kind.WEBINAR and not event.on_demand
    if online and not event.platform_url:
        problems["platform_url"] = Problem.NO_WAY_IN
    if event.kind is Kind.FORUM and not (event.place or event.conference_id):
        problems["place"] = Problem.NO_WAY_IN
    return problems


def _never_opens(event: Event, now: datetime) -> bool:
    return all(offer.window.is_over(now) for offer in event.terms_of_offers)


def mark_cancelled(
    session: Session,
    event_id: int,
    *,
    note: str,
    now: datetime,
    actor_id: int | None = None,
) -> Event:
    """Call an event off. `registrations.service.cancel_event` tells its people."""
    queries.lock(session, event_id)
    event = queries.get(session, event_id)
    if event.state is State.CANCELLED:
        return event
    was = event.state
    event.state, event.cancelled_at, event.cancel_note = State.CANCELLED, now, note
    event.version += 1
    for each in event.sessions:
        each.sequence += 1
    audit.record(
        session,
        "event.cancelled",
        subject_id=event_id,
        actor_id=actor_id,
        now=now,
        changes={"state": [was, State.CANCELLED], "cancel_note": ["", note]},
    )
    return event
