"""What staff do with an event and with the people who registered for it."""

from csd_events.registrations.staff_views import (
    accessibility,
    by_hand,
    changing,
    deciding,
    editing,
    exporting,
    importing,
    kinds,
    people,
    planning,
    replacing,
    resending,
    selecting,
    wording,
)
from csd_events.registrations.staff_views.blueprint import bp

__all__ = [
    "accessibility",
    "bp",
    "by_hand",
    "changing",
    "deciding",
    "editing",
    "exporting",
    "importing",
    "kinds",
    "people",
    "planning",
    "replacing",
    "resending",
    "selecting",
    "wording",
]
