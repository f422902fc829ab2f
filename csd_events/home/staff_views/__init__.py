"""The staff's desk, their list of events, and one event as they see it."""

from csd_events.home.staff_views import desk, event
from csd_events.home.staff_views.blueprint import bp

__all__ = ["bp", "desk", "event"]
