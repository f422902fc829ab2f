"""The decision tool's pages."""

from csd_events.worksheets.views import (
    group,
    index,
    joining,
    keeping,
    own,
    questions,
    screen,
    sheet,
    talk,
    tasks,
)
from csd_events.worksheets.views.blueprint import bp, token_of_group, turn_of

__all__ = [
    "bp",
    "group",
    "index",
    "joining",
    "keeping",
    "own",
    "questions",
    "screen",
    "sheet",
    "talk",
    "tasks",
    "token_of_group",
    "turn_of",
]
