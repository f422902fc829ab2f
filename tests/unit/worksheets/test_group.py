"""What several people's answers come to, to the letter."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.worksheets.rules import (
    FACTORS,
    Answers,
    Item,
    Side,
    Spread,
    Together,
    grades_for_forms,
    score,
    together,
    weigh,
)
from csd_events.worksheets.service.instruments import instrument

EXAMPLE = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))[
    "group"
]
TOOL = instrument()
WORKSHEETS = st.fixed_dictionaries(
    {factor: st.sampled_from([None, 1, 2, 3]) for factor in FACTORS}
)


def answered(*answers: int | None, factor: str = "S1") -> Together:
    """Put people together who answered one question, and 2 to all others."""
    usual: dict[str, int | None] = dict.fromkeys(FACTORS, 2)
    found = together(TOOL, [usual | {factor: answer} for answer in answers])
    assert found is not None
    return found


def item(*answers: int | None) -> Item:
    return answered(*answers).items[0]


def test_four_people_score_dispatch_as_the_example_says() -> None:
    found = together(TOOL, list(EXAMPLE["answers"].values()))
    assert found is not None
    assert list(found.talk) == EXAMPLE["talk_in_this_order"]
    for shown, expected in zip(found.items, EXAMPLE["items"], strict=True):
        assert shown.factor == expected["factor"]
        assert shown.median == expected["median"]
        assert shown.spread == expected["spread"]
        assert shown.unknown == expected["unknown"]
    service, community = found.sides[Side.SERVICE], found.sides[Side.COMMUNITY]
    assert service.score is not None
    assert community.score is not None
    assert float(service.score.rounded) == EXAMPLE["group_service_score"]
    assert float(community.score.rounded) == EXAMPLE["group_community_score"]
    own = EXAMPLE["individual_scores"].values()
    for side, name in ((service, "service"), (community, "community")):
        scores = sorted(each[name] for each in own)
        assert side.lowest is not None
        assert side.highest is not None
        assert float(side.lowest.rounded) == scores[0]
        assert float(side.highest.rounded) == scores[-1]


@pytest.mark.parametrize("people", [0, 1, 2])
def test_nothing_is_shown_before_three_people_have_handed_in(people: int) -> None:
    assert together(TOOL, [{}] * people) is None


def test_three_people_are_enough_though_nobody_knows_anything() -> None:
    found = together(TOOL, [{}] * 3)
    assert found is not None
    assert found.result.service is None
    assert found.sides[Side.SERVICE].lowest is None
    assert {each.spread for each in found.items} == {None}


@pytest.mark.parametrize(
    ("answers", "spread", "unknown", "median"),
    [
        ((2, 2, 2), Spread.AGREE, 0, Fraction(2)),
        ((None, 3, None), Spread.AGREE, 2, Fraction(3)),
        ((1, 2, 2, 1), Spread.CLOSE, 0, Fraction(3, 2)),
        ((2, 3, None), Spread.CLOSE, 1, Fraction(5, 2)),
        ((1, 3, 2, 2), Spread.SPLIT, 0, Fraction(2)),
        ((None, None, None), None, 3, None),
    ],
)
def test_spread_and_median_are_of_the_known_answers(
    answers: tuple[int | None, ...],
    spread: Spread | None,
    unknown: int,
    median: Fraction | None,
) -> None:
    found = item(*answers)
    assert (found.spread, found.unknown, found.median) == (spread, unknown, median)


def test_four_answers_of_which_two_stand_at_the_ends_are_split() -> None:
    found = item(1, 3, 2, 2)
    assert (found.spread, found.at_the_ends) == (Spread.SPLIT, 2)


def test_an_unknown_goes_ahead_of_every_close_item() -> None:
    usual: dict[str, int | None] = dict.fromkeys(FACTORS, 1)
    people = [usual | {"C7": None}, usual | {"S1": 2}, usual]
    found = together(TOOL, people)
    assert found is not None
    assert found.talk[:3] == ("C7", "S1", "S2")


def test_the_widest_split_is_talked_about_first_and_ties_keep_their_order() -> None:
    usual: dict[str, int | None] = dict.fromkeys(FACTORS, 2)
    people = [
        usual | {"S2": 1, "C1": 1, "C2": 1},
        usual | {"S2": 3, "C1": 3, "C2": 3},
        usual | {"C2": 3, "C3": None, "S3": None},
        usual | {"C3": None},
    ]
    found = together(TOOL, people)
    assert found is not None
    assert found.talk[:5] == ("C2", "S2", "C1", "C3", "S3")


def test_what_was_settled_counts_for_forms_also_as_unknown() -> None:
    found = answered(1, 1, 2, 2)
    settled: Answers = {"S1": None, "S2": 3}
    grades = grades_for_forms(found.items, settled)
    assert (grades["S1"], grades["S2"], grades["S3"]) == (None, 3, 2)


@pytest.mark.parametrize("answers", [(1, 1, 2, 2), (3, 3, 2, 2)])
def test_a_median_between_two_grades_counts_as_the_middle_one_for_forms(
    answers: tuple[int, ...],
) -> None:
    assert grades_for_forms(answered(*answers).items, {})["S1"] == 2


def test_what_was_settled_changes_no_score() -> None:
    found = answered(1, 1, 1)
    before = found.result
    grades_for_forms(found.items, dict.fromkeys(FACTORS, 3))
    assert found.result == before


@given(st.lists(WORKSHEETS, min_size=3, max_size=9))
def test_every_group_has_each_item_once_and_scores_between_its_peoples(
    people: list[Answers],
) -> None:
    found = together(TOOL, people)
    assert found is not None
    assert sorted(found.talk) == sorted(FACTORS)
    for shown in found.items:
        assert sum(shown.counts) + shown.unknown == len(people)
    for side in found.sides.values():
        assert side.score is None or 7 <= side.score.exact <= 21
        assert (side.lowest is None) == (side.highest is None)
    assert len(weigh(TOOL, grades_for_forms(found.items, {}))) == 5


@given(st.lists(WORKSHEETS, min_size=3, max_size=6))
def test_who_handed_in_first_makes_no_difference(people: list[Answers]) -> None:
    turned = list(reversed(people))
    assert together(TOOL, people) == together(TOOL, turned)


@given(WORKSHEETS)
def test_people_who_all_say_the_same_score_as_each_of_them(answers: Answers) -> None:
    found = together(TOOL, [answers] * 3)
    assert found is not None
    assert found.result == score(TOOL, answers)


def test_a_factor_is_found_by_its_id_and_nothing_else_is() -> None:
    assert [TOOL.factor(each).id for each in FACTORS] == list(FACTORS)
    with pytest.raises(KeyError):
        TOOL.factor("R1")
