"""Answers as JSON gives them, and what they come to as JSON shows it."""

from collections.abc import Mapping

from csd_events.worksheets.rules.document import FACTORS
from csd_events.worksheets.rules.instrument import GRADES, Instrument
from csd_events.worksheets.rules.scoring import Answers, Score, score, weigh


class InvalidAnswersError(ValueError):
    """Answers are not of the shape they should be; says where."""


def read_answers(value: object) -> Answers:
    """Read ``{"answers": {"S1": 1, "S2": null, …}}``.

    A factor that is missing counts as unknown, like null. What stands beside the
    answers is not looked at.

    Raises:
        InvalidAnswersError: Something has the wrong shape.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("answers"), Mapping):
        raise InvalidAnswersError("must be an object with answers")
    answers = value["answers"]
    for factor, answer in answers.items():
        if factor not in FACTORS:
            raise InvalidAnswersError(f"{factor} is none of {', '.join(FACTORS)}")
        is_grade = answer in GRADES and not isinstance(answer, bool | float)
        if answer is not None and not is_grade:
            raise InvalidAnswersError(f"{factor} must be 1, 2, 3 or null")
    return dict(answers)


def as_data(instrument: Instrument, answers: Answers) -> dict[str, object]:
    """Return both scores with their bands, and the five forms, as plain data."""
    result = score(instrument, answers)
    return {
        "service_score": _number(result.service),
        "service_band": result.service.band.id if result.service else None,
        "community_score": _number(result.community),
        "community_band": result.community.band.id if result.community else None,
        "forms": [
            {
                "form": each.form.id,
                "wording": each.wording.value,
                "reasons": list(each.reasons),
                "cautions": list(each.cautions),
                "gate": each.gate,
            }
            for each in weigh(instrument, answers)
        ],
    }


def _number(score_of_side: Score | None) -> float | None:
    return float(score_of_side.rounded) if score_of_side else None
