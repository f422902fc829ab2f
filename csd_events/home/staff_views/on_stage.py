"""Who is on stage of an event, as staff see them on its page."""

from dataclasses import dataclass

from csd_events.core.db import db
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.words import sent_words


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPresenter:
    """Somebody on stage; sent_words: when the link of their page went, or empty."""

    id: int
    name: str
    email: str
    sent_words: str


def on_stage(event: Event) -> list[DeskPresenter]:
    """Show who is on stage, and whether they have the link of their page."""
    session = db.session()
    people = catalog.list_on_stage(session, event.id)
    ids = [each.id for each in people]
    sent = catalog.list_links_sent(session, ids) if ids else {}
    return [
        DeskPresenter(
            id=each.id,
            name=each.full_name,
            email=each.email,
            sent_words=sent_words(sent.get(each.id), event.zone),
        )
        for each in people
    ]
