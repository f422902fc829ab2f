"""Mails to who wished to hear when registration opens.

The link that confirms is a secret: the words are kept by nobody, see
``outbox.rules.PRIVATE_FEATURES``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.errors import NotFoundError
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience
from csd_events.events.words import OfferView, offer_view
from csd_events.outbox.mail import NOTHING, Block, Sheet, Value, part, write
from csd_events.outbox.message import Due, Later, Message, Skip, Words
from csd_events.registrations.mail.naming import about_event
from csd_events.registrations.mail.originals import WORDINGS
from csd_events.registrations.mail.waiting import called_off
from csd_events.registrations.models import OpeningWish


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLetter:
    """What a mail about an opening is written from.

    Attributes:
        wish_page: Where the address is confirmed; empty in the mail that tells.
        offers: What is open, in that one.
        words: Tried instead of those in force.
    """

    kind: str
    to_address: str
    event: Event
    wish_page: str = ""
    offers: Sequence[OfferView] = ()
    words: Words | None = None


#: The kinds of outbox row written here.
WISH_KINDS = ("wishes.confirm", "wishes.opened")


def compose_wish(session: Session, due: Due, now: datetime) -> Message | Later | Skip:
    """Write a mail about an opening, or say why it is not sent any more."""
    if due.kind == "wishes.opened":
        return _opened(session, due, now)
    wish = session.get(OpeningWish, due.subject_id)
    if wish is None or wish.confirmed_at is not None:
        return Skip("it was answered, or had ended, before this went")
    event = events.get_row(session, wish.event_id)
    if off := called_off(session, event, due.kind, now):
        return off
    token = links().token(Purpose.WISH, wish.id, wish.version)
    letter = WishLetter(
        kind=due.kind,
        to_address=due.to_address,
        event=event,
        wish_page=external_url("registrations.opening", token=token),
    )
    return write_wish(session, letter, now)


def _opened(session: Session, due: Due, now: datetime) -> Message | Later | Skip:
    try:
        event = events.get_row(session, due.subject_id)
    except NotFoundError:
        return Skip("the event is gone")
    if off := called_off(session, event, due.kind, now):
        return off
    offers = open_offers(event, now)
    if not offers:
        return Skip("registration had ended before this went")
    letter = WishLetter(
        kind=due.kind, to_address=due.to_address, event=event, offers=offers
    )
    return write_wish(session, letter, now)


def open_offers(event: Event, now: datetime) -> Sequence[OfferView]:
    """List what one can take who needs no invitation."""
    return [
        offer_view(offer, event, now=now)
        for offer in event.terms_of_offers
        if offer.window.contains(now) and offer.audience is not Audience.INVITED
    ]


def write_wish(session: Session, letter: WishLetter, now: datetime) -> Message:
    """Write a mail about an opening."""
    event, asks = letter.event, letter.kind == "wishes.confirm"
    association = speaker(session, now=now)
    page = external_url("home.event", slug=event.slug)

    def button() -> Block:
        if asks:
            return part("button", letter.wish_page, _("Yes, write to me"))
        return part("button", page, _("Go to the event"))

    values: dict[str, Value] = {
        **about_event(event, association),
        "button": button,
        "offers": lambda: part("offers", letter.offers) if letter.offers else NOTHING,
        "wish_link": letter.wish_page,
    }
    asked = _(
        "You get this mail because somebody asked for it with the address %(email)s.",
        email=letter.to_address,
    )
    wanted = _(
        "You get this mail because you asked for it with the address %(email)s.",
        email=letter.to_address,
    )
    sheet = Sheet(
        kind=letter.kind,
        wording=WORDINGS[letter.kind],
        event_id=event.id,
        to_address=letter.to_address,
        to_name="",
        association=association,
        values=values,
        preheader=event.title,
        why=asked if asks else wanted,
        words=letter.words,
    )
    return write(session, sheet)
