"""A believable volume of rows, written in batches and without the services.

Each batch is a whole: events with their counters, the people at them, and what they
were mailed. So stopping between two batches leaves nothing half done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from typing import cast as taken_as

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.text import fold
from csd_events.core.time import to_utc
from csd_events.events.models import (
    Event,
    EventArea,
    EventOffer,
    EventSession,
    EventSlug,
)
from csd_events.events.rules import Audience
from csd_events.events.rules import State as EventState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.seeds.rules import BulkEvent, reference
from csd_events.seeds.rules.people import NOBODY, address, full_name, home
from csd_events.seeds.service.invoices import write_invoices
from csd_events.seeds.service.mails import last_registration, write_mails
from csd_events.topics.rules import area_name

#: As tables: rows of a model with and without a value would go in apart.
PEOPLE = taken_as("Table", Person.__table__)
REGISTRATIONS = taken_as("Table", Registration.__table__)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPEN_FOR = 30 * DAY


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What a command wants written.

    Attributes:
        people: Id and address of everybody at hand, in the order they were written.
        now: Before which everything has happened.
    """

    people: Sequence[tuple[int, str]]
    now: datetime


def write_people(session: Session, count: int, *, now: datetime) -> None:
    """Write people that follow the last ones of the kind."""
    known = _count_people(session)
    rows = [
        {
            "email": address(number),
            "email_key": address(number),
            "full_name": full_name(number),
            "email_confirmed_at": now,
            "created_at": now,
        }
        for number in range(known, known + count)
    ]
    session.execute(insert(PEOPLE), rows)


def list_people(session: Session) -> list[tuple[int, str]]:
    """Return id and address of everybody of the kind, in the order written."""
    whose = select(Person.id, Person.email_key).where(Person.email_key.endswith(NOBODY))
    rows = session.execute(whose.order_by(Person.id))
    return [(row.id, row.email_key) for row in rows]


def last_number(session: Session) -> int:
    """Return the number of the last event of the kind; 0 if there is none."""
    last = session.scalar(
        select(func.max(Event.slug)).where(Event.slug.startswith("bulk-"))
    )
    return int(last.removeprefix("bulk-")) if last else 0


def write_events(session: Session, plan: Sequence[BulkEvent], order: BulkOrder) -> None:
    """Write events with everybody who registered and what they were mailed."""
    events = [_event(each, order.now) for each in plan]
    session.add_all(events)
    session.flush()
    session.add_all(EventSlug(slug=event.slug, event_id=event.id) for event in events)
    number = session.scalar(select(func.max(Registration.id))) or 0
    for each, event in zip(plan, events, strict=True):
        if not each.people:
            continue
        rows = _registrations(each, event, order, after=number)
        number += each.people
        session.execute(insert(REGISTRATIONS), list(rows))
        write_mails(session, event, now=order.now)
        if each.price_cents:
            starts_at = to_utc(each.wall_start, each.zone)
            write_invoices(session, event, starts_at, now=order.now)


def _count_people(session: Session) -> int:
    mine = select(func.count()).where(Person.email_key.endswith(NOBODY))
    return session.scalars(mine).one()


def _event(each: BulkEvent, now: datetime) -> Event:
    starts_at = to_utc(each.wall_start, each.zone)
    ends_at = starts_at + timedelta(minutes=each.minutes)
    announced_at = last_registration(starts_at, now) - OPEN_FOR - DAY
    about = area_name(each.area)
    summary = f"{about}: what three places learned, with time for your questions."
    return Event(
        slug=each.slug,
        title=each.title,
        summary=summary,
        description=f"{summary}\n\nOne of many events made for trying the program.",
        kind=each.kind,
        state=EventState.PUBLISHED,
        on_demand=False,
        zone=each.zone,
        starts_at=starts_at,
        ends_at=ends_at,
        place="Sample Hall, Sampleton",
        platform_url=f"https://meet.example.org/{each.slug}",
        capacity=each.capacity,
        confirmed=each.confirmed,
        waiting=each.waiting,
        next_position=each.waiting + 1,
        follows_up=False,  # its people are nobody
        created_at=announced_at,
        published_at=announced_at,
        search_text=fold(f"{each.title} {summary} {each.area.replace('_', ' ')}"),
        listed_at=starts_at,
        over_at=ends_at,
        month=f"{each.wall_start:%Y-%m}",
        sessions=[
            EventSession(
                position=0,
                starts_at=starts_at,
                ends_at=ends_at,
                wall_start=each.wall_start,
                zone=each.zone,
                announced_at=announced_at,
            )
        ],
        offers=[
            EventOffer(
                audience=Audience.EVERYONE,
                price_cents=each.price_cents,
                currency="USD",
                confirmed=each.confirmed,
            )
        ],
        areas=[EventArea(position=0, area=each.area)],
    )


def _registrations(
    each: BulkEvent, event: Event, order: BulkOrder, *, after: int
) -> Iterator[dict[str, Any]]:
    """Yield everybody at an event in the order they came, the waiting ones last."""
    starts_at = to_utc(each.wall_start, each.zone)
    first = last_registration(starts_at, order.now) - OPEN_FOR
    for index in range(each.people):
        person = (each.number * 7919 + index) % len(order.people)
        at = first + OPEN_FOR * index / each.people
        waits, cancels = index >= each.seated, each.cancels(index)
        seat = State.CANCELLED if cancels else State.CONFIRMED
        city, state = home(person)
        person_id, email_key = order.people[person]
        yield {
            "event_id": event.id,
            "person_id": person_id,
            "email_key": email_key,
            "offer_id": event.offers[0].id,
            "state": State.WAITING if waits else seat,
            "position": index - each.seated + 1 if waits else None,
            "reference": reference(after + index),
            "full_name": full_name(person),
            "organization": city,
            "service_area": each.area if index % 3 else None,
            "us_state": state,
            "price_cents": each.price_cents,
            "currency": "USD",
            "registered_at": at,
            "confirmed_at": None if waits else at,
            "cancelled_at": at + HOUR if cancels else None,
        }
