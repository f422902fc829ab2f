"""Looking things up in the vocabulary."""

import pytest

from csd_events.topics.catalogue import (
    CENSUS_DIVISIONS,
    FORMS,
    POPULATION_CLASSES,
    PROVINCES,
    STATES,
)
from csd_events.topics.rules import (
    AREAS,
    FAMILIES,
    area_name,
    areas_by_family,
    areas_in,
    class_distance,
    division_of,
    family_name,
    family_of,
    form_name,
    place_name,
    topic_name,
)


def test_ids_have_names() -> None:
    assert area_name("dispatch_911") == "911 dispatch"
    assert family_name("public_safety") == "Public safety"
    assert form_name("public_nonprofit") == "Public-nonprofit"
    assert topic_name("exit_and_termination") == "exit and termination"
    assert [place_name(code) for code in ("NY", "ON")] == ["New York", "Ontario"]


@pytest.mark.parametrize("name", [area_name, family_name, form_name, place_name])
def test_an_unknown_id_is_shown_as_it_is(name: object) -> None:
    assert callable(name)
    assert name("moon_base") == "moon_base"


def test_an_unknown_id_belongs_nowhere() -> None:
    assert (family_of("moon_base"), areas_in("moon"), division_of("ON")) == (
        None,
        (),
        None,
    )


def test_every_area_is_in_its_family() -> None:
    assert [area for family in FAMILIES for area in areas_in(family)] == list(AREAS)
    assert {family_of(area) for area in AREAS} == set(FAMILIES)


def test_the_vocabulary_is_whole() -> None:
    assert [len(AREAS), len(FAMILIES), len(FORMS), len(POPULATION_CLASSES)] == [
        30,
        6,
        5,
        8,
    ]
    divided = [state for states in CENSUS_DIVISIONS.values() for state in states]
    assert len(divided) == len(set(divided)) == 51
    assert set(STATES) - set(divided) == {"AS", "GU", "MP", "PR", "VI"}
    assert set(STATES) & set(PROVINCES) == set()


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("under 2.5k", "under 2.5k", 0),
        ("10k-25k", "2.5k-10k", 1),
        ("under 2.5k", "500k+", 7),
        ("under 2.5k", None, None),
        ("several", "500k+", None),
    ],
)
def test_classes_are_as_far_apart_as_the_steps_between_them(
    one: str, other: str | None, steps: int | None
) -> None:
    assert class_distance(one, other) == steps
    assert class_distance(other, one) == steps


def test_states_stand_in_the_order_of_their_names() -> None:
    names = list(STATES.values())
    assert names == sorted(names)


def test_a_list_to_choose_from_holds_every_area_under_its_family() -> None:
    lists = areas_by_family()
    assert list(lists) == list(FAMILIES.values())
    assert {k: v for areas in lists.values() for k, v in areas.items()} == AREAS
