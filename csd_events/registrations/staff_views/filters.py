"""Which of an event's people staff ask for, as an address says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from csd_events.core.pages import read_id, read_search
from csd_events.events.models import Event
from csd_events.events.rules import Question
from csd_events.registrations.queries import Days, ListFilters, Sort
from csd_events.registrations.rules import State
from csd_events.registrations.staff_views.narrowing import read_narrowed, written

#: All that an address may say of whom it shows.
NAMES = (
    "state", "sort", "q", "unlisted", "question", "answer", "offer", "organization",
    "from", "until", "selection",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and whether a day of it could not be read."""

    filters: ListFilters
    misread: bool  # a day that is none


def read_filters(
    event: Event, asked: Sequence[Question], given: Mapping[str, str]
) -> Asked:
    """Read them; a value we do not know asks for nothing."""
    sort = given.get("sort")
    days, misread = _days(given.get("from"), given.get("until"), event.zone)
    filters = ListFilters(
        state=read_state(given.get("state")),
        sort=Sort(sort) if sort in set(Sort) else Sort.NEWEST,
        words=read_search(given.get("q")),
        unlisted=given.get("unlisted") == "1",
        answer=read_narrowed(asked, given.get("question"), given.get("answer")),
        offer_id=read_id(given.get("offer")) or None,
        organization=read_search(given.get("organization")),
        days=days,
        selection_id=read_id(given.get("selection")) or None,
    )
    return Asked(filters, misread)


def read_state(given: str | None) -> State | None:
    """Read a state as an address has it; None for anything else."""
    return State(given) if given in set(State) else None


def written_filters(filters: ListFilters) -> dict[str, Any]:
    """Write them as an address has them: nothing of what asks for nothing."""
    question, answer = written(filters.answer)
    days = filters.days
    every = {
        "state": filters.state.value if filters.state else None,
        "sort": None if filters.sort is Sort.NEWEST else filters.sort.value,
        "q": filters.words or None,
        "unlisted": "1" if filters.unlisted else None,
        "question": question,
        "answer": answer,
        "offer": filters.offer_id,
        "organization": filters.organization or None,
        "from": days.first.isoformat() if days and days.first else None,
        "until": days.last.isoformat() if days and days.last else None,
        "selection": filters.selection_id,
    }
    return {name: value for name, value in every.items() if value is not None}


def _days(first: str | None, last: str | None, zone: str) -> tuple[Days | None, bool]:
    """Read two days, and tell whether one of them was none."""
    read = [_day(each) for each in (first, last)]
    misread = any(
        given and day is None for given, day in zip((first, last), read, strict=True)
    )
    days = Days(read[0], read[1], zone) if any(read) else None
    return days, misread


def _day(given: str | None) -> date | None:
    """Read a day as browsers send it: ``2026-10-31``; None for anything else."""
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None  # noqa: PLR2004 - years in four digits
