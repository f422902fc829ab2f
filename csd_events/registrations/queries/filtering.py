"""Whom staff want to see of an event, and how that is asked of the database."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select
from sqlalchemy.orm import aliased

from csd_events.core.search import holds
from csd_events.core.text import fold, sort_key
from csd_events.core.time import start_of_day
from csd_events.core.tokens import REFERENCES_BEGIN
from csd_events.registrations.models import Answer, Registration, Selected
from csd_events.registrations.rules import State

#: Behind every key that begins with the same words.
_LAST = "\U0010ffff"
#: They hold or await a place, and are not on the list of the conference required.
MISSES_LIST: Final = and_(
    Registration.is_unlisted, Registration.state != State.CANCELLED
)


class Sort(StrEnum):
    """What staff's list of an event is sorted by."""

    NEWEST = "newest"
    NAME = "name"
    ORGANIZATION = "organization"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Only those who answered a question in one way."""

    question_id: int
    value: str | bool


@dataclass(frozen=True, slots=True)
class Days:
    """Days on the clocks of a zone, both ends included; either may be open."""

    first: date | None
    last: date | None
    zone: str

    @property
    def since(self) -> datetime | None:
        """The first instant that counts."""
        return start_of_day(self.first, self.zone) if self.first else None

    @property
    def until(self) -> datetime | None:
        """The first instant that counts no more."""
        if self.last is None or self.last == date.max:
            return None
        return start_of_day(self.last + timedelta(days=1), self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilters:
    """Whom staff want to see of an event, and in which order.

    Attributes:
        unlisted: Only those who hold or await a place and are not on the list of the
            conference that the event requires.
        organization: How the name of their organization begins, as typed.
        days: On which they registered.
        selection_id: Only those whom staff have chosen before.
    """

    state: State | None = None
    sort: Sort = Sort.NEWEST
    words: str = ""
    unlisted: bool = False
    answer: Narrowed | None = None
    offer_id: int | None = None
    organization: str = ""
    days: Days | None = None
    selection_id: int | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the event's own counters say how many fit."""
        return not (self.words or self.unlisted or self.answer or self._is_close)

    @property
    def _is_close(self) -> bool:
        asked = self.offer_id, self.organization, self.days, self.selection_id
        return any(asked)


def select_ids(event_id: int, filters: ListFilters) -> Select[int]:
    """Select all who fit, in no order."""
    query = select(Registration.id).where(Registration.event_id == event_id)
    if filters.state:
        query = query.where(Registration.state == filters.state)
    if filters.unlisted:
        query = query.where(MISSES_LIST)
    if filters.answer:
        query = query.where(_has_answered(filters.answer))
    if filters.offer_id:
        query = query.where(Registration.offer_id == filters.offer_id)
    if filters.organization:
        query = query.where(*_begins(sort_key(filters.organization)))
    if filters.days:
        query = query.where(*_within(filters.days))
    if filters.selection_id:
        chosen = select(Selected.registration_id)
        of = chosen.where(Selected.selection_id == filters.selection_id)
        query = query.where(Registration.id.in_(of))
    words = sorted(fold(filters.words).split(), key=_how_common)
    return query.where(*(_holds(word) for word in words))


def _has_answered(narrowed_by: Narrowed) -> ColumnElement[bool]:
    """Match who answered so; answers are compared as the JSON they are kept as."""
    as_kept = cast(Answer.value, String) == json.dumps(narrowed_by.value)
    so = select(Answer.registration_id).where(
        Answer.question_id == narrowed_by.question_id, as_kept
    )
    return Registration.id.in_(so)


def _begins(key: str) -> tuple[ColumnElement[bool], ...]:
    """Match how an organization's key begins, in the order of its index."""
    if not key:
        return ()
    column = Registration.organization_key
    return column >= key, column < key + _LAST, column.startswith(key, autoescape=True)


def _within(days: Days) -> list[ColumnElement[bool]]:
    at, found = Registration.registered_at, []
    if days.since is not None:
        found.append(at >= days.since)
    if days.until is not None:
        found.append(at < days.until)
    return found


def _how_common(word: str) -> tuple[bool, int]:
    """Sort by what looks rarest, so that few rows are asked for the other words."""
    return word.isalpha(), -len(word)


def _holds(word: str) -> ColumnElement[bool]:
    """Match a word of a search in name, organization or address, or a reference."""
    stands = holds(Registration.search_key, word)
    if not word.upper().startswith(REFERENCES_BEGIN):
        return stands
    named = aliased(Registration)  # found once: references are in no order's index
    by_reference = select(named.id).where(named.reference == word.upper())
    return or_(stands, Registration.id == by_reference.scalar_subquery())
