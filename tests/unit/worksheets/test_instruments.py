"""The data of the decision tool is whole."""

from csd_events.worksheets.service.instruments import instrument


def test_there_are_seven_questions_on_each_side_in_order() -> None:
    assert [factor.id for factor in instrument().factors] == [
        *(f"S{number}" for number in range(1, 8)),
        *(f"C{number}" for number in range(1, 8)),
    ]
    assert [factor.dimension for factor in instrument().factors] == [
        *["service"] * 7,
        *["community"] * 7,
    ]


def test_every_question_has_three_answers_and_a_source() -> None:
    for factor in instrument().factors:
        assert list(factor.answers) == [1, 2, 3]
        assert factor.sources


def test_four_directions_were_found_and_ten_are_reasoned() -> None:
    verified = [f.id for f in instrument().factors if f.direction_status == "verified"]
    derived = [f.id for f in instrument().factors if f.direction_status == "derived"]
    assert (verified, len(derived)) == (["S7", "C4", "C5", "C7"], 10)


def test_the_two_disputed_directions_carry_a_caution() -> None:
    assert [f.id for f in instrument().factors if f.caution] == ["S3", "S4"]


def test_five_readiness_questions_come_first_each_with_its_sources() -> None:
    assert [q.id for q in instrument().readiness] == ["R1", "R2", "R3", "R4", "R5"]
    assert all(question.sources for question in instrument().readiness)
