"""What waits for somebody: mail first, then money, the library and events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, url_for

from csd_events.association import queries as association
from csd_events.association.mail import speaker
from csd_events.billing import queries as billing
from csd_events.billing.rules import Standing
from csd_events.core.access import is_administrator
from csd_events.core.db import db
from csd_events.core.time import short_time, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.events.service import missing
from csd_events.home.staff_views.readiness import sends_otherwise
from csd_events.library import queries as library
from csd_events.outbox import queries as outbox
from csd_events.outbox.queries import Late
from csd_events.registrations import queries as registrations
from csd_events.registrations.forms import problem_words
from csd_events.registrations.rules import Hold

#: How far ahead events are looked at.
SOON = timedelta(days=14)
MOST_ATTENTION = 20


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that waits for somebody, and where to see to it, if they may."""

    words: str
    url: str | None


def list_attention(at: datetime) -> list[Attention]:
    """List what waits for somebody: mail first, then events."""
    session = db.session()
    found = []
    if outbox.find_held(session) is not None:
        found.append(
            Attention(_("All mail is held back"), url_for("outbox_staff.index"))
        )
    if silent_since := outbox.find_silence(session, now=at):
        words = _(
            "Nothing has sent mail since %(when)s: tell who runs this site",
            when=short_time(silent_since, speaker(session, now=at).zone),
        )
        found.append(Attention(words, url_for("outbox_staff.index")))
    mails = outbox.count_attention(session)
    if number := mails.undelivered:
        words = ngettext(
            "%(num)s mail could not be delivered",
            "%(num)s mails could not be delivered",
            number,
        )
        found.append(Attention(words, url_for("outbox_staff.index", attention=1)))
    if number := mails.returned:
        words = ngettext("%(num)s mail came back", "%(num)s mails came back", number)
        found.append(Attention(words, url_for("outbox_staff.index", state="returned")))
    found += [*_to_bounces(at), *_to_sender()]
    if late := outbox.find_late(session, now=at):
        words = _late_words(late, zone=speaker(session, now=at).zone)
        found.append(Attention(words, url_for("outbox_staff.index", state="queued")))
    found += _to_money(at)
    found += _to_library(at)
    found += _to_corrections()
    found += _to_drafts(at)
    waiting = catalog.list_waiting_for_staff(
        session, now=at, until=at + SOON, limit=MOST_ATTENTION
    )
    held = [event.id for event in waiting if event.held]
    asked = registrations.count_for_staff(session, held)
    for event in waiting:
        found += _to_event(event, asked.get(event.id, {}))
    return found


def _to_bounces(at: datetime) -> list[Attention]:
    """Tell of the mailbox of what came back, where it cannot be read."""
    session, mailbox = db.session(), current_app.config["BOUNCES"]
    trouble = outbox.find_trouble(session, mailbox) if mailbox else None
    if trouble is None:
        return []
    words = _(
        "Since %(when)s it cannot be read which mails came back: tell who runs this "
        "site: %(trouble)s",
        when=short_time(trouble.since, speaker(session, now=at).zone),
        trouble=trouble.words,
    )
    return [Attention(words, url_for("outbox_staff.index"))]


def _to_sender() -> list[Attention]:
    """Tell that mail cannot come from the address that was entered."""
    house = association.read(db.session())
    if not sends_otherwise(house):
        return []
    words = _(
        "Mail does not come from %(address)s: this server may not send for that domain",
        address=house.sender_address,
    )
    url = url_for("association_staff.edit") if is_administrator() else None
    return [Attention(words, url)]


def _to_money(at: datetime) -> list[Attention]:
    session = db.session()
    today = to_wall(at, speaker(session, now=at).zone).date()
    which = (Standing.OVERDUE, Standing.REFUND)
    counts = billing.count(session, which, today=today)
    words = {
        Standing.OVERDUE: ngettext(
            "%(num)s invoice is overdue",
            "%(num)s invoices are overdue",
            counts[Standing.OVERDUE],
        ),
        Standing.REFUND: ngettext(
            "%(num)s invoice was paid and credited: the money is to go back",
            "%(num)s invoices were paid and credited: the money is to go back",
            counts[Standing.REFUND],
        ),
    }
    return [
        Attention(words[each], url_for("billing_staff.index", standing=each.value))
        for each in which
        if counts[each]
    ]


def _to_library(at: datetime) -> list[Attention]:
    session = db.session()
    today = to_wall(at, speaker(session, now=at).zone).date()
    number = library.count_due(session, today=today)
    words = ngettext(
        "%(num)s thing in the library is to be looked at again",
        "%(num)s things in the library are to be looked at again",
        number,
    )
    return [Attention(words, url_for("library_staff.due"))] if number else []


def _to_drafts(at: datetime) -> list[Attention]:
    """Tell of drafts that were to be published by themselves, and what they lack."""
    drafts = catalog.list_not_published(db.session(), limit=MOST_ATTENTION)
    return [
        Attention(_not_published_words(each, at), url_for(".event", event_id=each.id))
        for each in drafts
    ]


def _not_published_words(event: Event, at: datetime) -> str:
    title = event.title
    lacks = [problem_words(*each) for each in missing(event, at).items()]
    if not lacks:
        return str(_("%(title)s was not published in time: publish it", title=title))
    return str(
        _(
            "%(title)s was not published by itself: %(problems)s",
            title=title,
            problems=". ".join(lacks),
        )
    )


def _to_corrections() -> list[Attention]:
    return [
        Attention(
            _("Changed by the presenter: look at %(name)s", name=name),
            url_for("events_staff.edit_presenter", presenter_id=presenter_id),
        )
        for presenter_id, name in catalog.list_corrected(db.session())
    ]


def _late_words(late: Late, *, zone: str) -> str:
    words = ngettext(
        "%(num)s mail has been waiting since %(when)s",
        "%(num)s mails have been waiting since %(when)s",
        late.count,
        when=short_time(late.since, zone),
    )
    return f"{words}: {late.note}" if late.note else words


def _to_event(event: Event, asked: Mapping[Hold, int]) -> list[Attention]:
    start = event.starts_at
    if event.state is State.DRAFT and start is not None:
        words = _(
            "%(title)s starts %(when)s and is not published",
            title=event.title,
            when=short_time(start, event.zone),
        )
        return [Attention(words, url_for(".event", event_id=event.id))]
    if event.is_postponed:
        words = ngettext(
            "%(title)s is postponed: %(num)s person waits for its new date",
            "%(title)s is postponed: %(num)s people wait for its new date",
            event.confirmed + event.held + event.waiting,
            title=event.title,
        )
        return [Attention(words, url_for(".event", event_id=event.id))]
    found = []
    if number := asked.get(Hold.APPROVAL):
        words = ngettext(
            "%(title)s: %(num)s request to decide",
            "%(title)s: %(num)s requests to decide",
            number,
            title=event.title,
        )
        found.append(Attention(words, _people_url(event, "held")))
    if number := asked.get(Hold.CONFERENCE):
        words = ngettext(
            "%(title)s: a place is held for %(num)s person not on the "
            "conference's list",
            "%(title)s: places are held for %(num)s people not on the "
            "conference's list",
            number,
            title=event.title,
        )
        found.append(Attention(words, _people_url(event, "held")))
    if event.waiting:
        words = ngettext(
            "%(title)s is full; %(num)s person waits",
            "%(title)s is full; %(num)s people wait",
            event.waiting,
            title=event.title,
        )
        found.append(Attention(words, _people_url(event, "waiting")))
    return found


def _people_url(event: Event, state: str) -> str:
    return url_for("registrations_staff.registrations", event_id=event.id, state=state)
