"""What makes two organizations one, and what people write of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.organizations.rules import (
    makes_a_cycle,
    name_key,
    organization_key,
    population_class_of,
    read_kind,
    read_population,
    read_state,
    split_place,
)
from csd_events.topics.catalogue import POPULATION_CLASSES, STATES


def test_a_name_is_told_apart_by_its_state_and_not_by_case_or_accents() -> None:
    assert organization_key("Springfield", "IL") != organization_key(
        "Springfield", "OH"
    )
    assert organization_key(" City of  MÁLAGA ", None) == organization_key(
        "city of Malaga", None
    )


@given(st.text(max_size=300))
def test_a_key_fits_an_index(name: str) -> None:
    assert len(name_key(name)) <= 400


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("NC", "NC"),
        ("nc", "NC"),
        ("North Carolina", "NC"),
        ("north  carolina", "NC"),
        ("Québec", "QC"),
        ("Carolina", None),
        ("", None),
    ],
)
def test_a_state_is_read_by_letters_or_name(written: str, code: str | None) -> None:
    assert read_state(written) == code


def test_a_kind_is_read_without_case() -> None:
    assert [read_kind(w) for w in ("City", "SCHOOL District", "castle")] == [
        "city",
        "school district",
        None,
    ]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("0", "under 2.5k"),
        ("2,499", "under 2.5k"),
        ("2500", "2.5k-10k"),
        ("31 000", "25k-50k"),
        ("500k+", "500k+"),
        ("10,000 to 24,999", "10k-25k"),
        ("many", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_a_population_is_read_as_its_class(written: str, found: str | None) -> None:
    assert read_population(written) == found


@given(st.integers(0, 20_000_000))
def test_every_number_of_people_is_in_the_class_that_begins_at_or_below_it(
    people: int,
) -> None:
    starts = [least for _, least in POPULATION_CLASSES.values()]
    (_, least) = POPULATION_CLASSES[population_class_of(people)]
    assert least == max(start for start in starts if start <= people)


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 8), max_size=9))
def test_parents_given_one_after_the_other_never_make_a_cycle(
    wished: dict[int, int],
) -> None:
    parents: dict[int | str, int | str | None] = {}
    for child, parent in wished.items():
        if not makes_a_cycle(child, parent, parents):
            parents[child] = parent
    for start in parents:
        seen: list[int | str] = [start]
        while (above := parents.get(seen[-1])) is not None:
            assert above not in seen
            seen.append(above)


def test_nothing_stands_under_itself() -> None:
    assert makes_a_cycle(1, 1, {})
    assert makes_a_cycle(1, 3, {3: 2, 2: 1})
    assert not makes_a_cycle(1, 3, {3: 2})
    assert not makes_a_cycle(1, 2, {2: 3, 3: 2})  # theirs, and not made by this


def test_no_state_is_another_ones_letters() -> None:
    assert {read_state(code) for code in STATES} == set(STATES)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Springfield, IL", ("Springfield", "IL")),
        ("Springfield ,illinois", ("Springfield", "IL")),
        ("Lee, Town of", ("Lee, Town of", None)),
        ("Springfield", ("Springfield", None)),
    ],
)
def test_a_state_behind_the_name_is_told_from_a_name_with_a_comma(
    words: str, read: tuple[str, str | None]
) -> None:
    assert split_place(words) == read
