"""Whether events are ready: what is known of each, looked over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from csd_events.association.rules import AssociationView, may_come_from
from csd_events.core.db import db
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.queries import slots_held, slots_of
from csd_events.events.rules import Meeting, State, meetings, with_known
from csd_events.events.service import missing
from csd_events.home.rules import Facts, Item, OfferDays, look_over, to_mend
from csd_events.home.words import Checklist, checklist
from csd_events.registrations.rules import lead_called

#: How far ahead the desk looks over events, and at how many at most.
AHEAD = timedelta(days=30)
MOST_LOOKED_OVER = 100
#: So many of those that are not in order are named on the desk.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unready:
    """An event that is not in order, on the desk.

    Attributes:
        checklist: What was looked at, the gravest first.
    """

    id: int
    title: str
    state: str
    starts_at: datetime
    zone: str
    checklist: Checklist


@dataclass(frozen=True, slots=True)
class LookedOver:
    """The events of the next weeks.

    Attributes:
        unready: Those that are not in order, the next one first.
        more: How many more are not in order.
        fine: How many are.
        is_all: Whether all were looked at.
    """

    unready: Sequence[Unready]
    more: int
    fine: int
    is_all: bool


def look_over_coming(now: datetime) -> LookedOver:
    """Look over the events of the next weeks; what clashes is looked for among them."""
    found = catalog.list_coming_whole(
        db.session(), since=now, until=now + AHEAD, limit=MOST_LOOKED_OVER + 1
    )
    events = found[:MOST_LOOKED_OVER]
    slots = {event.id: slots_held(event) for event in events}
    there = [slot for each in slots.values() for slot in each]
    known = catalog.list_known_clashes(db.session(), list(slots))
    clashes = {
        event_id: with_known(meetings(own, there), known)
        for event_id, own in slots.items()
    }
    found_of = [
        (event, items_of(event, clashes[event.id], now=now)) for event in events
    ]
    unready = [(event, items) for event, items in found_of if to_mend(items)]
    return LookedOver(
        unready=[_unready(*each) for each in unready[:MOST_NAMED]],
        more=max(0, len(unready) - MOST_NAMED),
        fine=len(events) - len(unready),
        is_all=len(found) == len(events),
    )


def _unready(event: Event, items: Sequence[Item]) -> Unready:
    return Unready(
        id=event.id,
        title=event.title,
        state=event.state.value,
        starts_at=event.starts_at or event.listed_at,
        zone=event.zone,
        checklist=checklist(event, items),
    )


def items_of(
    event: Event,
    clashes: Sequence[Meeting],
    *,
    now: datetime,
    sender_differs: bool = False,
) -> list[Item]:
    """Look over an event that was loaded with all that belongs to it."""
    return look_over(_facts(event, clashes, now, sender_differs=sender_differs), now)


def is_looked_over(event: Event, now: datetime) -> bool:
    """Tell whether an event is still to come, and so can be got ready."""
    begun = event.starts_at is not None and event.starts_at <= now
    is_draft = event.state is State.DRAFT
    return event.state is not State.CANCELLED and (is_draft or not begun)


def sends_otherwise(association: AssociationView) -> bool:
    """Tell whether mail comes from another address than staff entered."""
    entered = association.sender_address
    default: str = current_app.config["MAIL_DEFAULT_SENDER"]
    return bool(entered) and not may_come_from(entered, default)


def _facts(
    event: Event,
    clashes: Sequence[Meeting],
    now: datetime,
    *,
    sender_differs: bool,
) -> Facts:
    conference = event.conference
    chosen = event.reading or event.resources or event.areas
    return Facts(
        missing=missing(event, now),
        slots=slots_of(event),
        zone=event.zone,
        conference_zone=conference.zone if conference else None,
        offers=[
            OfferDays(opens_at=each.opens_at, closes_on=each.closes_on)
            for each in event.offers
        ],
        leads={name: lead_called(name) for name in event.reminders},
        is_draft=event.state is State.DRAFT,
        capacity=event.capacity,
        taken=event.confirmed + event.held,
        description=event.description,
        has_reading=bool(chosen),
        sender_differs=sender_differs,
        meetings=clashes,
    )
