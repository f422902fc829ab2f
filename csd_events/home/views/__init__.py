"""Pages that bring the features together, and what operators ask of the site."""

from csd_events.home.views import (
    catalog,
    conference,
    event,
    front,
    health,
    machines,
    me,
    presenter,
    presenting,
    program,
    roster,
)
from csd_events.home.views.blueprint import bp

__all__ = [
    "bp",
    "catalog",
    "conference",
    "event",
    "front",
    "health",
    "machines",
    "me",
    "presenter",
    "presenting",
    "program",
    "roster",
]
