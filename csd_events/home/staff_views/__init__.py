"""The staff's desk, their lists of events and people, one of each, the audit trail."""

from csd_events.home.staff_views import (
    calendar,
    conference,
    desk,
    event,
    event_pages,
    history,
    people,
    person,
    registration,
    report,
    run_sheet,
    trail,
)
from csd_events.home.staff_views.blueprint import bp

__all__ = [
    "bp",
    "calendar",
    "conference",
    "desk",
    "event",
    "event_pages",
    "history",
    "people",
    "person",
    "registration",
    "report",
    "run_sheet",
    "trail",
]
