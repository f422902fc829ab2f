"""Finding worksheets."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import EndedError, NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.worksheets.models import Worksheet, WorksheetGroup


def get_by_link(session: Session, links: Links, token: str) -> Worksheet:
    """Return the worksheet that a link opens, with its answers.

    Raises:
        NotFoundError: The link is not ours, or the worksheet is gone.
        EndedError: It was, until its owner ended it.
    """
    number = row_id(token)
    found = find(session, number) if number is not None else None
    if found is None:
        raise NotFoundError("worksheet")
    if links.matches(token, Purpose.WORKSHEET, found.link_version):
        return found
    if links.matched_before(token, Purpose.WORKSHEET, found.link_version):
        raise EndedError("worksheet")
    raise NotFoundError("worksheet")


def find(session: Session, worksheet_id: int) -> Worksheet | None:
    """Return a worksheet with its answers, or None where it is gone."""
    which = select(Worksheet).where(Worksheet.id == worksheet_id)
    return session.scalar(which.options(selectinload(Worksheet.answers)))


def list_own(session: Session, person_id: int) -> Sequence[Worksheet]:
    """List an account's worksheets with their answers, the last answered first."""
    theirs = select(Worksheet).where(Worksheet.person_id == person_id)
    ordered = theirs.order_by(Worksheet.answered_at.desc(), Worksheet.id.desc())
    return session.scalars(ordered.options(selectinload(Worksheet.answers))).all()


def count_own(session: Session, person_id: int) -> int:
    """Count an account's worksheets, and the groups that it leads."""
    sheets = select(func.count()).where(Worksheet.person_id == person_id)
    groups = select(func.count()).where(WorksheetGroup.person_id == person_id)
    both = select(sheets.scalar_subquery() + groups.scalar_subquery())
    return int(session.scalars(both).one())


def has_own(session: Session, person_id: int) -> bool:
    theirs = exists().where(Worksheet.person_id == person_id)
    return bool(session.scalar(select(theirs)))
