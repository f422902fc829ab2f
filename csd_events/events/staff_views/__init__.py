"""What staff do with conferences, programs, presenters and partners."""

from csd_events.events.staff_views import (
    addresses,
    conferences,
    contributors,
    pictures,
    presenting,
    program_roles,
    programs,
)
from csd_events.events.staff_views.blueprint import bp

__all__ = [
    "addresses",
    "bp",
    "conferences",
    "contributors",
    "pictures",
    "presenting",
    "program_roles",
    "programs",
]
