"""What is to be read with an event, beside its case studies."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from csd_events.events.models import Event, EventResource
from csd_events.events.service.contributing import rows_for


def write_resources(event: Event, names: Sequence[str]) -> None:
    """Bring an event's list of publications and works up to date.

    Args:
        names: Such as ``publication-3`` and ``citation-16``, each once.
    """
    rows = rows_for(event.resources, len(names), lambda n: EventResource(position=n))
    for row, name in zip(rows, names, strict=True):
        kind, _, number = name.partition("-")
        is_ours = kind == "publication"
        row.publication_id = int(number) if is_ours else None
        row.citation_id = None if is_ours else int(number)


def tie_resources(session: Session, slug: str, names: Sequence[str]) -> None:
    """Name what is to be read with an event of the sample program, if it is there."""
    event = session.scalar(
        select(Event).where(Event.slug == slug).options(selectinload(Event.resources))
    )
    if event is not None:
        write_resources(event, names)
        session.flush()
