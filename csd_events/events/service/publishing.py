"""From a draft to the catalog, and out of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import ProblemsError
from csd_events.core.time import to_wall
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import (
    NEEDED,
    Afterwards,
    Format,
    Problem,
    State,
    is_within,
    lacking,
)
from csd_events.events.service.recordings import keep_recordings


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
    event.publish_at = event.not_published_at = event.archived_at = None
    for each in event.sessions:
        each.announced_at = now
    keep_recordings(session, [event])
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
    problems = lacking(event.format, _present(event))
    if event.starts_at and event.starts_at <= now:
        problems["starts"] = Problem.STARTS_IN_THE_PAST
    elif _is_outside_conference(event):
        problems["starts"] = Problem.OUTSIDE_CONFERENCE
    if "starts" not in problems and event.offers and _never_opens(event, now):
        problems["offers"] = Problem.NEVER_OPEN
    return problems


def _present(event: Event) -> set[str]:
    """Name what an event has of what it needs."""
    says = {"starts": event.starts_at, "platform_url": _leads_in(event)}
    return {
        name
        for name in NEEDED[event.format]
        if (says[name] if name in says else getattr(event, name))
    }


def _leads_in(event: Event) -> bool:
    """Tell whether people know how to get into each session, or where it is."""
    if event.platform_url:
        return True
    if event.format is not Format.TRAINING:
        return False
    own = [each.platform_url or each.place for each in event.sessions]
    return bool(event.place or (own and all(own)))


def _is_outside_conference(event: Event) -> bool:
    """Tell whether a session is on a day on which its conference is not."""
    conference = event.conference if event.format is Format.FORUM else None
    if conference is None:
        return False
    days = [to_wall(each.starts_at, conference.zone).date() for each in event.sessions]
    first, last = conference.first_on, conference.last_on
    return not all(is_within(day, first, last) for day in days)


def _never_opens(event: Event, now: datetime) -> bool:
    """Tell whether nobody could ever register, nor watch what is open to all."""
    if event.recording_url and event.afterwards is Afterwards.RECORDING:
        return False
    return all(offer.window.is_over(now) for offer in event.terms_of_offers)
