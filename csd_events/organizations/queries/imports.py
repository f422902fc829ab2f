"""Reading imports: how far they are, and what became of their lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.organizations.models import ImportLine, ImportRun
from csd_events.organizations.rules import Outcome

RUNS_SHOWN, LINES_SHOWN, AT_ONCE = 20, 100, 2_000


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of a file, and what taking it in does."""

    number: int
    outcome: Outcome | None
    facts: dict[str, Any]
    cells: list[str]


def get_run(session: Session, run_id: int) -> ImportRun:
    """Return an import.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(ImportRun, run_id, populate_existing=True)
    if found is None:
        raise NotFoundError("import")
    return found


def list_runs(session: Session) -> Sequence[tuple[ImportRun, str | None]]:
    """List the latest imports, each with the name of who began it."""
    latest = (
        select(ImportRun, Person.full_name)
        .outerjoin(Person, Person.id == ImportRun.actor_id)
        .order_by(ImportRun.id.desc())
        .limit(RUNS_SHOWN)
    )
    return [(run, name) for run, name in session.execute(latest)]


def list_lines(
    session: Session, run_id: int, outcome: Outcome, *, limit: int = LINES_SHOWN
) -> list[ReportLine]:
    """List the first lines with an outcome."""
    rows = session.execute(
        select(
            ImportLine.number, ImportLine.outcome, ImportLine.facts, ImportLine.cells
        )
        .where(ImportLine.run_id == run_id, ImportLine.outcome == outcome)
        .order_by(ImportLine.number)
        .limit(limit)
    )
    return [ReportLine(*row) for row in rows]


def first_lines(session: Session, run_id: int, *, limit: int) -> list[list[str]]:
    """Return the cells of the first lines, to tell columns by."""
    first = (
        select(ImportLine.cells)
        .where(ImportLine.run_id == run_id)
        .order_by(ImportLine.number)
        .limit(limit)
    )
    return list(session.scalars(first))


def each_line(session: Session, run_id: int) -> Iterator[ReportLine]:
    """Yield every line in order, read in pieces so that memory stays small."""
    number = 0
    while True:
        rows = session.execute(
            select(
                ImportLine.number,
                ImportLine.outcome,
                ImportLine.facts,
                ImportLine.cells,
            )
            .where(ImportLine.run_id == run_id, ImportLine.number > number)
            .order_by(ImportLine.number)
            .limit(AT_ONCE)
        ).all()
        session.rollback()  # nothing is held while the reader takes their time
        if not rows:
            return
        yield from (ReportLine(*row) for row in rows)
        number = rows[-1].number
