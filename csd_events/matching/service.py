"""Suggesting case studies from the library there is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, inspect
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.library import queries as library_queries
from csd_events.library.models import CaseStudy
from csd_events.library.rules import CaseLine, vendor_among
from csd_events.library.rules.document import read_document
from csd_events.library.rules.records import CaseRecord
from csd_events.library.service import built_in_document
from csd_events.matching import rules
from csd_events.matching.rules import REGISTERED_LIMIT, Case, Library, Profile

#: How long the cases in memory are trusted before the database is asked again.
CHECK_EVERY = timedelta(seconds=5)
#: So many answers are remembered: most registrants of an event ask the same.
REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Case studies for somebody, best first under each heading, and a note or none."""

    lines: tuple[CaseLine, ...]
    note: str | None

    @property
    def first(self) -> CaseLine | None:
        """The one to show where there is room for one."""
        return next(iter(self.lines), None)

    @property
    def by_heading(self) -> list[tuple[str, list[CaseLine]]]:
        """The cases under their headings, in order."""
        grouped = groupby(self.lines, attrgetter("heading"))
        return [(heading, list(lines)) for heading, lines in grouped]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The cases as they were when the database's stamp was this."""

    stamp: str | None
    checked_at: datetime
    library: Library
    lines: Mapping[str, CaseLine]
    suggest: Callable[[Profile, rules.Session, int | None], Suggestions]


#: What this process holds in memory, for each database it serves.
_shelves: WeakKeyDictionary[Dialect, _Shelf] = WeakKeyDictionary()


def library(session: Session, *, now: datetime) -> Library:
    """Return every case, from memory while none has changed.

    Another process sees a change after `CHECK_EVERY` at the latest.
    """
    return _shelf(session, now).library


def recommend(
    session: Session,
    profile: Profile,
    about: rules.Session,
    *,
    now: datetime,
    was_there: bool = False,
) -> Suggestions:
    """Suggest case studies to somebody who has a place at an event.

    Who was there or watched gets up to five;
    who has only registered, at most three besides the event's reading. Nobody who is
    cancelled or waiting is suggested anything: do not ask.
    """
    limit = None if was_there else REGISTERED_LIMIT
    return _shelf(session, now).suggest(profile, about, limit)


def recommend_at(
    session: Session,
    profile: Profile,
    event: Event,
    *,
    now: datetime,
    was_there: bool = False,
) -> Suggestions:
    """Suggest as `recommend` does, and say where who underwrites the event is a vendor.

    Args:
        event: Its service areas must be loaded.
    """
    found = recommend(session, profile, about(event), now=now, was_there=was_there)
    return name_vendors(session, found, event.id)


def name_vendors(session: Session, found: Suggestions, event_id: int) -> Suggestions:
    """Say at each case study whose vendor underwrites an event that it does.

    Nothing is asked where no case is of a vendor that paid for a program.
    """
    if not any(line.vendor_said for line in found.lines):
        return found
    payers = events.list_underwriters(session, event_id)
    lines = (
        replace(line, underwriter=vendor_among(line.vendor_said, payers))
        for line in found.lines
    )
    return replace(found, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class Explained:
    """A suggested case with what it was compared by."""

    line: CaseLine
    levels: rules.Levels


def explain(
    session: Session,
    profile: Profile,
    about: rules.Session | None,
    *,
    now: datetime,
    was_there: bool,
) -> tuple[list[Explained], str | None]:
    """Say what somebody would be suggested, with each case's levels, and the note."""
    shelf = _shelf(session, now)
    limit = None if was_there else REGISTERED_LIMIT
    found = rules.match(profile, about, shelf.library, limit=limit)
    explained = [
        Explained(
            replace(shelf.lines[one.case], heading=one.heading, reasons=one.reasons),
            one.levels,
        )
        for one in found.result
    ]
    return explained, found.note


def about(event: Event) -> rules.Session:
    """Say what an event is about, as matching asks."""
    return rules.Session(
        areas=tuple(event.area_ids),
        pinned=tuple(event.reading),
        hidden=tuple(event.hidden_cases),
    )


def library_or_built_in(session: Session, *, now: datetime) -> Library:
    """Return the cases of the database, or those the program brings if it has none."""
    if inspect(session.connection()).has_table(CaseStudy.__tablename__):
        stored = library(session, now=now)
        if stored.cases:
            return stored
    brought = read_document(built_in_document(), known_sources=()).cases
    return Library(_case(each, each.service_areas) for each in brought)


def _shelf(session: Session, now: datetime) -> _Shelf:
    dialect = session.get_bind().dialect  # one for each engine
    shelf = _shelves.get(dialect)
    # A clock that stands still, as in a test, says nothing about time passed.
    if shelf and timedelta(0) < now - shelf.checked_at < CHECK_EVERY:
        return shelf
    stamp = library_queries.find_stamp(session)
    if shelf and stamp is not None and stamp == shelf.stamp:
        shelf = replace(shelf, checked_at=now)
    else:
        shelf = _filled(library_queries.list_cases(session), stamp=stamp, now=now)
    _shelves[dialect] = shelf
    return shelf


def _filled(cases: Iterable[CaseStudy], *, stamp: str | None, now: datetime) -> _Shelf:
    every = list(cases)
    library = Library(_case(each, [row.area for row in each.areas]) for each in every)
    lines = {case.id: library_queries.line_of(case) for case in every}

    @lru_cache(maxsize=REMEMBERED)
    def suggest(
        profile: Profile, event: rules.Session, limit: int | None
    ) -> Suggestions:
        found = rules.match(profile, event, library, limit=limit)
        best = (
            replace(lines[one.case], heading=one.heading, reasons=one.reasons)
            for one in found.result
        )
        return Suggestions(tuple(best), found.note)

    return _Shelf(stamp, now, library, lines, suggest)


def _case(case: CaseStudy | CaseRecord, areas: Sequence[str]) -> Case:
    """Return what matching looks at in a case, stored or as a file gives it."""
    return Case(
        id=case.id,
        title=case.title,
        areas=tuple(areas),
        form=case.form,
        classes=_classes(case.population_class, case.partner_classes),
        country=case.country,
        state=case.state,
        type=case.lead_jurisdiction_type,
        topics=tuple(case.topics),
        year_started=case.year_started,
        outcome=case.outcome,
    )


def _classes(of_all: str | None, of_partners: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, [of_all, *of_partners])))
