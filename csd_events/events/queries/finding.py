"""Finding one event, to show it."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.events.models import (
    Event,
    EventChange,
    EventPrerequisite,
    EventResource,
    EventSlug,
)
from csd_events.events.rules import State
from csd_events.library.models import Citation, Publication

Found = TypeVar("Found")

#: Load the publications and works that an event names, and nothing of theirs.
_WORKS = (
    joinedload(EventResource.publication)
    .load_only(
        Publication.slug,
        Publication.title,
        Publication.kind,
        Publication.published_on,
        Publication.retired_at,
    )
    .raiseload("*"),
    joinedload(EventResource.citation)
    .load_only(
        Citation.key,
        Citation.authors,
        Citation.year,
        Citation.title,
        Citation.publication,
        Citation.retired_at,
    )
    .raiseload("*"),
)


def get_by_slug(session: Session, slug: str) -> Event:
    """Return a published or cancelled event with all that its page shows.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    found = session.scalars(_BY_SLUG, {"slug": slug})
    return _found(found.unique().one_or_none())


def get_with_offers(session: Session, slug: str) -> Event:
    """Return a public event with no more than registering needs.

    Raises:
        NotFoundError: No event has this slug, or it is still a draft.
    """
    found = session.scalars(_OFFERS_BY_SLUG, {"slug": slug})
    return _found(found.unique().one_or_none())


def get_with_areas(session: Session, event_id: int) -> Event:
    """Return an event with its service areas and its sessions alone.

    Raises:
        NotFoundError: No event has this id.
    """
    found = session.scalars(_AREAS_BY_ID, {"id": event_id})
    return _found(found.unique().one_or_none())


def find_published(session: Session, event_id: int) -> Event | None:
    """Return a published event with its service areas and its sessions alone."""
    found = session.scalars(_AREAS_BY_ID, {"id": event_id}).unique().one_or_none()
    return found if found is not None and found.state is State.PUBLISHED else None


def get(session: Session, event_id: int) -> Event:
    """Return an event in any state with all that its page shows.

    Raises:
        NotFoundError: No event has this id.
    """
    found = session.scalars(_BY_ID, {"id": event_id})
    return _found(found.unique().one_or_none())


def get_all(session: Session, event_ids: Collection[int]) -> Sequence[Event]:
    """Return events with all that their pages show, in the order of their dates."""
    which = whole().where(Event.id.in_(event_ids))
    found = session.scalars(which.order_by(Event.starts_at, Event.id)).unique().all()
    return sorted(found, key=lambda each: (each.starts_at is None, 0))


def get_apart(session: Session, event_id: int) -> Event:
    """Return an event with its sessions, service areas and conference, as it is now.

    It is no row of the session any more: it can be read when that has ended, and says
    what was true then.

    Raises:
        NotFoundError: No event has this id.
    """
    event = _found(session.scalars(_TOLD_OF, {"id": event_id}).unique().one_or_none())
    session.expunge(event)  # and what is its own
    if event.conference is not None:
        session.expunge(event.conference)
    return event


def get_row(session: Session, event_id: int) -> Event:
    """Return an event in any state with its offers, sessions and conference alone.

    Raises:
        NotFoundError: No event has this id.
    """
    parts = selectinload(Event.offers), selectinload(Event.sessions)
    query = select(Event).where(Event.id == event_id)
    conference = joinedload(Event.conference)
    return _found(session.scalar(query.options(*parts, conference)))


def find_current_slug(session: Session, slug: str) -> str | None:
    """Return the slug of the event that an older or newer title leads to."""
    known = select(Event.slug).join(EventSlug, EventSlug.event_id == Event.id)
    return session.scalar(known.where(EventSlug.slug == slug, is_public()))


def list_resources(session: Session, event_id: int) -> Sequence[EventResource]:
    """List what is to be read with an event, in the order staff gave."""
    return session.scalars(
        select(EventResource)
        .where(EventResource.event_id == event_id)
        .order_by(EventResource.position)
        .options(*_WORKS)
    ).all()


def find_id(session: Session, slug: str) -> int | None:
    """Find the event that an address leads to, in whatever state it is."""
    known = select(EventSlug.event_id).where(EventSlug.slug == slug)
    return session.scalar(known)


def list_prerequisites(session: Session, event_id: int) -> list[tuple[str, str]]:
    """Return title and slug of the public events to attend before an event."""
    rows = (
        select(Event.title, Event.slug)
        .join(EventPrerequisite, EventPrerequisite.required_id == Event.id)
        .where(EventPrerequisite.event_id == event_id, is_public())
        .order_by(EventPrerequisite.position)
    )
    return [(title, slug) for title, slug in session.execute(rows)]


def find_last_change(session: Session, event_id: int) -> EventChange | None:
    """Return the last change of time or place that people were told of."""
    changes = select(EventChange).where(EventChange.event_id == event_id)
    return session.scalar(changes.order_by(EventChange.id.desc()).limit(1))


def list_requirements(session: Session) -> dict[int, list[int]]:
    """Return which events each event requires, by its id."""
    rows = select(EventPrerequisite.event_id, EventPrerequisite.required_id)
    found: dict[int, list[int]] = {}
    for event_id, required_id in session.execute(rows):
        found.setdefault(event_id, []).append(required_id)
    return found


def is_public() -> ColumnElement[bool]:
    return Event.state.in_([State.PUBLISHED, State.POSTPONED, State.CANCELLED])


def whole() -> Select[Event]:
    """Select events with all that their pages show."""
    # Three statements: sessions, areas, prerequisites, questions and what to read are
    # few, and joined.
    return select(Event).options(
        joinedload(Event.program),
        joinedload(Event.conference),
        joinedload(Event.sessions),
        joinedload(Event.areas),
        joinedload(Event.prerequisites)
        .joinedload(EventPrerequisite.required)
        .load_only(Event.slug, Event.title, Event.state),
        joinedload(Event.resources).options(*_WORKS),
        joinedload(Event.questions),
        selectinload(Event.offers),
        selectinload(Event.contributions),
    )


def _found(event: Found | None) -> Found:
    if event is None:
        raise NotFoundError("event")
    return event


# Made once: writing a statement down costs more than asking it.
_HAS_ID, _HAS_SLUG = Event.id == bindparam("id"), Event.slug == bindparam("slug")
_BY_ID = whole().where(_HAS_ID)
_BY_SLUG = whole().where(_HAS_SLUG, is_public())
_OFFERS_BY_SLUG = (
    select(Event)
    .options(joinedload(Event.offers), joinedload(Event.conference))
    .where(_HAS_SLUG, is_public())
)
_AREAS_BY_ID = (
    select(Event)
    .options(joinedload(Event.areas), joinedload(Event.sessions))
    .where(_HAS_ID)
)
_TOLD_OF = _AREAS_BY_ID.options(joinedload(Event.conference))
