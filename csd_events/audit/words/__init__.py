"""The trail in words."""

from csd_events.audit.words.lines import (
    ChangeLine,
    HistoryLine,
    history_lines,
    kind_words,
)
from csd_events.audit.words.names import ACTIONS, KINDS

__all__ = [
    "ACTIONS",
    "KINDS",
    "ChangeLine",
    "HistoryLine",
    "history_lines",
    "kind_words",
]
