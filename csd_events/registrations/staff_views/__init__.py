"""What staff do with an event and with the people who registered for it."""

from csd_events.registrations.staff_views import (
    by_hand,
    changing,
    deciding,
    editing,
    kinds,
    people,
    replacing,
    resending,
)
from csd_events.registrations.staff_views.blueprint import bp

__all__ = [
    "bp",
    "by_hand",
    "changing",
    "deciding",
    "editing",
    "kinds",
    "people",
    "replacing",
    "resending",
]
