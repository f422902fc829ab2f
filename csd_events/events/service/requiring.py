"""What is to be attended before an event, without ever going round in a circle."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from csd_events.core.db import Turn, take_turns
from csd_events.events import queries
from csd_events.events.models import Event, EventPrerequisite
from csd_events.events.rules import Problem, leads_back


def requirement_problems(
    session: Session, event: Event, wanted: Sequence[int]
) -> dict[str, Problem]:
    """Name the events that this one cannot require, by their place in the list.

    Nobody else writes what an event requires until the caller commits: two could
    close a circle together.
    """
    if not wanted or event.id is None:
        return {}
    take_turns(session, Turn.REQUIREMENTS)
    requires = queries.list_requirements(session)
    problems = {}
    for index, required_id in enumerate(wanted):
        if required_id == event.id:
            problems[f"prerequisites-{index}"] = Problem.REQUIRES_ITSELF
        elif leads_back(event.id, required_id, requires):
            problems[f"prerequisites-{index}"] = Problem.REQUIRES_IN_A_CIRCLE
    return problems


def write_requirements(event: Event, wanted: Sequence[int]) -> None:
    """Bring what an event requires up to date, in the order given."""
    known = {row.required_id: row for row in event.prerequisites}
    rows = []
    for position, required_id in enumerate(dict.fromkeys(wanted)):
        row = known.get(required_id) or EventPrerequisite(required_id=required_id)
        row.position = position
        rows.append(row)
    event.prerequisites[:] = rows
