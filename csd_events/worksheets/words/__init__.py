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
from csd_events.worksheets.words.results import (
    AnswerLine,
    FormLine,
    SideLine,
    answer_lines,
    form_lines,
    side_line,
)

__all__ = [
    "AnswerLine",
    "FormLine",
    "Part",
    "Question",
    "SideLine",
    "answer_lines",
    "answers_of",
    "count_answered",
    "form_lines",
    "parts_of",
    "ready_words",
    "side_line",
    "title_of",
    "unknown_words",
]
