"""Publications and their versions, as staff bring them out."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.text import sort_key
from csd_events.library import queries
from csd_events.library.models import Publication, PublicationArea, PublicationCase
from csd_events.library.rules.publishing import (
    Problem,
    PublicationDraft,
    problems_of,
)
from csd_events.library.service.indexing import index, text_of_publication
from csd_events.library.service.naming import free_address
from csd_events.library.service.versions import Desk, Upload, attach

_SAME = (
    "kind",
    "title",
    "summary",
    "language",
    "form",
    "published_on",
    "look_again_on",
)


def add_publication(
    session: Session,
    draft: PublicationDraft,
    upload: Upload | None,
    desk: Desk,
    *,
    slug: str | None = None,
) -> Publication:
    """Add a publication, with its first version where there is one.

    Raises:
        ProblemsError: What was typed or sent cannot be saved like that.
    """
    _refuse(draft, has_file=upload is not None, today=desk.today)
    wanted = slug or draft.title
    address = free_address(
        session, wanted, taken=queries.list_slugs, otherwise=draft.kind.value
    )
    row = Publication(
        slug=address, created_at=desk.now, areas=[], cases=[], versions=[]
    )
    _write(row, draft)
    session.add(row)
    session.flush()
    if upload is not None:
        attach(session, row, upload, desk)
    index(session, [text_of_publication(row)])
    after = _audited(row)
    audit.record(
        session,
        "publication.added",
        subject_id=row.id,
        now=desk.now,
        actor_id=desk.actor_id,
        changes=what_changed({}, after),
    )
    return row


def save_publication(
    session: Session,
    publication_id: int,
    draft: PublicationDraft,
    desk: Desk,
    *,
    version: int,
) -> None:
    """Write a publication anew; its address and its files stay.

    Raises:
        NotFoundError: There is none by that id.
        ProblemsError: What was typed does not fit together.
        StaleError: Somebody saved it after the form was opened.
    """
    row = queries.lock_publication(session, publication_id)
    if row.version != version:
        raise StaleError(str(publication_id))
    _refuse(draft, has_file=bool(row.versions), today=desk.today)
    before = _audited(row)
    _write(row, draft)
    changes = what_changed(before, _audited(row))
    if not changes:
        return
    row.version += 1
    session.flush()
    index(session, [text_of_publication(row)])
    audit.record(
        session,
        "publication.saved",
        subject_id=row.id,
        now=desk.now,
        actor_id=desk.actor_id,
        changes=changes,
    )


def retire(
    session: Session,
    publication_id: int,
    desk: Desk,
    *,
    successor_id: int | None,
) -> None:
    """Take a publication away from everybody, and say what to read instead.

    Raises:
        NotFoundError: There is none by that id, or no such successor.
        ProblemsError: It would be its own successor.
    """
    row = queries.lock_publication(session, publication_id)
    if successor_id == row.id:
        raise ProblemsError({"successor_id": Problem.ITSELF})
    if successor_id is not None:
        queries.get_publication_by_id(session, successor_id)
    before = _standing(row)
    row.retired_at = row.retired_at or desk.now
    row.successor_id = successor_id
    _record_standing(session, "publication.retired", row, before, desk)


def bring_back(session: Session, publication_id: int, desk: Desk) -> None:
    """Let a retired publication be read again."""
    row = queries.lock_publication(session, publication_id)
    before = _standing(row)
    row.retired_at = row.successor_id = None
    _record_standing(session, "publication.brought_back", row, before, desk)


def _refuse(draft: PublicationDraft, *, has_file: bool, today: date) -> None:
    problems = problems_of(draft, has_file=has_file, today=today)
    if problems:
        raise ProblemsError(problems)


def _write(row: Publication, draft: PublicationDraft) -> None:
    for name in _SAME:
        setattr(row, name, getattr(draft, name))
    row.topics = list(draft.topics)
    if row.area_ids != list(draft.areas):
        row.areas = [
            PublicationArea(position=n, area=each) for n, each in enumerate(draft.areas)
        ]
    if [each.case_id for each in row.cases] != list(draft.cases):
        row.cases = [
            PublicationCase(position=n, case_id=each)
            for n, each in enumerate(draft.cases)
        ]
    row.title_key = sort_key(row.title)


def _audited(row: Publication) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _SAME}
    return {
        **{
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
        },
        "areas": row.area_ids,
        "topics": list(row.topics),
        "cases": [each.case_id for each in row.cases],
    }


def _standing(row: Publication) -> dict[str, Any]:
    retired_at = row.retired_at.isoformat() if row.retired_at else None
    return {"retired_at": retired_at, "successor_id": row.successor_id}


def _record_standing(
    session: Session,
    action: str,
    row: Publication,
    before: dict[str, Any],
    desk: Desk,
) -> None:
    """Write down that a publication was retired or brought back, if it was."""
    changes = what_changed(before, _standing(row))
    if changes:
        index(session, [text_of_publication(row)])
        audit.record(
            session,
            action,
            subject_id=row.id,
            now=desk.now,
            actor_id=desk.actor_id,
            changes=changes,
        )
