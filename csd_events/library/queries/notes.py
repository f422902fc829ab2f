"""Reading what readers tell of case studies."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page, read_id
from csd_events.library.models import CaseNote, CaseStudy

PAGE = 25


def page_notes(
    session: Session, *, answered: bool, cursor: str | None
) -> Page[CaseNote, str]:
    """Return a page of what waits, or of what staff are done with, the latest first."""
    done = CaseNote.answered_at
    is_so = done.is_not(None) if answered else done.is_(None)
    case = joinedload(CaseNote.case, innerjoin=True)
    found = select(CaseNote).options(case, case.raiseload(CaseStudy.areas)).where(is_so)
    after = read_id(cursor)
    if after is not None:
        found = found.where(CaseNote.id < after)
    latest = found.order_by(CaseNote.id.desc()).limit(PAGE + 1)
    rows = session.scalars(latest).all()
    more = str(rows[PAGE - 1].id) if len(rows) > PAGE else None
    return Page(items=rows[:PAGE], after=more)


def lock_note(session: Session, note_id: int) -> CaseNote:
    """Return a note with its case, both locked until the transaction ends.

    Raises:
        NotFoundError: There is none by that id.
    """
    wanted = select(CaseNote).where(CaseNote.id == note_id).with_for_update()
    note = session.scalar(wanted.options(raiseload(CaseNote.case)))
    if note is None:
        raise NotFoundError("note")
    return note
