"""Entries of the bibliography, as staff write them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.errors import StaleError
from csd_events.core.text import sort_key
from csd_events.library import queries
from csd_events.library.models import Citation, CitationCase, CitationTopic
from csd_events.library.rules.publishing import CitationDraft
from csd_events.library.service.indexing import index, text_of_citation
from csd_events.library.service.naming import free_address

_SAME = (
    "authors", "year", "title", "publication", "address", "note", "look_again_on",
)  # fmt: skip


def add_citation(
    session: Session, draft: CitationDraft, *, now: datetime, actor_id: int | None
) -> Citation:
    """Add an entry. An import leaves it alone."""
    key = free_address(
        session, draft.title, taken=queries.list_citation_keys, otherwise="entry"
    )
    row = Citation(key=key, topics=[], cases=[])
    _write(row, draft, now)
    session.add(row)
    session.flush()
    index(session, [text_of_citation(row)])
    audit.record(
        session,
        "citation.added",
        subject_id=row.id,
        now=now,
        actor_id=actor_id,
        changes=what_changed({}, _audited(row)),
    )
    return row


def save_citation(
    session: Session,
    citation_id: int,
    draft: CitationDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Write an entry anew. Its address stays, and from now on an import leaves it.

    Raises:
        NotFoundError: There is none by that id.
        StaleError: Somebody saved it after the form was opened.
    """
    row = queries.lock_citation(session, citation_id)
    if row.version != version:
        raise StaleError(str(citation_id))
    before, edited_at = _audited(row), row.edited_at
    _write(row, draft, now)
    changes = what_changed(before, _audited(row))
    if changes.keys() <= {"look_again_on"}:
        row.edited_at = edited_at  # of what a file says nothing is changed
    if not changes:
        return
    row.version += 1
    session.flush()
    index(session, [text_of_citation(row)])
    audit.record(
        session,
        "citation.saved",
        subject_id=row.id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )


def retire_citation(
    session: Session, citation_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Take an entry off the lists; its page says so. Doing it again does nothing."""
    _set_retired(session, citation_id, now, now=now, actor_id=actor_id)


def bring_back_citation(
    session: Session, citation_id: int, *, now: datetime, actor_id: int | None
) -> None:
    _set_retired(session, citation_id, None, now=now, actor_id=actor_id)


def list_key_of(row: Citation) -> str:
    """Return what lists sort by: authors, year and title."""
    return sort_key(f"{row.authors} {row.year or ''} {row.title}".strip())


def write_topics(row: Citation, topics: list[str]) -> bool:
    """Give an entry its topics; tell whether they were others before."""
    if row.topic_ids == topics:
        return False
    row.topics = [
        CitationTopic(position=n, topic=each) for n, each in enumerate(topics)
    ]
    return True


def _write(row: Citation, draft: CitationDraft, now: datetime) -> None:
    for name in _SAME:
        setattr(row, name, getattr(draft, name))
    row.verification = draft.verification
    write_topics(row, list(draft.topics))
    if [each.case_id for each in row.cases] != list(draft.cases):
        row.cases = [
            CitationCase(position=n, case_id=each) for n, each in enumerate(draft.cases)
        ]
    row.edited_at = now
    row.list_key = list_key_of(row)


def _set_retired(
    session: Session,
    citation_id: int,
    retired_at: datetime | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    row = queries.lock_citation(session, citation_id)
    if (row.retired_at is None) == (retired_at is None):
        return
    before = row.retired_at
    row.retired_at = retired_at
    index(session, [text_of_citation(row)])
    action = "citation.brought_back" if retired_at is None else "citation.retired"
    audit.record(
        session,
        action,
        subject_id=row.id,
        now=now,
        actor_id=actor_id,
        changes={"retired_at": [_iso(before), _iso(retired_at)]},
    )


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _audited(row: Citation) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _SAME},
        "verification": row.verification.value,
        "topics": row.topic_ids,
        "cases": [each.case_id for each in row.cases],
    }
