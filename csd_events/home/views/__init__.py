"""Pages that bring the features together, and what operators ask of the site."""

from csd_events.home.views import catalog, event, front, health, me
from csd_events.home.views.blueprint import bp

__all__ = ["bp", "catalog", "event", "front", "health", "me"]
