"""A guest's form as it is opened: its ticket, what it asks, how long it stays so."""

from datetime import datetime
from functools import partial

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import kept_but_for, kept_until
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import GRACE_SHOWN_FROM, Question, Terms
from csd_events.events.words import changes_at
from csd_events.registrations.forms import GuestForm, asking, new_ticket


def new_form(event: Event, found: Terms, **filled: str) -> GuestForm:
    """Make a guest's form with its ticket and all that the event asks."""
    questions = _questions(event)
    ticket = ticket_for(event.slug, found, asks=bool(questions))
    return asking(GuestForm, questions)(ticket=ticket, **filled)


def ticket_for(slug: str, found: Terms, *, asks: bool) -> str:
    """Write a ticket for a form that opens now."""
    offer_id = found.offer.id if found.offer else None
    return new_ticket(slug, offer_id, asks=asks, now=now())


def keep_blank(event: Event, found: Terms, form: GuestForm) -> None:
    """Let the page of a form that nobody has filled in be kept, but for its ticket."""
    asks = bool(form.questions)
    kept_but_for(
        str(form.ticket.data), partial(ticket_for, event.slug, found, asks=asks)
    )
    kept_until(_changes_at(event, found, now()))


def _changes_at(event: Event, found: Terms, at: datetime) -> datetime | None:
    """Return the next instant at which the form's page would say something else."""
    turns = [changes_at([event], now=at)]
    if found.offer and found.offer.window.closes_at:
        turns.append(found.offer.window.closes_at - GRACE_SHOWN_FROM)
    return min((turn for turn in turns if turn and turn > at), default=None)


def _questions(event: Event) -> list[Question]:
    """List what an event asks; one without questions is not looked at again."""
    if not event.has_questions:
        return []
    return events.list_questions(db.session(), event.id)
