"""What became of an event, as staff read it and print it."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from csd_events.core.charts import climb, widths
from csd_events.core.time import day_words, to_wall
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.words import audience_words
from csd_events.home.queries.report import QUARTER, Breakdown
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.rules import VIA_FRAME
from csd_events.registrations.words import KIND_WORDS
from csd_events.topics.catalogue import POPULATION_CLASSES
from csd_events.topics.rules import place_name

Key = TypeVar("Key", bound=Hashable)
#: Of the picture of how registrations grew.
WIDTH, HEIGHT = 600, 160


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a table with the bar beside it, its width of 100."""

    name: str
    number: int
    share_words: str
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A table of who has a place, by one thing that is known of them."""

    id: str
    heading: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Growth:
    """How registrations grew: the corners of the line, and a line a day.

    Attributes:
        days: The day in words, how many on it, and how many since the first.
    """

    points: str
    days: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class MailCounts:
    """What became of the mails of one kind."""

    kind_words: str
    delivered: int
    waiting: int
    failed: int
    skipped: int


def growth_of(quarters: Mapping[int, int], zone: str) -> Growth:
    """Say how registrations grew, by the days of a zone."""
    by_day: Counter[date] = Counter()
    for quarter, number in quarters.items():
        instant = datetime.fromtimestamp(quarter * QUARTER, UTC)
        by_day[to_wall(instant, zone).date()] += number
    days, steps, total = [], [], 0
    for day in sorted(by_day):
        total += by_day[day]
        days.append((day_words(day), by_day[day], total))
        steps.append((float(day.toordinal()), total))
    return Growth(climb(steps, width=WIDTH, height=HEIGHT), days)


def charts_of(event: Event, found: Breakdown) -> list[Chart]:
    """Return the tables of who has a place; none where nobody has."""
    if not sum(found.offers.values()):
        return []
    offers = {each.id: audience_words(each.audience) for each in event.offers}
    return [
        Chart(
            "by-offer",
            _("By offer"),
            _bars(found.offers, offers.get),
        ),
        Chart("by-way", _("By how they came"), _bars(found.ways, _way_words)),
        Chart("by-state", _("By state"), _bars(found.states, place_name)),
        Chart("by-size", _("By size of community"), _bars(found.sizes, _size_words)),
        Chart("by-kind", _("By kind of government"), _bars(found.kinds, _as_it_is)),
    ]


def mail_counts(found: Mapping[tuple[str, MailState], int]) -> list[MailCounts]:
    """Say by kind what became of mails; kinds as the program sends them."""
    kinds = [kind for kind in KIND_WORDS if any(kind == each for each, _s in found)]
    return [
        MailCounts(
            str(KIND_WORDS[kind]),
            delivered=found.get((kind, MailState.SENT), 0),
            waiting=found.get((kind, MailState.QUEUED), 0)
            + found.get((kind, MailState.SENDING), 0),
            failed=found.get((kind, MailState.FAILED), 0)
            + found.get((kind, MailState.RETURNED), 0),
            skipped=found.get((kind, MailState.SKIPPED), 0),
        )
        for kind in kinds
    ]


def share_words(number: int, total: int) -> str:
    """Write a part of a whole as ``12 %``; empty of nothing."""
    return _("%(number)s %%", number=round(100 * number / total)) if total else ""


def _bars(
    counts: Mapping[Key | None, int], name: Callable[[Key], str | None]
) -> list[Bar]:
    """Return the bars of a table, the longest first, what is not known last."""
    named: Counter[str] = Counter()
    for key, number in counts.items():
        named[(None if key is None else name(key)) or ""] += number
    total = sum(named.values())
    ordered = sorted(named.items(), key=lambda each: (not each[0], -each[1], each[0]))
    drawn = widths([number for _name, number in ordered])
    return [
        Bar(words or _("Not known"), number, share_words(number, total), width)
        for (words, number), width in zip(ordered, drawn, strict=True)
    ]


def _way_words(way: tuple[bool, str | None]) -> str:
    is_of_a_group, via = way
    if is_of_a_group:
        return _("Registered by somebody else")
    if via == VIA_FRAME:
        return _("The form on your own site")
    return f"?via={via}" if via else _("The event's own page")


def _size_words(size: str | None) -> str | None:
    return POPULATION_CLASSES[size][0] if size in POPULATION_CLASSES else None


def _as_it_is(kind: str | None) -> str | None:
    return kind.capitalize() if kind else None
