"""What the pages of the desk decide by."""

from csd_events.home.rules.calendar import View, turned, weeks_shown

__all__ = ["View", "turned", "weeks_shown"]
