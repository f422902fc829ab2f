"""Suggesting from the library there is, mostly from memory."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from csd_events.library.service import built_in_document, import_cases
from csd_events.matching.rules import Profile
from csd_events.matching.rules import Session as About
from csd_events.matching.service import CHECK_EVERY, library, recommend

SECOND = timedelta(seconds=1)


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    return session


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.extend(re.findall(r"^SELECT", str(given[2])))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


def test_who_registered_gets_the_reading_and_three_more(
    filled: Session, now: datetime
) -> None:
    found = recommend(
        filled,
        Profile(state="NY"),
        About(areas=("dispatch_911",), pinned=("heartland-fire",)),
        now=now,
    )
    assert [(line.heading, line.id) for line in found.lines] == [
        ("Discussed in the session", "heartland-fire"),
        ("The same service", "concord-dispatch"),
        ("The same service", "virtual-dispatch"),
        ("The same service", "dakota-911"),
    ]
    first = found.first
    assert first is not None
    assert (first.title, first.place_words, first.confidence_note) == (
        "Three cities, one fire management team",
        "El Cajon, La Mesa and others, California",
        "Two independent pages agree on the parties and purpose; the saving is an "
        "expectation, not a result.",
    )
    assert found.lines[1].reasons == (
        "Service: 911 dispatch, which the session is about",
        "Your state, NY",
    )


def test_what_staff_hide_at_an_event_is_not_suggested_there(
    filled: Session, now: datetime
) -> None:
    hidden = ("virtual-dispatch", "no-such-case")
    dispatch = About(areas=("dispatch_911",), hidden=hidden)
    found = [line.id for line in recommend(filled, Profile(), dispatch, now=now).lines]
    elsewhere = About(areas=("dispatch_911",))
    usual = [line.id for line in recommend(filled, Profile(), elsewhere, now=now).lines]
    assert "virtual-dispatch" in usual
    assert "virtual-dispatch" not in found
    assert len(found) == len(usual)


def test_what_is_pinned_and_hidden_is_shown(filled: Session, now: datetime) -> None:
    both = About(pinned=("logis",), hidden=("logis",))
    assert recommend(filled, Profile(), both, now=now).lines[0].id == "logis"


def test_who_was_there_gets_five(filled: Session, now: datetime) -> None:
    found = recommend(
        filled,
        Profile(areas=("dispatch_911",)),
        About(),
        now=now,
        was_there=True,
    )
    assert len(found.lines) == 5


def test_an_empty_library_suggests_nothing(session: Session, now: datetime) -> None:
    found = recommend(session, Profile(), About(areas=("police",)), now=now)
    assert (found.lines, found.first, found.note) == (
        (),
        None,
        "We hold no account of this service yet.",
    )


def test_a_change_is_seen_once_the_database_is_asked_again(
    session: Session, now: datetime
) -> None:
    assert len(library(session, now=now).cases) == 0
    import_cases(session, built_in_document())
    session.commit()
    assert len(library(session, now=now + SECOND).cases) == 0
    assert len(library(session, now=now + CHECK_EVERY).cases) == 44


def test_the_database_is_left_alone_for_some_seconds(
    filled: Session, now: datetime
) -> None:
    library(filled, now=now)
    with counting(filled) as statements:
        library(filled, now=now + SECOND)
        recommend(filled, Profile(), About(), now=now + 4 * SECOND)
    assert statements == []


def test_while_nothing_changed_asking_again_costs_one_statement(
    filled: Session, now: datetime
) -> None:
    before = library(filled, now=now)
    with counting(filled) as statements:
        after = library(filled, now=now + CHECK_EVERY)
    assert (len(statements), after is before) == (1, True)


def test_a_clock_set_back_asks_the_database(filled: Session, now: datetime) -> None:
    library(filled, now=now)
    with counting(filled) as statements:
        library(filled, now=now - SECOND)
    assert len(statements) == 1
