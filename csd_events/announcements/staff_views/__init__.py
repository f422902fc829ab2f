"""Announcements as staff write, watch and stop them."""

from csd_events.announcements.staff_views import moving, showing, writing
from csd_events.announcements.staff_views.blueprint import bp

__all__ = ["bp", "moving", "showing", "writing"]
