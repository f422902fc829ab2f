"""Two imports about the same rows: what one of them claims the other does not take."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.core.errors import RefusedError
from csd_events.imports import queries
from csd_events.imports.rules import RunState
from csd_events.organizations.models import ImportRun
from csd_events.organizations.rules import Column, Refusal
from csd_events.organizations.service import importing
from tests.importing import (
    WHOLE,
    compare,
    confirm,
    counts,
    everything,
    lines_of,
    rows,
    take_in,
    undo,
    work,
)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session) -> Iterator[None]:
    with app.app_context():
        yield


def touched(session: Session, run_id: int) -> list[str]:
    session.rollback()
    run = session.get_one(ImportRun, run_id, populate_existing=True)
    return sorted(run.counts["touched"])


def refused(run_id: int) -> Refusal:
    with pytest.raises(RefusedError) as error:
        confirm(run_id)
    return Refusal(error.value.reason)


def compare_again(run_id: int) -> None:
    with transaction() as session:
        columns = queries.get_run(session, ImportRun, run_id).columns
        matched = {int(key): Column(value) for key, value in columns.items()}
        importing.match_columns(session, run_id, matched)
    assert work(run_id) is RunState.READY


def test_what_a_later_file_names_too_is_not_taken_back(session: Session) -> None:
    first = take_in(WHOLE)
    second = take_in(WHOLE)
    there = everything()

    assert undo(first) is RunState.DONE

    assert everything() == there
    names = ["Ada Alder", "Ben Birch", "City of Sample", "Sample County"]
    assert touched(session, first) == names
    # Once the later one is taken back, nobody claims it.
    assert undo(second) is RunState.UNDONE
    assert undo(first) is RunState.UNDONE
    assert rows()["organizations"] == 0


def test_what_a_file_names_that_was_compared_at_the_same_time_is_not_taken_back(
    session: Session,
) -> None:
    first, second = compare(WHOLE), compare(WHOLE)
    for run_id in (first, second):
        confirm(run_id)
        assert work(run_id) is RunState.DONE
    there = everything()
    assert undo(first) is RunState.DONE
    assert everything() == there


def test_a_file_that_nobody_confirmed_claims_nothing() -> None:
    first = take_in(WHOLE)
    compare(WHOLE)
    assert undo(first) is RunState.UNDONE
    assert rows()["organizations"] == 0


def test_a_later_file_claims_what_it_names_and_nothing_else(session: Session) -> None:
    take_in(lines_of("Sample County,1,county,NC,,,,,,,,,,,"))
    second = take_in(WHOLE)
    take_in(lines_of("Sample County,1,county,NC,,,,,,,,,,,"))
    assert undo(second) is RunState.UNDONE
    assert rows()["organizations"] == 1


def test_nothing_is_confirmed_while_another_import_is_being_taken_back() -> None:
    first, second = take_in(WHOLE), compare(WHOLE)
    with transaction() as session:
        importing.undo(session, first)
    assert refused(second) is Refusal.BEING_UNDONE
    assert work(first) is RunState.UNDONE


def test_what_was_compared_with_rows_that_are_gone_is_compared_again() -> None:
    first, second = take_in(WHOLE), compare(WHOLE)
    assert counts(second) == {"unchanged": 4}
    there = everything()
    assert undo(first) is RunState.UNDONE

    assert refused(second) is Refusal.COMPARED_WITH_GONE

    compare_again(second)
    assert counts(second) == {"new": 4}
    confirm(second)
    assert work(second) is RunState.DONE
    kept = {name: len(each) for name, each in there.items()}
    assert {name: len(each) for name, each in everything().items()} == kept
