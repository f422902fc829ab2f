"""When a publication may be saved, and who may see it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.library.rules.publishing import (
    Problem,
    PublicationDraft,
    PublicationKind,
    Standing,
    free_name,
    is_due,
    problems_of,
    standing,
)
from tests.factories import NOON

TODAY = date(2030, 5, 1)
DAY = timedelta(days=1)


def draft(
    published_on: date | None = None, look_again_on: date | None = None
) -> PublicationDraft:
    return PublicationDraft(
        kind=PublicationKind.SLIDES,
        title="Slides",
        summary="Of a talk.",
        published_on=published_on,
        look_again_on=look_again_on,
    )


def test_standing_follows_from_the_dates() -> None:
    assert standing(None, None) is Standing.DRAFT
    assert standing(TODAY, None) is Standing.PUBLISHED
    assert standing(TODAY, NOON) is Standing.RETIRED
    assert standing(None, NOON) is Standing.RETIRED


@pytest.mark.parametrize(
    ("published_on", "look_again_on", "has_file", "problems"),
    [
        (None, None, False, {}),
        (None, TODAY, False, {}),
        (TODAY, None, True, {}),
        (TODAY, TODAY + DAY, True, {}),
        (TODAY + DAY, None, True, {"published_on": Problem.NOT_YET}),
        (TODAY + DAY, None, False, {"published_on": Problem.NOT_YET}),
        (TODAY, None, False, {"published_on": Problem.NO_FILE}),
        (TODAY, TODAY, True, {"look_again_on": Problem.LOOKED_BEFORE}),
        (
            TODAY,
            TODAY - DAY,
            False,
            {
                "published_on": Problem.NO_FILE,
                "look_again_on": Problem.LOOKED_BEFORE,
            },
        ),
    ],
)
def test_what_keeps_a_publication_from_being_saved_is_said_by_field(
    published_on: date | None,
    look_again_on: date | None,
    has_file: bool,  # noqa: FBT001 - a row of the table
    problems: dict[str, Problem],
) -> None:
    found = problems_of(
        draft(published_on, look_again_on), has_file=has_file, today=TODAY
    )
    assert found == problems


@given(st.dates(), st.dates())
def test_it_is_due_from_its_day_on(look_again_on: date, today: date) -> None:
    assert is_due(look_again_on, today=today) == (today >= look_again_on)


def test_what_names_no_day_is_never_due() -> None:
    assert not is_due(None, today=TODAY)


@given(st.sets(st.sampled_from(["a", "a-2", "a-3", "b"])))
def test_a_name_is_free_and_the_first_that_is(taken: set[str]) -> None:
    name = free_name("a", taken)
    earlier = {"a": [], "a-2": ["a"], "a-3": ["a", "a-2"], "a-4": ["a", "a-2", "a-3"]}
    assert name not in taken
    assert taken.issuperset(earlier[name])
