"""Pages on which staff record organizations, members and imports."""

from csd_events.organizations.staff_views import (
    imports,
    listing,
    memberships,
    organization,
    people,
)
from csd_events.organizations.staff_views.blueprint import bp

__all__ = ["bp", "imports", "listing", "memberships", "organization", "people"]
