"""What the catalog sorts, files and searches an event by."""

from csd_events.events.models import Event
from csd_events.events.rules import NEVER, USUAL_LENGTH
from csd_events.events.service.contributing import search_text_of


def index_event(event: Event) -> None:
    """Set what the catalog sorts, files and searches by.

    What is postponed is at no time: it stands after all that is, and is never over.
    """
    event.search_text = search_text_of(event)
    if event.is_postponed:
        event.listed_at, event.over_at, event.month = NEVER, None, None
        return
    if event.sessions:
        first, last = event.sessions[0], event.sessions[-1]
        event.listed_at = first.starts_at
        event.month = first.wall_start.strftime("%Y-%m")
        event.over_at = last.ends_at or last.starts_at + USUAL_LENGTH
        return
    ends = [offer.closes_at for offer in event.offers]
    event.over_at = max((e for e in ends if e), default=None) if all(ends) else None
    event.listed_at = event.over_at or NEVER
    event.month = None
