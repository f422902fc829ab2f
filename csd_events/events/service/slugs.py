"""Addresses of events: one for ever, and others that lead to it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import EventSlug


def free_slug(session: Session, wanted: str) -> str:
    """Return the slug, or the first of slug-2, slug-3, … that leads nowhere yet."""
    taken = set(
        session.scalars(select(EventSlug.slug).where(EventSlug.slug.startswith(wanted)))
    )
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def lead_here(session: Session, slug: str, event_id: int) -> None:
    """Let an address lead to an event, unless it leads somewhere already."""
    if slug and session.get(EventSlug, slug) is None:
        session.add(EventSlug(slug=slug, event_id=event_id))
