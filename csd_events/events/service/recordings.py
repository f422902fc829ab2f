"""Events that can be watched, as the library's search finds them.

The library lies below events and knows none. What changes an event writes what is
found of it, in the same unit of work.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from csd_events.core.time import to_wall
from csd_events.events.models import Contribution, Event
from csd_events.events.rules import State
from csd_events.library import service as library
from csd_events.library.rules.searching import EntryKind, EntryText
from csd_events.topics.rules import area_name, form_name


def keep_recordings(session: Session, events: Iterable[Event]) -> None:
    """Let the search find what can be watched of events, and nothing else of them."""
    library.keep_found(session, [_text_of(event) for event in events])


def recordings(session: Session) -> Iterator[EntryText]:
    """Write anew what the search finds of every event that can be watched."""
    people = selectinload(Event.contributions)
    found = (
        select(Event)
        .where(or_(Event.on_demand, Event.recording_url.is_not(None)))
        .options(
            people.joinedload(Contribution.presenter),
            people.joinedload(Contribution.partner),
            selectinload(Event.areas),
        )
    )
    yield from map(_text_of, session.scalars(found.order_by(Event.id)))


def _text_of(event: Event) -> EntryText:
    names = [each.presenter.full_name for each in event.contributions if each.presenter]
    names = list(dict.fromkeys(names))
    start = event.starts_at
    year = str(to_wall(start, event.zone).year) if start else ""
    also = [event.description, *map(area_name, event.area_ids)]
    if event.form:
        also.append(form_name(event.form))
    can_be_watched = event.on_demand or bool(event.recording_url)
    return EntryText(
        kind=EntryKind.RECORDING,
        key=event.slug,
        title=event.title,
        byline=" · ".join(filter(None, [", ".join(names), year])),
        body=event.summary,
        also=" ".join(also),
        shown=can_be_watched
        and event.state is State.PUBLISHED
        and event.archived_at is None,
        areas=tuple(event.area_ids),
        form=event.form,
    )
