"""Pages across features as people read them: an event, a schedule."""

from csd_events.home.words.calendar import (
    CalendarDay,
    calendar_day,
    entries_by_day,
)
from csd_events.home.words.event import (
    Card,
    EventView,
    costs_members_less,
    event_view,
    partner_view,
    visitor_card,
)
from csd_events.home.words.own import Known, OwnLine, known_of
from csd_events.home.words.presenting import StageEvent, stage_event
from csd_events.home.words.readiness import Checklist, checklist
from csd_events.home.words.schedule import conference_end, conference_facts
from csd_events.home.words.trends import TrendLine, trend_line

__all__ = [
    "CalendarDay",
    "Card",
    "Checklist",
    "EventView",
    "Known",
    "OwnLine",
    "StageEvent",
    "TrendLine",
    "calendar_day",
    "checklist",
    "conference_end",
    "conference_facts",
    "costs_members_less",
    "entries_by_day",
    "event_view",
    "known_of",
    "partner_view",
    "stage_event",
    "trend_line",
    "visitor_card",
]
