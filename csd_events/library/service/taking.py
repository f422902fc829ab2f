"""A file that staff send: compared first, taken in when they say so."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import StaleError
from csd_events.library import queries
from csd_events.library.models import LibraryImport
from csd_events.library.service.importing import ImportReport, import_cases

#: A file that nobody took in is forgotten after so long.
KEPT_FOR = timedelta(days=7)


def keep_import(
    session: Session,
    document: dict[str, Any],
    tried: dict[str, Any],
    *,
    file_name: str,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Keep a file with what it would do, until somebody says so; return its number."""
    row = LibraryImport(
        file_name=file_name,
        made_at=now,
        made_by=actor_id,
        document=document,
        report=tried,
    )
    session.add(row)
    session.flush()
    return row.id


def take_import(
    session: Session, import_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Take in a file exactly as it was shown. Doing it again does nothing.

    Raises:
        InvalidDocumentError: It is not in order.
        NotFoundError: It is not there, or was forgotten.
        StaleError: It would do something else by now.
    """
    row = queries.lock_import(session, import_id)
    if row.done_at is not None:
        return
    done = as_kept(import_cases(session, row.document), [])
    if done != row.report:
        raise StaleError(str(import_id))
    row.done_at, row.document = now, {}
    counts = {
        kind: sum(each["became"] in {"added", "changed"} for each in lines)
        for kind, lines in _by_kind(done).items()
    }
    audit.record(
        session,
        "library_import.done",
        subject_id=row.id,
        now=now,
        actor_id=actor_id,
        changes={"file": row.file_name, **counts},
    )


def compare_again(session: Session, import_id: int, tried: dict[str, Any]) -> None:
    """Show of a file what it would do by now."""
    row = queries.lock_import(session, import_id)
    if row.done_at is None:
        row.report = tried


def drop_import(session: Session, import_id: int) -> None:
    """Forget a file that was not taken in. Nothing was changed by it."""
    row = queries.lock_import(session, import_id)
    if row.done_at is None:
        session.delete(row)


def forget_imports(session: Session, *, now: datetime) -> None:
    """Forget files that nobody took in."""
    old = LibraryImport.made_at < now - KEPT_FOR
    session.execute(delete(LibraryImport).where(old, LibraryImport.done_at.is_(None)))


def as_kept(report: ImportReport, problems: list[str]) -> dict[str, Any]:
    """Write down what a file does, or would do."""
    kept = asdict(report)
    kept["lines"] = [{**line, "fields": list(line["fields"])} for line in kept["lines"]]
    return {**kept, "problems": list(problems)}


def _by_kind(report: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    kinds = ("sources", "cases", "citations")
    return {kind: [x for x in report["lines"] if x["kind"] == kind] for kind in kinds}
