"""Reading case studies as staff keep them, and what is to be looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.library.models import CaseStudy, Citation, Publication
from csd_events.library.queries.cases import is_kept, read_page
from csd_events.library.queries.searching import has_words
from csd_events.library.rules.casework import SOON
from csd_events.library.rules.searching import EntryKind


class CasesShown(StrEnum):
    """Which case studies the staff's list shows."""

    ALL = "all"
    NEVER = "never"  # not checked since they were written
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that somebody should look at again."""

    kind: EntryKind
    id: int
    title: str
    look_again_on: date


def page_cases_for_staff(
    session: Session,
    shown: CasesShown,
    words: str,
    *,
    after: str | None = None,
    before: str | None = None,
) -> CountedPage[CaseStudy, str]:
    """Return a page of the cases that fit, A to Z by title.

    Raises:
        NotFoundError: No page begins or ends there.
    """
    fits = [_is_shown(shown), *has_words(session, _CASE, CaseStudy.id, words)]
    return read_page(session, fits, lambda row: row, after=after, before=before)


def get_case_by_number(session: Session, number: int) -> CaseStudy:
    """Return a case in any state with its sources, as staff see it.

    Raises:
        NotFoundError: There is none by that number.
    """
    return _found(session.scalar(_whole().where(CaseStudy.number == number)))


def lock_case_by_number(session: Session, number: int) -> CaseStudy:
    """Return a case with its sources, locked until the transaction ends.

    Raises:
        NotFoundError: There is none by that number.
    """
    only = select(CaseStudy.id).where(CaseStudy.number == number)
    session.execute(only.with_for_update())
    whole = _whole().where(CaseStudy.number == number)
    return _found(session.scalar(whole.execution_options(populate_existing=True)))


def lock_case(session: Session, case_id: str) -> CaseStudy:
    """Return a case, locked until the transaction ends.

    Raises:
        NotFoundError: There is none by that id.
    """
    wanted = select(CaseStudy).where(CaseStudy.id == case_id).with_for_update()
    return _found(session.scalar(wanted))


def list_case_ids(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(CaseStudy.id)))


def last_number(session: Session) -> int:
    """Return the highest number a case has; 0 before the first."""
    return session.scalar(select(func.max(CaseStudy.number))) or 0


def list_every_case(session: Session) -> Sequence[CaseStudy]:
    """List every case in any state, with its areas."""
    return session.scalars(select(CaseStudy).order_by(CaseStudy.id)).all()


def count_due(session: Session, *, today: date) -> int:
    """Count what is to be looked at again by now, or soon."""
    due = _due(today).subquery()
    return session.scalars(select(func.count()).select_from(due)).one()


def list_due(session: Session, *, today: date, limit: int) -> Sequence[Due]:
    """List what is to be looked at again by now, or soon, the longest due first."""
    due = _due(today).subquery()
    in_order = select(due).order_by(due.c.look_again_on, due.c.kind, due.c.id)
    return [
        Due(
            kind=EntryKind(row.kind),
            id=row.id,
            title=row.title,
            look_again_on=row.look_again_on,
        )
        for row in session.execute(in_order.limit(limit))
    ]


def _due(today: date) -> CompoundSelect[str, int, str, date | None]:
    kinds = (
        (EntryKind.CASE_STUDY, CaseStudy, CaseStudy.number),
        (EntryKind.PUBLICATION, Publication, Publication.id),
        (EntryKind.CITATION, Citation, Citation.id),
    )
    return union_all(
        *(
            select(
                literal(kind.value).label("kind"),
                number.label("id"),
                model.title.label("title"),
                model.look_again_on.label("look_again_on"),
            ).where(model.look_again_on <= today + SOON, model.retired_at.is_(None))
            for kind, model, number in kinds
        )
    )


_CASE = EntryKind.CASE_STUDY


def _is_shown(shown: CasesShown) -> ColumnElement[bool]:
    if shown is CasesShown.RETIRED:
        return ~is_kept()
    if shown is CasesShown.NEVER:
        return is_kept() & CaseStudy.checked_on.is_(None)
    return CaseStudy.number.is_not(None)


def _whole() -> Select[CaseStudy]:
    return select(CaseStudy).options(selectinload(CaseStudy.citations))


def _found(row: CaseStudy | None) -> CaseStudy:
    if row is None:
        raise NotFoundError("case study")
    return row
