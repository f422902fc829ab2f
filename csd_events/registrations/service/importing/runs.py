"""What is its own in the life of an import of registrations or presenters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.tables import Table as FileTable
from csd_events.events import queries as events
from csd_events.imports import service as imports
from csd_events.imports.models import table_of
from csd_events.imports.rules import Outcome, RunState
from csd_events.registrations.models import ListImport, ListImportLine
from csd_events.registrations.rules import ImportKind, guess_file_columns

LINES = table_of(ListImportLine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What staff say of a file before its lines are compared.

    Attributes:
        columns: Where each of what it holds stands, by name.
        offer_id: The offer of those whose line names none.
        offers: By which words a line may name an offer.
        tell: Whether each who is registered by it is mailed.
    """

    columns: Mapping[str, int]
    offer_id: int | None = None
    offers: Mapping[str, int] = field(default_factory=dict)
    tell: bool = False


def take_in(
    session: Session,
    table: FileTable,
    *,
    file_name: str,
    event_id: int | None,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Keep the lines of a file until it is confirmed; return the import's id.

    Args:
        event_id: Whose registrations it holds; None for presenters.
    """
    kind = ImportKind.PRESENTERS if event_id is None else ImportKind.REGISTRATIONS
    asked = events.list_all_questions(session, event_id) if event_id else []
    row = ListImport(
        kind=kind,
        event_id=event_id,
        file_name=file_name,
        actor_id=actor_id,
        created_at=now,
        columns=guess_file_columns(table.headings, kind, asked),
    )
    return imports.take_in(session, row, table)


def match_columns(session: Session, import_id: int, given: Matched) -> None:
    """Say what the columns hold, and let the lines be compared, perhaps once more."""
    row = imports.compare_anew(session, ListImport, import_id)
    row.columns = dict(given.columns)
    row.offer_id, row.tell = given.offer_id, given.tell
    row.offers = dict(given.offers)
    mine = update(LINES).where(LINES.c.run_id == import_id)
    session.execute(mine.values(key="", outcome=None, facts={}))


def confirm(
    session: Session,
    import_id: int,
    *,
    now: datetime,
    actor_id: int | None = None,
    compared: int | None = None,
) -> None:
    """Let what was shown be written. Confirming twice does it once.

    Raises:
        StaleError: Something else was shown, see `imports.lock_to_confirm`.
    """
    row = imports.lock_to_confirm(
        session, ListImport, import_id, compared=compared, actor_id=actor_id
    )
    if row is None:
        return
    row.confirmed_at = now
    number = row.counts.get(Outcome.NEW, 0) + row.counts.get(Outcome.CHANGED, 0)
    row.begin(RunState.APPLYING, number)


def undo(session: Session, import_id: int, *, actor_id: int | None = None) -> None:
    """Take back what nobody has touched since; the report names the rest."""
    row = imports.lock_to_undo(session, ListImport, import_id, actor_id=actor_id)
    # An error may have stopped it before: what was done then is done.
    row.counts = {"taken_back": 0, "kept": 0} | row.counts
    done = row.counts["taken_back"] + row.counts["kept"]
    row.begin(RunState.UNDOING, row.counts.get("written", 0), done=done)
