"""Reading the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    column,
    false,
    literal,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.pages import Page, instant_cursor, read_instant_cursor
from csd_events.core.types import UtcDateTime

PER_PAGE = 50
#: By its name alone, as the foreign key has it: people stand above this package.
PEOPLE = table("people", column("id"), column("full_name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done, with the name of who did it.

    Attributes:
        actor_id: The person; None for a visitor and for the program.
        changes: ``{"title": ["before", "after"]}``, or other facts by name.
    """

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str | None
    action: str
    subject_kind: str
    subject_id: int
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilters:
    """Which part of the trail somebody wants to read.

    Attributes:
        actor_id: The person who did it.
        kind: Of the things it was done to.
        since: The first instant.
        until: The first instant that is too late.
    """

    actor_id: int | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_about(
    session: Session, subject_kind: str, subject_id: int, *, limit: int | None = None
) -> Sequence[Entry]:
    """List what happened to one thing, the latest first."""
    return list_about_all(session, {subject_kind: [subject_id]}, limit=limit)


def list_about_all(
    session: Session,
    subjects: Mapping[str, Collection[int] | Select[int]],
    *,
    limit: int | None = None,
) -> Sequence[Entry]:
    """List what happened to several things, the latest first.

    Args:
        subjects: By kind, the ids or a question that finds them.
    """
    about = [
        and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))
        for kind, ids in subjects.items()
    ]
    wanted = _entries().where(or_(false(), *about)).order_by(AuditEntry.id.desc())
    return _read(session, wanted.limit(limit))


def page_entries(
    session: Session, filters: TrailFilters, *, cursor: str | None = None
) -> Page[Entry, str]:
    """Return one page of the whole trail, or of a part of it. One statement."""
    rows = _read(session, statement(filters, cursor=cursor))
    shown = rows[:PER_PAGE]
    more = len(rows) > PER_PAGE
    last = instant_cursor(shown[-1].at, shown[-1].id) if more else None
    return Page(items=shown, after=last)


def statement(
    filters: TrailFilters, *, cursor: str | None = None
) -> Select[*tuple[Any, ...]]:
    """Write down what finds a page, and whether there is more: its plan is tested."""
    wanted = _entries().where(*_conditions(filters))
    if (edge := read_instant_cursor(cursor)) is not None:
        at, row_id = edge
        here = tuple_(AuditEntry.at, AuditEntry.id)
        wanted = wanted.where(here < tuple_(literal(at, UtcDateTime()), row_id))
    latest = wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return latest.limit(PER_PAGE + 1)


def find_name(session: Session, person_id: int) -> str | None:
    """Return the name of somebody the trail speaks of."""
    name: str | None = session.scalar(
        select(PEOPLE.c.full_name).where(PEOPLE.c.id == person_id)
    )
    return name


def _entries() -> Select[*tuple[Any, ...]]:
    return select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor_id,
        PEOPLE.c.full_name.label("actor_name"),
        AuditEntry.action,
        AuditEntry.subject_kind,
        AuditEntry.subject_id,
        AuditEntry.changes,
    ).outerjoin(PEOPLE, PEOPLE.c.id == AuditEntry.actor_id)


def _read(session: Session, wanted: Select[*tuple[Any, ...]]) -> Sequence[Entry]:
    rows = session.execute(wanted).all()
    return [Entry(**row._mapping) for row in rows]  # noqa: SLF001 - public in SQLAlchemy


def _conditions(filters: TrailFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.actor_id is not None:
        conditions.append(AuditEntry.actor_id == filters.actor_id)
    if filters.kind is not None:
        conditions.append(AuditEntry.subject_kind == filters.kind)
    if filters.since is not None:
        conditions.append(AuditEntry.at >= filters.since)
    if filters.until is not None:
        conditions.append(AuditEntry.at < filters.until)
    return conditions
