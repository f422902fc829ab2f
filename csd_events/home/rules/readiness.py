"""Whether an event is ready for people: what it lacks, and what to look at again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from csd_events.events.rules import Meeting, OnStage, Problem, Slot

#: Nobody should have to speak before, or be asked to stay up until after.
EARLIEST, LATEST = time(7), time(21)
_PICTURE = re.compile(r"!\[[^\]]*\]\(|!\[[^\]]*\]\[|<img\b", re.IGNORECASE)


class Level(StrEnum):
    """How much something matters, the gravest first."""

    MUST = "must"  # nobody could use the page without it
    SHOULD = "should"
    FINE = "fine"


class Check(StrEnum):
    """What is looked at, in the order shown."""

    MISSING = "missing"
    JOINING = "joining"
    HOURS = "hours"
    CONFERENCE_ZONE = "conference_zone"
    OFFERS = "offers"
    REMINDERS = "reminders"
    PLACES = "places"
    PICTURES = "pictures"
    READING = "reading"
    SENDER = "sender"
    CLASHES = "clashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDays:
    """From when and through which day an offer holds; None where that is open."""

    opens_at: datetime | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an event.

    Attributes:
        missing: What it lacks to be published, by field.
        slots: Its sessions.
        zone: Its own.
        conference_zone: Of the conference it is part of; None for none.
        leads: How long before a session its reminders go, by their names.
        is_draft: Whether nobody has seen it yet.
        taken: How many places are taken or held.
        has_reading: Whether something to read is chosen, or can be found for it.
        sender_differs: Whether mail comes from another address than staff entered.
    """

    missing: Mapping[str, Problem]
    slots: Sequence[Slot]
    zone: str
    conference_zone: str | None = None
    offers: Sequence[OfferDays] = ()
    leads: Mapping[str, timedelta]
    is_draft: bool
    capacity: int | None = None
    taken: int = 0
    description: str = ""
    has_reading: bool
    sender_differs: bool = False
    meetings: Sequence[Meeting] = ()


@dataclass(frozen=True, slots=True)
class Hour:
    """Somebody on stage at an hour at which one sleeps, where they live."""

    who: OnStage
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What was found by one check.

    Attributes:
        field: Which one lacks something.
        problem: What it lacks.
        hours: Who would be on stage at what hour.
        names: Of the reminders that are too late.
        number: How many there are of what is wrong.
    """

    check: Check
    level: Level
    field: str = ""
    problem: Problem | None = None
    hours: tuple[Hour, ...] = ()
    names: tuple[str, ...] = ()
    number: int = 0


def look_over(facts: Facts, now: datetime) -> list[Item]:
    """List what was looked at, the gravest first; nothing is left out."""
    found = [*_missing(facts), *_found(facts, now)]
    return sorted(found, key=lambda each: list(Level).index(each.level))


def to_mend(items: Sequence[Item]) -> list[Item]:
    """List what is not in order."""
    return [each for each in items if each.level is not Level.FINE]


def count_pictures(markdown: str) -> int:
    """Count the pictures that staff put into a text. No page shows any."""
    return len(_PICTURE.findall(markdown))


def _missing(facts: Facts) -> Iterator[Item]:
    for field, problem in facts.missing.items():
        yield Item(check=Check.MISSING, level=Level.MUST, field=field, problem=problem)


def _found(facts: Facts, now: datetime) -> Iterator[Item]:
    if not {"platform_url", "recording_url"} & set(facts.missing):
        yield Item(check=Check.JOINING, level=Level.FINE)
    hours = tuple(_sleepless(facts.slots))
    yield _item(Check.HOURS, wrong=bool(hours), hours=hours)
    if facts.conference_zone:
        yield _item(Check.CONFERENCE_ZONE, wrong=_elsewhere(facts))
    late = sum(_is_late(offer, facts) for offer in facts.offers)
    yield _item(Check.OFFERS, wrong=bool(late), number=late)
    if facts.slots:
        names = tuple(_too_late(facts, now))
        yield _item(Check.REMINDERS, wrong=bool(names), names=names)
    over = facts.taken - facts.capacity if facts.capacity is not None else 0
    yield _item(Check.PLACES, wrong=over > 0, number=over)
    pictures = count_pictures(facts.description)
    yield _item(Check.PICTURES, wrong=bool(pictures), number=pictures)
    yield _item(Check.READING, wrong=not facts.has_reading)
    yield _item(Check.SENDER, wrong=facts.sender_differs)
    clashes = sum(not each.is_known for each in facts.meetings)
    yield _item(Check.CLASHES, wrong=bool(clashes), number=clashes)


def _item(
    check: Check,
    *,
    wrong: bool,
    number: int = 0,
    hours: tuple[Hour, ...] = (),
    names: tuple[str, ...] = (),
) -> Item:
    level = Level.SHOULD if wrong else Level.FINE
    return Item(check=check, level=level, number=number, hours=hours, names=names)


def _sleepless(slots: Sequence[Slot]) -> Iterator[Hour]:
    """Yield who would be on stage too early or too late, each once."""
    seen = set()
    for slot in slots:
        for who in slot.on_stage:
            if who.zone is None or who.key in seen:
                continue
            begins = _wall(slot.starts_at, who.zone)
            ends = _wall(slot.ends_at, who.zone)
            late = ends.time() > LATEST or ends.date() > begins.date()
            if begins.time() < EARLIEST or late:
                seen.add(who.key)
                yield Hour(who, slot.starts_at)


def _elsewhere(facts: Facts) -> bool:
    """Tell whether the clocks of an event show other times than its conference's."""
    return any(
        _wall(slot.starts_at, facts.zone)
        != _wall(slot.starts_at, facts.conference_zone or facts.zone)
        for slot in facts.slots
    )


def _is_late(offer: OfferDays, facts: Facts) -> bool:
    """Tell whether an offer is said to hold when the event has begun already."""
    if not facts.slots:
        return False
    start = min(slot.starts_at for slot in facts.slots)
    day = _wall(start, facts.zone).date()
    opens_late = offer.opens_at is not None and offer.opens_at >= start
    return opens_late or (offer.closes_on is not None and offer.closes_on > day)


def _too_late(facts: Facts, now: datetime) -> Iterator[str]:
    """Yield the reminders of the first session that would be due before it is seen."""
    start = min(slot.starts_at for slot in facts.slots)
    for name, lead in facts.leads.items():
        if facts.is_draft and start - lead <= now < start:
            yield name


def _wall(instant: datetime, zone: str) -> datetime:
    """Return what a clock in a zone shows."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
