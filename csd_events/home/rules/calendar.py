"""The days that a calendar shows, and where its arrows lead."""

from datetime import date, timedelta
from enum import StrEnum

A_WEEK = 7


class View(StrEnum):
    """How much a calendar shows at once."""

    MONTH = "month"
    WEEK = "week"


def weeks_shown(view: View, on: date, *, first_weekday: int) -> list[list[date]]:
    """Return whole weeks: that of a day, or all that its month touches.

    Args:
        first_weekday: On which weekday a week begins; 0 is Monday.
    """
    if view is View.WEEK:
        return [_week(on, first_weekday)]
    first = on.replace(day=1)
    after = turned(View.MONTH, on, 1)
    weeks = [_week(first, first_weekday)]
    while (follows := weeks[-1][-1] + timedelta(days=1)) < after:
        weeks.append(_week(follows, first_weekday))
    return weeks


def turned(view: View, on: date, by: int) -> date:
    """Return a day of the week before or after, or the first of another month.

    Args:
        by: 1 for the next one, -1 for the one before.
    """
    if view is View.WEEK:
        return on + by * timedelta(days=A_WEEK)
    months = on.year * 12 + on.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def _week(day: date, first_weekday: int) -> list[date]:
    begins = day - timedelta(days=(day.weekday() - first_weekday) % A_WEEK)
    return [begins + timedelta(days=number) for number in range(A_WEEK)]
