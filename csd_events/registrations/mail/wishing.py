"""Mails to who wished to hear when registration opens.

The link that confirms is a secret: the words are kept by nobody, see
``outbox.rules.PRIVATE_FEATURES``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.errors import NotFoundError
from csd_events.core.time import local_time
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience
from csd_events.events.rules import State as EventState
from csd_events.events.words import offer_view, row_of
from csd_events.outbox.mail import both_sides
from csd_events.outbox.message import Due, Message, Skip
from csd_events.registrations.models import OpeningWish
from csd_events.registrations.rules import CALLED_OFF

#: By kind of outbox row, what the mail is called for who reads it.
SUBJECTS: dict[str, Callable[[], str]] = {
    "wishes.confirm": lambda: _("Shall we write when it opens? {title}"),
    "wishes.opened": lambda: _("Registration is open: {title}"),
}

TEMPLATES = {"wishes.confirm": "opening", "wishes.opened": "opened"}


def compose_wish(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write a mail about an opening, or say why it is not sent any more."""
    if due.kind == "wishes.opened":
        return _opened(session, due, now)
    wish = session.get(OpeningWish, due.subject_id)
    if wish is None or wish.confirmed_at is not None:
        return Skip("it was answered, or had ended, before this went")
    event = events.get_row(session, wish.event_id)
    if event.state is not EventState.PUBLISHED:
        return Skip(CALLED_OFF)
    token = links().token(Purpose.WISH, wish.id, wish.version)
    own = external_url("registrations.opening", token=token)
    return _write(session, due, event, now, links={"own": own})


def _opened(session: Session, due: Due, now: datetime) -> Message | Skip:
    try:
        event = events.get_row(session, due.subject_id)
    except NotFoundError:
        return Skip("the event is gone")
    if event.state is not EventState.PUBLISHED:
        return Skip(CALLED_OFF)
    open_now = [
        offer_view(offer, event, now=now)
        for offer in event.terms_of_offers
        if offer.window.contains(now) and offer.audience is not Audience.INVITED
    ]
    if not open_now:
        return Skip("registration had ended before this went")
    page = external_url("home.event", slug=event.slug)
    return _write(session, due, event, now, links={"event": page}, offers=open_now)


def _write(
    session: Session, due: Due, event: Event, now: datetime, **others: Any
) -> Message:
    association = speaker(session, now=now)
    words = {
        "association": association,
        "event": row_of(event),
        "email": due.to_address,
        "when_words": local_time(event.starts_at, event.zone)
        if event.starts_at
        else _("On demand, whenever you like"),
        **others,
    }
    text, html = both_sides(f"registrations/{TEMPLATES[due.kind]}", words)
    return Message(
        to_address=due.to_address,
        to_name="",
        from_address=association.sender_address,
        from_name=association.name,
        reply_to=association.reply_address,
        subject=SUBJECTS[due.kind]().replace("{title}", event.title),
        text=text,
        html=html,
    )
