"""Pages across features as people read them: an event, a schedule."""

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
from csd_events.home.words.schedule import conference_end, conference_facts

__all__ = [
    "Card",
    "EventView",
    "Known",
    "OwnLine",
    "StageEvent",
    "conference_end",
    "conference_facts",
    "costs_members_less",
    "event_view",
    "known_of",
    "partner_view",
    "stage_event",
    "visitor_card",
]
