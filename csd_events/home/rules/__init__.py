"""What the pages of the desk decide by."""

from csd_events.home.rules.calendar import View, turned, weeks_shown
from csd_events.home.rules.readiness import (
    Check,
    Facts,
    Hour,
    Item,
    Level,
    OfferDays,
    count_pictures,
    look_over,
    to_mend,
)
from csd_events.home.rules.trends import Trend, same_time_before

__all__ = [
    "Check",
    "Facts",
    "Hour",
    "Item",
    "Level",
    "OfferDays",
    "Trend",
    "View",
    "count_pictures",
    "look_over",
    "same_time_before",
    "to_mend",
    "turned",
    "weeks_shown",
]
