"""A page of a list in the order of several columns, the last of them an id."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, tuple_
from sqlalchemy.orm import Session

from csd_events.core.pages import CountedPage

PER_PAGE = 50

Line = TypeVar("Line")
#: The id after which a page begins, or else the one before which it ends.
Edge = tuple[int | None, int | None]
FIRST: Edge = (None, None)


def page_by(
    session: Session,
    order: Sequence[Any],
    query: Select[*tuple[Any, ...]],
    *,
    line: Callable[..., Line],
    edge: Edge,
    descending: bool = False,
) -> CountedPage[Line, int]:
    """Return a page of what a query finds; where its edge is not in it, the first.

    Args:
        order: What the list is sorted by, at last the id that edges name.
        query: Finds the whole list; the first column of its rows is that id.
        line: Makes an item of a row.
    """
    total = session.scalar(query.with_only_columns(func.count())) or 0
    after, before = edge
    at = query.with_only_columns(*order).where(order[-1] == (before or after))
    here = session.execute(at).one_or_none() if before or after else None
    backward = bool(before and here)
    falls = descending != backward
    if here is not None:
        place, known = tuple_(*order), tuple(here)
        query = query.where(place < known if falls else place > known)
    directed = [column.desc() if falls else column for column in order]
    rows = session.execute(query.order_by(*directed).limit(PER_PAGE + 1)).all()
    more = len(rows) > PER_PAGE
    items = rows[:PER_PAGE][::-1] if backward else rows[:PER_PAGE]
    return CountedPage(
        items=[line(*row) for row in items],
        total=total,
        before=items[0][0] if items and (more if backward else here) else None,
        after=items[-1][0] if items and (backward or more) else None,
    )
