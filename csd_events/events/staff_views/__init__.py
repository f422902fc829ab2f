"""What staff do with conferences, programs, presenters and partners."""

from csd_events.events.staff_views import (
    addresses,
    conferences,
    partners,
    presenters,
    programs,
)
from csd_events.events.staff_views.blueprint import bp

__all__ = ["addresses", "bp", "conferences", "partners", "presenters", "programs"]
