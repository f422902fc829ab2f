"""The question that a group talks about now."""

from csd_events.core.db import db
from csd_events.worksheets import queries
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.rules import LEAST_PEOPLE, Stage, item_of
from csd_events.worksheets.service import instrument
from csd_events.worksheets.words import Settlements, SpreadLine, spread_line


def shown_line(group: WorksheetGroup, settled: Settlements) -> SpreadLine | None:
    """Describe the question on the screen; None without one, or with too few people.

    Args:
        group: Whose screen.
        settled: What it has settled.
    """
    if group.item is None or group.stage is not Stage.TALKING:
        return None
    answers = queries.list_answers_to(db.session(), group.id, group.item)
    if len(answers) < LEAST_PEOPLE:
        return None
    factor = instrument(group.instrument).factor(group.item)
    return spread_line(factor, item_of(factor.id, answers), settled.get(factor.id))
