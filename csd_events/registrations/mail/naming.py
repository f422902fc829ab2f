"""What stands for the names that mails of several kinds know."""

from csd_events.association.rules import AssociationView
from csd_events.core.time import local_time
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.models import Event
from csd_events.events.words import postponed_words, row_of
from csd_events.outbox.mail import Value, part


def hello(name: str | None) -> str:
    """Greet somebody by name; nobody where there is none to say."""
    return _("Hello %(name)s,", name=name) if name else ""


def when_words(event: Event) -> str:
    """Say when an event is, to who has no place there of their own."""
    if event.is_postponed:
        return postponed_words()
    if event.starts_at is None:
        return _("On demand, whenever you like")
    return local_time(event.starts_at, event.zone)


def place_words(place: str, *, is_online: bool) -> str:
    """Say where; in words that fit a sentence also where no place is known."""
    if place:
        return place
    return _("online") if is_online else _("a place that we announce later")


def about_event(event: Event, association: AssociationView) -> dict[str, Value]:
    """Return what stands for an event, to who has no place there of their own."""
    when = when_words(event)
    return {
        "association": association.name,
        "details": lambda: part("details", row_of(event), when),
        "event": event.title,
        "event_link": external_url("home.event", slug=event.slug),
        "place": place_words(event.place, is_online=event.joins_online),
        "when": when,
    }


def entry_words(number: int) -> str:
    """Say what attached entries do that take something out of a calendar."""
    if not number:
        return ""
    return ngettext(
        "The entry attached takes the event out of your calendar.",
        "The entries attached take the event out of your calendar.",
        number,
    )


def entered_words(number: int) -> str:
    """Say what attached entries do that bring something back into a calendar."""
    if not number:
        return ""
    return ngettext(
        "The entry attached puts it into your calendar again.",
        "The entries attached put it into your calendar again.",
        number,
    )
