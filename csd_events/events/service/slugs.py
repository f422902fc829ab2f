"""Addresses of events and what they belong to: one for ever, others lead to it."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from csd_events.core.db import Turn, take_turns
from csd_events.events.models import EventSlug


def free_slug(
    session: Session, wanted: str, among: InstrumentedAttribute[str] = EventSlug.slug
) -> str:
    """Return the slug, or the first of slug-2, slug-3, … that leads nowhere yet.

    Nobody else takes one until the caller commits.

    Args:
        among: The column that holds every slug of its kind.
    """
    lock_names(session)
    taken = set(session.scalars(select(among).where(among.startswith(wanted))))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def lead_here(session: Session, slug: str, event_id: int) -> None:
    """Let an address lead to an event, unless it leads somewhere already."""
    lock_names(session)
    if slug and session.get(EventSlug, slug) is None:
        session.add(EventSlug(slug=slug, event_id=event_id))


def lock_names(session: Session) -> None:
    """Take slugs and names one at a time: no row stands above all of them."""
    take_turns(session, Turn.EVENT_NAMES)
