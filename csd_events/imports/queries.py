"""Reading imports of any kind: how far they are, and what became of their lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.imports.models import LineOfRun, Run
from csd_events.imports.rules import AT_WORK

R = TypeVar("R", bound=Run)
RUNS_SHOWN, LINES_SHOWN, AT_ONCE = 20, 100, 2_000


def get_run(session: Session, kind: type[R], run_id: int) -> R:
    """Return an import.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(kind, run_id, populate_existing=True)
    if found is None:
        raise NotFoundError("import")
    return found


def list_runs(
    session: Session, kind: type[R], *chosen: ColumnElement[bool]
) -> Sequence[tuple[R, str | None]]:
    """List the latest imports, each with the name of who began it."""
    latest = (
        select(kind, Person.full_name)
        .outerjoin(Person, Person.id == kind.actor_id)
        .where(*chosen)
        .order_by(kind.id.desc())
        .limit(RUNS_SHOWN)
    )
    return [(run, name) for run, name in session.execute(latest)]


def is_any_at_work(session: Session, kind: type[Run], *, now: datetime) -> bool:
    """Tell whether there is an import to go on with."""
    going = select(kind.id).where(kind.state.in_(AT_WORK))
    return session.scalar(going.limit(1)) is not None


def list_lines(
    session: Session,
    run: Run,
    *chosen: ColumnElement[bool],
    limit: int = LINES_SHOWN,
) -> Sequence[Row[Any]]:
    """List the first of some lines, with what is shown of each."""
    return session.execute(_shown(run.LINE, run.id, *chosen).limit(limit)).all()


def each_line(session: Session, run: Run) -> Iterator[Row[Any]]:
    """Yield every line in order, read in pieces so that memory stays small."""
    line, run_id, number = run.LINE, run.id, 0
    while True:
        some = _shown(line, run_id, line.number > number).limit(AT_ONCE)
        rows = session.execute(some).all()
        session.rollback()  # nothing is held while the reader takes their time
        if not rows:
            return
        yield from rows
        number = rows[-1].number


def _shown(
    line: type[LineOfRun], run_id: int, *chosen: ColumnElement[bool]
) -> Select[Any]:
    columns = [getattr(line, name) for name in line.SHOWN]
    return select(*columns).where(line.run_id == run_id, *chosen).order_by(line.number)
