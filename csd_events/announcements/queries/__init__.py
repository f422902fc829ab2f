"""Reading announcements: whom they reach, how far they are, who wants none."""

from csd_events.announcements.queries.listing import (
    PER_PAGE,
    get,
    is_any_leaving,
    list_progress,
    list_reasons,
    page,
    roles_at,
)
from csd_events.announcements.queries.lists import (
    VERSION,
    Hearer,
    find_unwanted,
    get_by_link,
    get_hearer,
    owns_address,
)
from csd_events.announcements.queries.reaching import (
    Addressed,
    Reader,
    Terms,
    count_reach,
    get_addressed,
    list_readers,
    people_for,
    why_left_out,
)

__all__ = [
    "PER_PAGE",
    "VERSION",
    "Addressed",
    "Hearer",
    "Reader",
    "Terms",
    "count_reach",
    "find_unwanted",
    "get",
    "get_addressed",
    "get_by_link",
    "get_hearer",
    "is_any_leaving",
    "list_progress",
    "list_readers",
    "list_reasons",
    "owns_address",
    "page",
    "people_for",
    "roles_at",
    "why_left_out",
]
