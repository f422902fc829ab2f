"""What staff do with events. Telling their people is `registrations.service`'s."""

from csd_events.events.service.programs import save_conference, save_program
from csd_events.events.service.publishing import mark_cancelled, missing, publish
from csd_events.events.service.resources import tie_resources
from csd_events.events.service.saving import create, touch_calendar, update

__all__ = [
    "create",
    "mark_cancelled",
    "missing",
    "publish",
    "save_conference",
    "save_program",
    "tie_resources",
    "touch_calendar",
    "update",
]
