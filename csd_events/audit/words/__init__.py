"""The trail in words."""

from csd_events.audit.words.lines import (
    ChangeLine,
    HistoryLine,
    Names,
    history_lines,
    kind_words,
    number_words,
)
from csd_events.audit.words.names import ACTIONS, KINDS

__all__ = [
    "ACTIONS",
    "KINDS",
    "ChangeLine",
    "HistoryLine",
    "Names",
    "history_lines",
    "kind_words",
    "number_words",
]
