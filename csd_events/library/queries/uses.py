"""Reading how much the library is used."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from csd_events.library.models import LibraryUse
from csd_events.library.rules.using import Use


def count_uses(session: Session, since: date) -> Sequence[Row[Use, str, int, int]]:
    """Count what was done since a day: rows of use, subject, organization, times."""
    what = (LibraryUse.use, LibraryUse.subject, LibraryUse.organization_id)
    counted = select(*what, func.sum(LibraryUse.times))
    return session.execute(counted.where(LibraryUse.day >= since).group_by(*what)).all()
