"""Reading registrations: one of them, and the list of an event."""

from csd_events.registrations.queries.finding import (
    count_coming,
    find,
    find_receipt,
    find_states,
    get,
    get_by_link,
    heard,
    held_place,
    list_own,
    rank_waiting,
    was_mailed,
)
from csd_events.registrations.queries.listing import (
    PER_PAGE,
    ListFilters,
    ListLine,
    Sort,
    count_cancelled,
    count_unlisted,
    page_of_event,
    ranks_waiting,
)

__all__ = [
    "PER_PAGE",
    "ListFilters",
    "ListLine",
    "Sort",
    "count_cancelled",
    "count_coming",
    "count_unlisted",
    "find",
    "find_receipt",
    "find_states",
    "get",
    "get_by_link",
    "heard",
    "held_place",
    "list_own",
    "page_of_event",
    "rank_waiting",
    "ranks_waiting",
    "was_mailed",
]
