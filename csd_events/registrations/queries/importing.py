"""Reading imports of registrations and presenters: how far, and what of each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.organizations.rules import AT_WORK, Outcome
from csd_events.registrations.models import ListImport, ListImportLine

IMPORTS_SHOWN, LINES_SHOWN, AT_ONCE = 20, 100, 2_000
_COLUMNS = (
    ListImportLine.number,
    ListImportLine.outcome,
    ListImportLine.facts,
    ListImportLine.cells,
    ListImportLine.kept,
    ListImportLine.row_id,
)


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """A line of a file, what taking it in does, and why it was not taken back."""

    number: int
    outcome: Outcome | None
    facts: dict[str, Any]
    cells: list[str]
    kept: str
    row_id: int | None


def get_import(session: Session, import_id: int, event_id: int | None) -> ListImport:
    """Return an import of an event's registrations, or of presenters for None.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(ListImport, import_id, populate_existing=True)
    if found is None or found.event_id != event_id:
        raise NotFoundError("import")
    return found


def list_imports(
    session: Session, event_id: int | None
) -> Sequence[tuple[ListImport, str | None]]:
    """List the latest imports of an event, or of presenters, and who began each."""
    latest = (
        select(ListImport, Person.full_name)
        .outerjoin(Person, Person.id == ListImport.actor_id)
        .where(ListImport.event_id.is_not_distinct_from(event_id))
        .order_by(ListImport.id.desc())
        .limit(IMPORTS_SHOWN)
    )
    return [(row, name) for row, name in session.execute(latest)]


def list_import_lines(
    session: Session, import_id: int, *, outcome: Outcome | None, kept: bool = False
) -> list[ImportedLine]:
    """List the first lines with an outcome, or those that were not taken back."""
    some = select(*_COLUMNS).where(ListImportLine.import_id == import_id)
    if outcome is not None:
        some = some.where(ListImportLine.outcome == outcome)
    if kept:
        some = some.where(ListImportLine.kept != "")
    rows = session.execute(some.order_by(ListImportLine.number).limit(LINES_SHOWN))
    return [ImportedLine(*row) for row in rows]


def first_import_lines(
    session: Session, import_id: int, *, limit: int
) -> list[list[str]]:
    """Return the cells of the first lines, to tell columns by."""
    first = select(ListImportLine.cells).where(ListImportLine.import_id == import_id)
    return list(session.scalars(first.order_by(ListImportLine.number).limit(limit)))


def each_import_line(session: Session, import_id: int) -> Iterator[ImportedLine]:
    """Yield every line in order, read in pieces so that memory stays small."""
    number = 0
    while True:
        mine = ListImportLine.import_id == import_id, ListImportLine.number > number
        some = select(*_COLUMNS).where(*mine).order_by(ListImportLine.number)
        rows = session.execute(some.limit(AT_ONCE)).all()
        session.rollback()  # nothing is held while the reader takes their time
        if not rows:
            return
        yield from (ImportedLine(*row) for row in rows)
        number = rows[-1].number


def is_any_import_at_work(session: Session, *, now: datetime) -> bool:
    """Tell whether there is an import to go on with."""
    going = select(ListImport.id).where(ListImport.state.in_(AT_WORK))
    return session.scalar(going.limit(1)) is not None
