"""Scores, bands, readings and forms, to the letter."""

import json
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.worksheets.rules import (
    FACTORS,
    Answers,
    Wording,
    form_to_match,
    score,
    topics_of_low_answers,
    weigh,
)
from csd_events.worksheets.rules.data import (
    InvalidAnswersError,
    as_data,
    read_answers,
)
from csd_events.worksheets.service.instruments import instrument

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))
TOOL = instrument()
SERVICE, COMMUNITY = FACTORS[:7], FACTORS[7:]
GRADES = st.sampled_from([1, 2, 3])
WORKSHEETS = st.fixed_dictionaries({f: st.none() | GRADES for f in FACTORS})
FULL_WORKSHEETS = st.fixed_dictionaries(dict.fromkeys(FACTORS, GRADES))


def side(*answers: int | None) -> Answers:
    """Answers to the seven questions on the service."""
    return dict(zip(SERVICE, answers, strict=True))


def form(name: str, answers: Answers) -> Any:
    return next(each for each in weigh(TOOL, answers) if each.form.id == name)


@pytest.mark.parametrize("example", EXAMPLES["worksheets"], ids=lambda e: e["name"])
def test_worked_examples_come_out_to_the_letter(example: dict[str, Any]) -> None:
    answers = read_answers(example)
    asked = as_data(TOOL, answers)
    assert asked == {name: example[name] for name in asked}


def test_a_side_with_two_unknowns_is_scaled_to_seven() -> None:
    result = score(TOOL, side(3, 3, 3, 2, 2, None, None)).service
    assert result is not None
    assert (result.shown, result.band.id) == ("18.2", "favorable")


def test_a_side_with_three_unknowns_has_no_score_and_nothing_is_read_from_it() -> None:
    result = score(TOOL, side(3, 3, 3, 2, None, None, None))
    assert (result.service, result.community, result.reading) == (None, None, None)


@pytest.mark.parametrize(
    ("answers", "shown", "band"),
    [
        ((1, 1, 1, 1, 1, 1, 1), "7", "harder"),
        ((1, 2, 2, 2, 2, 1, 1), "11", "harder"),
        ((1, 2, 2, 2, 2, 2, 1), "12", "mixed"),
        ((3, 3, 2, 2, 2, 2, 2), "16", "mixed"),
        ((3, 3, 3, 2, 2, 2, 2), "17", "favorable"),
        ((3, 3, 3, 3, 3, 3, 3), "21", "favorable"),
    ],
)
def test_bands_begin_where_they_say(
    answers: tuple[int, ...], shown: str, band: str
) -> None:
    result = score(TOOL, side(*answers)).service
    assert result is not None
    assert (result.shown, result.band.id) == (shown, band)


def test_a_score_exactly_between_two_bands_is_of_the_upper_one() -> None:
    """Only a group's medians come to 11.5 and 16.5."""
    half = Fraction(3, 2)
    lower = score(
        TOOL, dict.fromkeys(SERVICE[:5], half) | dict.fromkeys(SERVICE[5:], Fraction(2))
    )
    assert lower.service is not None
    assert (lower.service.exact, lower.service.band.id) == (Fraction(23, 2), "mixed")
    upper = score(
        TOOL,
        dict.fromkeys(SERVICE[:5], Fraction(5, 2))
        | dict.fromkeys(SERVICE[5:], Fraction(2)),
    )
    assert upper.service is not None
    assert (upper.service.exact, upper.service.band.id) == (
        Fraction(33, 2),
        "favorable",
    )


@pytest.mark.parametrize(
    ("known", "shown"), [((3, 2, 2, 2, 3, 2), "16.3"), ((2, 2, 2, 1, 2, 2), "12.8")]
)
def test_a_score_is_shown_with_one_decimal_halves_upward(
    known: tuple[int, ...], shown: str
) -> None:
    result = score(TOOL, side(*known, None)).service
    assert result is not None
    assert result.shown == shown


def test_half_of_a_tenth_is_shown_upward() -> None:
    quarter = dict.fromkeys(SERVICE, Fraction(7, 4))
    result = score(TOOL, quarter).service
    assert result is not None
    assert (result.exact, result.shown) == (Fraction(49, 4), "12.3")


def test_every_pair_of_bands_says_what_the_table_says() -> None:
    levels = {"harder": 1, "mixed": 2, "favorable": 3}
    for service, community in product(levels, levels):
        answers = dict.fromkeys(SERVICE, levels[service]) | dict.fromkeys(
            COMMUNITY, levels[community]
        )
        assert score(TOOL, answers).reading == TOOL.readings[service, community]
    assert TOOL.readings["mixed", "mixed"].startswith("No clear lean.")


def test_what_nobody_knows_is_to_be_found_out_in_the_order_of_the_worksheet() -> None:
    answers = dict.fromkeys(reversed(FACTORS), 2) | {"C3": None, "S4": None}
    del answers["S1"]
    assert score(TOOL, answers).to_find_out == ("S1", "S4", "C3")


@given(WORKSHEETS)
def test_scores_stay_on_the_scale(answers: Answers) -> None:
    result = score(TOOL, answers)
    for each in (result.service, result.community):
        assert each is None or 7 <= each.exact <= 21
    assert (result.reading is None) == (None in (result.service, result.community))


@given(FULL_WORKSHEETS)
def test_a_full_side_scores_the_sum_of_its_answers(answers: dict[str, int]) -> None:
    result = score(TOOL, answers)
    assert result.service is not None
    assert result.service.exact == sum(answers[factor] for factor in SERVICE)


@given(WORKSHEETS, st.sampled_from(SERVICE))
def test_an_easier_answer_never_lowers_a_score(answers: Answers, factor: str) -> None:
    harder, easier = (
        score(TOOL, {**answers, factor: 1}),
        score(TOOL, {**answers, factor: 3}),
    )
    if harder.service is not None:
        assert easier.service is not None
        assert easier.service.exact > harder.service.exact


def test_both_gates_of_consolidation_unmet_say_both_sentences() -> None:
    found = form("consolidation_regionalization", {"C1": 1, "C4": 1})
    both = " ".join(gate.why for gate in found.form.gates)
    assert (found.wording, found.gate) == (Wording.SET_ASIDE, both)


def test_a_gate_known_to_be_unmet_counts_before_one_that_is_unknown() -> None:
    found = form("consolidation_regionalization", {"C1": None, "C4": 1})
    assert (found.wording, found.gate) == (
        Wording.SET_ASIDE,
        found.form.gates[1].why,
    )


def test_a_gate_that_is_unknown_is_to_be_found_out() -> None:
    found = form("consolidation_regionalization", {"C1": None, "C4": 2})
    assert (found.wording, found.gate) == (Wording.NOT_KNOWN, None)
    assert found.unknown_gates == ("C1",)


@pytest.mark.parametrize(
    ("answers", "wording"),
    [
        ({"C2": 3, "S2": 3}, Wording.FIRST),
        ({"C2": 3}, Wording.POSSIBLE),
        ({"C2": 2}, Wording.POSSIBLE),
        ({"C2": 3, "C7": 1}, Wording.POSSIBLE),
        ({"C2": 2, "C7": 1}, Wording.AGAINST),
        ({"C2": 1, "S1": 3, "S2": 3}, Wording.SET_ASIDE),
        ({"S1": 3, "S2": 3}, Wording.NOT_KNOWN),
    ],
)
def test_the_wording_of_a_form_follows_gate_reasons_and_cautions(
    answers: Answers, wording: Wording
) -> None:
    assert form("public_private", answers).wording is wording


@given(WORKSHEETS)
def test_the_five_forms_are_always_all_there_in_their_order(answers: Answers) -> None:
    weighed = weigh(TOOL, answers)
    assert [each.form for each in weighed] == list(TOOL.forms)
    for each in weighed:
        assert (each.gate is not None) == (each.wording is Wording.SET_ASIDE)
        assert bool(each.unknown_gates) <= (
            each.wording in {Wording.NOT_KNOWN, Wording.SET_ASIDE}
        )


def test_the_form_to_match_is_the_readers_own_among_those_worth_exploring() -> None:
    dispatch = weigh(TOOL, read_answers(EXAMPLES["worksheets"][0]))
    first, second = "public_public_horizontal", "public_public_vertical"
    assert form_to_match(dispatch, second) == second
    assert form_to_match(dispatch, "public_private") == first
    assert form_to_match(dispatch, None) == first
    assert form_to_match(weigh(TOOL, {}), "public_private") == "public_private"


def test_topics_of_low_answers_come_in_the_order_of_the_worksheet_each_once() -> None:
    low = dict.fromkeys(["C6", "S6", "S2", "S3"], 1) | {"C7": 2}
    found = topics_of_low_answers(TOOL, low)
    assert found == ("performance_monitoring", "labor_relations")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "must be an object with answers"),
        ({"answers": []}, "must be an object with answers"),
        ({"answers": {"S9": 1}}, "S9 is none of"),
        ({"answers": {"S1": 4}}, "S1 must be 1, 2, 3 or null"),
        ({"answers": {"S1": True}}, "S1 must be 1, 2, 3 or null"),
        ({"answers": {"S1": 2.0}}, "S1 must be 1, 2, 3 or null"),
        ({"answers": {"S1": "2"}}, "S1 must be 1, 2, 3 or null"),
    ],
)
def test_answers_of_another_shape_are_refused_by_name(value: Any, words: str) -> None:
    with pytest.raises(InvalidAnswersError, match=words):
        read_answers(value)
