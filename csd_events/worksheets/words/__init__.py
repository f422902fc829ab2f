"""Worksheets and what they come to, as people read them."""

from csd_events.worksheets.words.asking import (
    Part,
    Question,
    answers_of,
    count_answered,
    parts_of,
    ready_words,
    title_of,
    unknown_words,
)
from csd_events.worksheets.words.groups import (
    Settlements,
    SpreadLine,
    among_of,
    grade_choices,
    range_of,
    refusal_words,
    settled_lines,
    spread_line,
    talk_lines,
)
from csd_events.worksheets.words.results import (
    AnswerLine,
    FormLine,
    SideLine,
    answer_lines,
    answer_words,
    form_lines,
    side_line,
)

__all__ = [
    "AnswerLine",
    "FormLine",
    "Part",
    "Question",
    "Settlements",
    "SideLine",
    "SpreadLine",
    "among_of",
    "answer_lines",
    "answer_words",
    "answers_of",
    "count_answered",
    "form_lines",
    "grade_choices",
    "parts_of",
    "range_of",
    "ready_words",
    "refusal_words",
    "settled_lines",
    "side_line",
    "spread_line",
    "talk_lines",
    "title_of",
    "unknown_words",
]
