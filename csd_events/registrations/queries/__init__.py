"""Reading registrations: one of them, and the list of an event."""

from csd_events.registrations.queries.answers import (
    Answered,
    lacks_answers,
    list_answers,
)
from csd_events.registrations.queries.exporting import ExportLine, each_of_event
from csd_events.registrations.queries.finding import (
    Notice,
    count_coming,
    find,
    find_receipt,
    find_states,
    get,
    get_by_link,
    heard,
    held_place,
    list_notices,
    list_own,
    rank_waiting,
    was_mailed,
)
from csd_events.registrations.queries.listing import (
    PER_PAGE,
    ListFilters,
    ListLine,
    Narrowed,
    Sort,
    count_cancelled,
    count_unlisted,
    page_of_event,
    ranks_waiting,
)

__all__ = [
    "PER_PAGE",
    "Answered",
    "ExportLine",
    "ListFilters",
    "ListLine",
    "Narrowed",
    "Notice",
    "Sort",
    "count_cancelled",
    "count_coming",
    "count_unlisted",
    "each_of_event",
    "find",
    "find_receipt",
    "find_states",
    "get",
    "get_by_link",
    "heard",
    "held_place",
    "lacks_answers",
    "list_answers",
    "list_notices",
    "list_own",
    "page_of_event",
    "rank_waiting",
    "ranks_waiting",
    "was_mailed",
]
