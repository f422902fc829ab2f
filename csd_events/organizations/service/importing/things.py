"""What a file says of things, as far as a piece of its lines needs to know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, select, true, update
from sqlalchemy.orm import Session

from csd_events.core.db import INSERTS, among, engine_name, given_rows
from csd_events.organizations.models import ImportRun, ImportThing
from csd_events.organizations.rules import PIECE, Step

THINGS = cast("Table", ImportThing.__table__)
#: Few enough for one statement on any database.
AT_ONCE = 5_000
_SHOWN = (
    THINGS.c.key,
    THINGS.c.step,
    THINGS.c.line,
    THINGS.c.said,
    THINGS.c.is_news,
)


@dataclass(slots=True)
class Thing:
    """What a file says of one thing.

    Attributes:
        key: ``o#12`` for what the database knows by a number, ``o:…`` for a new one.
        line: The first that names it.
        said: Values by field, in the form in which they are kept.
        is_news: Whether it is new or differs.
    """

    key: str
    step: Step
    line: int
    said: dict[str, Any]
    is_news: bool


def load_things(
    session: Session, run_id: int, keys: Collection[str]
) -> dict[str, Thing]:
    """Return what earlier lines have said of some things."""
    found: dict[str, Thing] = {}
    wanted = sorted(keys)
    for first in range(0, len(wanted), AT_ONCE):
        rows = session.execute(
            select(*_SHOWN).where(
                THINGS.c.run_id == run_id,
                among(session, THINGS.c.key, wanted[first : first + AT_ONCE]),
            )
        )
        for key, step, line, said, is_news in rows:
            found[key] = Thing(key, Step(step), line, said, is_news)
    return found


def keep_things(session: Session, run_id: int, things: Sequence[Thing]) -> None:
    """Keep what lines have said; a thing that was named before is kept once."""
    if not things:
        return
    rows = [
        {
            "run_id": run_id,
            "key": thing.key,
            "step": thing.step,
            "line": thing.line,
            "said": thing.said,
            "is_news": thing.is_news,
        }
        for thing in things
    ]
    given = given_rows(session, [THINGS.c[name] for name in rows[0]], rows)
    # SQLite would take ON for a join's, were there no WHERE before it.
    insert = INSERTS[engine_name(session)](THINGS).from_select(
        list(rows[0]), select(given).where(true())
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["run_id", "key"],
            set_={"said": insert.excluded.said, "is_news": insert.excluded.is_news},
        )
    )


def next_things(
    session: Session, run: ImportRun, *chosen: ColumnElement[bool], backward: bool
) -> Sequence[Row[Any]]:
    """Return the next things of one step that were chosen, from where a run stands.

    Args:
        session: To read in.
        run: Its step and cursor say where that is; step 0 is either end.
        chosen: Which things are meant.
        backward: Whether to go from the last to the first.
    """
    ahead = [s for s in Step if s <= (run.step or len(Step))][::-1]
    for step in ahead if backward else [s for s in Step if s >= run.step]:
        mine = select(THINGS).where(
            THINGS.c.step == step, THINGS.c.run_id == run.id, *chosen
        )
        if step == run.step:
            at = THINGS.c.id
            mine = mine.where(at < run.cursor if backward else at > run.cursor)
        order = THINGS.c.id.desc() if backward else THINGS.c.id.asc()
        rows = session.execute(mine.order_by(order).limit(PIECE)).all()
        if rows:
            return rows
    return []


def row_ids(session: Session, run_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return which rows were made of some new things."""
    rows = session.execute(
        select(THINGS.c.key, THINGS.c.row_id).where(
            THINGS.c.run_id == run_id,
            among(session, THINGS.c.key, keys),
            THINGS.c.row_id.is_not(None),
        )
    )
    return dict(rows.all())


def settle(session: Session, done: Sequence[Mapping[str, Any]]) -> None:
    """Note what was made of things: which row, how it was before, how it is.

    Args:
        session: To write in.
        done: Each with the id of the thing, ``row_id``, ``before`` and ``after``.
    """
    if not done:
        return
    noted = given_rows(session, [THINGS.c[name] for name in done[0]], done)
    session.execute(
        update(THINGS)
        .where(THINGS.c.id == noted.c.id)
        .values(row_id=noted.c.row_id, before=noted.c.before, after=noted.c.after)
    )
