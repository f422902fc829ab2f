"""The list of what an event lacks, in words, each with where it is mended."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from csd_events.core.access import is_administrator
from csd_events.core.time import short_time
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, ngettext
from csd_events.events.models import Event
from csd_events.home.rules import Check, Item, Level
from csd_events.registrations.forms import problem_words
from csd_events.registrations.words import lead_words

#: Where on the form of an event something is put right.
PLACES = {
    Check.JOINING: "platform_url",
    Check.HOURS: "when",
    Check.CONFERENCE_ZONE: "zone",
    Check.OFFERS: "who",
    Check.REMINDERS: "rest",
    Check.PLACES: "capacity",
    Check.PICTURES: "text",
    Check.READING: "topic",
    Check.CLASHES: "clashes",
}
#: The same for what it lacks to be published, by field.
MISSING_AT = {"starts": "when", "offers": "who"}

#: What was looked at, for where it is in order.
NAMES = {
    Check.JOINING: lazy_gettext("how people get in"),
    Check.HOURS: lazy_gettext("hours of the presenters"),
    Check.CONFERENCE_ZONE: lazy_gettext("clocks of the conference"),
    Check.OFFERS: lazy_gettext("days of the prices"),
    Check.REMINDERS: lazy_gettext("reminders"),
    Check.PLACES: lazy_gettext("places"),
    Check.PICTURES: lazy_gettext("pictures"),
    Check.READING: lazy_gettext("what to read"),
    Check.SENDER: lazy_gettext("sender of the mails"),
    Check.CLASHES: lazy_gettext("clashes"),
}
#: What is said of that which is not counted.
WORDS = {
    Check.CONFERENCE_ZONE: lazy_gettext(
        "Its times are written in another time zone than that of its conference."
    ),
    Check.READING: lazy_gettext(
        "Nothing to read: choose a service, and a case study is found; or choose one, "
        "or a publication."
    ),
    Check.SENDER: lazy_gettext(
        "Mails come from another address than the association entered: this server "
        "may not send for that domain. An administrator sees to it."
    ),
}


@dataclass(frozen=True, slots=True)
class MendLine:
    """Something to put right.

    Attributes:
        level: How much it matters.
        url: Where it is put right; None where that is not theirs who read.
    """

    level: str
    words: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What was looked at.

    Attributes:
        fine: Names of what is in order.
    """

    lines: Sequence[MendLine]
    musts: int
    fine: Sequence[str]

    @property
    def counts(self) -> str:
        """Count what is not in order: ``2 missing, 1 to look at``."""
        rest = len(self.lines) - self.musts
        counted = []
        if self.musts:
            counted.append(ngettext("%(num)s missing", "%(num)s missing", self.musts))
        if rest:
            counted.append(ngettext("%(num)s to look at", "%(num)s to look at", rest))
        return ", ".join(counted)


def checklist(event: Event, items: Sequence[Item]) -> Checklist:
    """Put what was looked at of an event into words."""
    lines = [
        MendLine(each.level.value, _words(each, event), _url(each, event))
        for each in items
        if each.level is not Level.FINE
    ]
    return Checklist(
        lines=lines,
        musts=sum(each.level is Level.MUST for each in items),
        fine=[str(NAMES[each.check]) for each in items if each.level is Level.FINE],
    )


def _url(item: Item, event: Event) -> str | None:
    """Say where it is mended; None where that is not theirs who read."""
    if item.check is Check.SENDER:
        if not is_administrator():
            return None
        return url_for("association_staff.edit", _anchor="sender_address")
    place = PLACES.get(item.check) or MISSING_AT.get(item.field, item.field)
    return url_for("registrations_staff.edit_event", event_id=event.id, _anchor=place)


def _words(item: Item, event: Event) -> str:
    if item.problem is not None:
        return f"{problem_words(item.field, item.problem)}."
    if item.check is Check.HOURS:
        return _hours_words(item)
    if item.check is Check.REMINDERS:
        leads = ", ".join(lead_words(name) for name in item.names)
        return str(
            _(
                "Too late for a reminder: %(leads)s. The mail that confirms says when "
                "it is.",
                leads=leads,
            )
        )
    return _counted_words(item) or str(WORDS[item.check])


def _hours_words(item: Item) -> str:
    said = [
        _(
            "for %(name)s it begins %(when)s",
            name=each.who.name,
            when=short_time(each.at, each.who.zone or "UTC"),
        )
        for each in item.hours
    ]
    return str(_("An hour at which people sleep: %(said)s.", said="; ".join(said)))


def _counted_words(item: Item) -> str:
    """Say what is wrong with a number of things; empty where nothing is counted."""
    number = item.number
    if item.check is Check.OFFERS:
        return ngettext(
            "%(num)s price is said to hold after it has begun. Nobody can register "
            "then.",
            "%(num)s prices are said to hold after it has begun. Nobody can register "
            "then.",
            number,
        )
    if item.check is Check.PLACES:
        return ngettext(
            "%(num)s person more is in than there are places.",
            "%(num)s people more are in than there are places.",
            number,
        )
    if item.check is Check.PICTURES:
        return ngettext(
            "The description has a picture, which no page shows. Say in words what is "
            "on it.",
            "The description has %(num)s pictures, which no page shows. Say in words "
            "what is on them.",
            number,
        )
    if item.check is Check.CLASHES:
        return ngettext(
            "%(num)s session of another event clashes with it.",
            "%(num)s sessions of other events clash with it.",
            number,
        )
    return ""
