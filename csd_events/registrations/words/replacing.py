"""Places that go on to somebody else, as people and staff read of them."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.core.time import month_day
from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import terms
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import replace_until, standing_of
from csd_events.registrations.rules import NotReplaced, refuse_replacing


def replace_words(
    registration: Registration, event: Event, *, now: datetime
) -> str | None:
    """Say until when somebody else can come instead; None where nobody could."""
    refusal = refuse_replacing(standing_of(event, registration), now)
    if refusal in {NotReplaced.DECIDED, NotReplaced.OVER}:
        return None
    if refusal is NotReplaced.TOO_LATE:
        return str(_("It is too late for a colleague to take your place by this page."))
    until = replace_until(event)
    if event.replace_on and until != event.starts_at:
        day = month_day(event.replace_on)
        return str(_("A colleague can take your place, through %(date)s.", date=day))
    if until is None:
        return str(_("A colleague can take your place."))
    return str(_("A colleague can take your place, until it starts."))


def not_replaced_words(
    session: Session, why: NotReplaced, event: Event, *, now: datetime
) -> str:
    """Say why somebody else cannot come instead, or the address not change."""
    if why is NotReplaced.NOT_A_MEMBER:
        return _members_place_words(events.get_with_offers(session, event.slug), now)
    words: dict[NotReplaced, str] = {
        NotReplaced.DECIDED: _(
            "A place that is held is not yours to pass on yet. Cancel it, and your "
            "colleague asks for one."
        ),
        NotReplaced.OVER: _("The event is over, or it was cancelled."),
        NotReplaced.TOO_LATE: _("The last day for that has passed. Write to us."),
        NotReplaced.UNCONFIRMED: _(
            "This place has a price. Confirm your own address first: your "
            "registration's page has the button."
        ),
        NotReplaced.SAME: _("This is the address that the registration has"),
    }
    return str(words[why])


def not_swapped_words(why: NotReplaced) -> str:
    """Say to who registered colleagues why nobody else comes instead of one."""
    words: dict[NotReplaced, str] = {
        NotReplaced.DECIDED: _(
            "A place that is held, or was cancelled, cannot go to somebody else. "
            "Cancel it if it is still there, and register your colleague."
        ),
        NotReplaced.OVER: _("The event is over, or it was cancelled."),
        NotReplaced.TOO_LATE: _("The last day for that has passed. Write to us."),
        NotReplaced.NO_OFFER: _(
            "This place was offered in a way that is gone. Write to us."
        ),
        NotReplaced.SAME: _("This is the address that stands in the list already"),
        NotReplaced.IN_THE_FORM: _("Somebody else in the list has this address"),
        NotReplaced.NOT_A_MEMBER: _(
            "This place is at a price for members or their colleagues. Register who is "
            "neither with a new form"
        ),
    }
    return str(words[why])


def _members_place_words(event: Event, now: datetime) -> str:
    """Say that a place is at the members' price, and what others pay instead."""
    words = _("This place is at the price for members, and this is no member's address")
    found = terms(event.terms_of_offers, member=False, now=now).offer
    if found is None:
        return str(words)
    price = _("free") if found.is_free else money(found.price_cents, found.currency)
    instead = _("Your colleague can register, %(price)s", price=price)
    return f"{words}. {instead}"
