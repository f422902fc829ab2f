"""Reading events: one of them, the catalog, the lists of the staff."""

from csd_events.events.queries.finding import (
    find_current_slug,
    find_id,
    get,
    get_by_slug,
    get_row,
    get_with_areas,
    get_with_offers,
    list_prerequisites,
    list_requirements,
)
from csd_events.events.queries.for_staff import (
    Shown,
    list_conferences,
    list_programs,
    list_starting,
    list_waiting_for_staff,
    page_for_staff,
)
from csd_events.events.queries.listing import (
    PER_PAGE,
    Filters,
    list_coming,
    list_months,
    list_related,
    page_catalog,
)
from csd_events.events.queries.locking import Ledger, LockedOffer, lock, lock_ledger

__all__ = [
    "PER_PAGE",
    "Filters",
    "Ledger",
    "LockedOffer",
    "Shown",
    "find_current_slug",
    "find_id",
    "get",
    "get_by_slug",
    "get_row",
    "get_with_areas",
    "get_with_offers",
    "list_coming",
    "list_conferences",
    "list_months",
    "list_prerequisites",
    "list_programs",
    "list_related",
    "list_requirements",
    "list_starting",
    "list_waiting_for_staff",
    "lock",
    "lock_ledger",
    "page_catalog",
    "page_for_staff",
]
