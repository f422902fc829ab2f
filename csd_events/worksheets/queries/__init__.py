"""Finding worksheets, and groups of them."""

from csd_events.worksheets.queries.begun import select_begun
from csd_events.worksheets.queries.groups import (
    Person,
    Task,
    Turn,
    find_by_code,
    find_change,
    find_event_title,
    find_turn,
    get_group,
    get_group_by_link,
    list_own_groups,
    list_people,
    list_settlements,
    list_tasks,
)
from csd_events.worksheets.queries.handed_in import (
    Counts,
    count_answers,
    count_people,
    find_answer,
    list_answers,
    list_answers_to,
)
from csd_events.worksheets.queries.sheets import (
    count_own,
    find,
    get_by_link,
    has_own,
    list_own,
)

__all__ = [
    "Counts",
    "Person",
    "Task",
    "Turn",
    "count_answers",
    "count_own",
    "count_people",
    "find",
    "find_answer",
    "find_by_code",
    "find_change",
    "find_event_title",
    "find_turn",
    "get_by_link",
    "get_group",
    "get_group_by_link",
    "has_own",
    "list_answers",
    "list_answers_to",
    "list_own",
    "list_own_groups",
    "list_people",
    "list_settlements",
    "list_tasks",
    "select_begun",
]
