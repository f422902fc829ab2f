"""Several registrations at once, and the columns of a list, as staff read them."""

from collections.abc import Mapping
from datetime import datetime

from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.events.models import Event
from csd_events.events.rules import in_force
from csd_events.events.words import OfferView, offer_view
from csd_events.registrations.rules import Column, NotMoved, NotPlaced

#: What each column is called.
COLUMN_WORDS = {
    Column.EMAIL: lazy_gettext("Email"),
    Column.ORGANIZATION: lazy_gettext("Organization"),
    Column.STATE: lazy_gettext("State"),
    Column.OFFER: lazy_gettext("Offer"),
    Column.PRICE: lazy_gettext("Price"),
    Column.SERVICE: lazy_gettext("Service"),
    Column.US_STATE: lazy_gettext("U.S. state"),
    Column.REGISTERED: lazy_gettext("Registered"),
    Column.REFERENCE: lazy_gettext("Reference"),
    Column.VIA: lazy_gettext("How they came"),
    Column.MAILS: lazy_gettext("Mails"),
    Column.ANSWERS: lazy_gettext("Answers, folded below the name"),
}

_NOT_DONE = {
    NotMoved.THERE: lazy_gettext("Registered at the other event already."),
    NotMoved.CANCELLED: lazy_gettext("Was cancelled already."),
    NotMoved.OVER: lazy_gettext("This event is over or was cancelled."),
    NotMoved.TARGET_OVER: lazy_gettext("The other event takes nobody."),
    NotMoved.NOT_HELD: lazy_gettext("A place is held: it is to be decided first."),
}


def not_done_words(why: str) -> str:
    """Say why something was not done with one of several."""
    if why in set(NotMoved):
        return str(_NOT_DONE[NotMoved(why)])
    if why == NotPlaced.REGISTERED:
        return str(_NOT_DONE[NotMoved.THERE])
    return str(_NOT_DONE[NotMoved.OVER])


def offer_words(event: Event, *, at: datetime) -> Mapping[str, str]:
    """Put the offers of an event into words, by their ids as a form has them."""
    views = {
        str(offer.id): offer_view(in_force(offer, None), event, now=at)
        for offer in event.offers
    }
    named = {each: _offer_words(view) for each, view in views.items()}
    return {
        each: f"{words}, {views[each].closes_words}"
        if views[each].closes_words and list(named.values()).count(words) > 1
        else words
        for each, words in named.items()
    }


def _offer_words(view: OfferView) -> str:
    price = _("free") if view.is_free else money(view.price_cents, view.currency)
    return f"{view.audience_words}, {price}"
