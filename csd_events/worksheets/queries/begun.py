"""Which worksheets were begun, and which have all their factors answered."""

from datetime import datetime

from sqlalchemy import Select, func, select

from csd_events.worksheets.models import Worksheet, WorksheetAnswer
from csd_events.worksheets.rules import FACTORS


def select_begun(since: datetime) -> Select[str, int | None, bool]:
    """Select the worksheets begun since an instant.

    Columns ``service_area``, ``person_id`` (None of nobody's) and ``is_finished``:
    whether each factor is answered, be it with *We do not know yet*.
    """
    answered = (
        select(func.count())
        .where(
            WorksheetAnswer.worksheet_id == Worksheet.id,
            WorksheetAnswer.item.in_(FACTORS),
        )
        .scalar_subquery()
    )
    finished = (answered == len(FACTORS)).label("is_finished")
    begun = select(Worksheet.service_area, Worksheet.person_id, finished)
    return begun.where(Worksheet.begun_at >= since)
