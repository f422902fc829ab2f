"""Worksheets and what they come to, as people read them."""

from csd_events.worksheets.words.asking import (
    Part,
    Question,
    answers_of,
    count_answered,
    parts_of,
    ready_words,
    stage_words,
    title_of,
    unknown_words,
)
from csd_events.worksheets.words.results import (
    AnswerLine,
    FormLine,
    Outcome,
    SideLine,
    answer_lines,
    beside,
    form_lines,
    limits_words,
    outcome_of,
    part_one_first,
    side_line,
)

__all__ = [
    "AnswerLine",
    "FormLine",
    "Outcome",
    "Part",
    "Question",
    "SideLine",
    "answer_lines",
    "answers_of",
    "beside",
    "count_answered",
    "form_lines",
    "limits_words",
    "outcome_of",
    "part_one_first",
    "parts_of",
    "ready_words",
    "side_line",
    "stage_words",
    "title_of",
    "unknown_words",
]
