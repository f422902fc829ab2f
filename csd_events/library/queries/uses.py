"""Reading how much the library is used."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.library.models import (
    LibraryEntry,
    LibraryEntryArea,
    LibraryUse,
    SavedItem,
)
from csd_events.library.rules.using import Use


def count_uses(session: Session, since: date) -> Sequence[Row[Use, str, int, int]]:
    """Count what was done since a day: rows of use, subject, organization, times."""
    what = (LibraryUse.use, LibraryUse.subject, LibraryUse.organization_id)
    counted = select(*what, func.sum(LibraryUse.times))
    return session.execute(counted.where(LibraryUse.day >= since).group_by(*what)).all()


def select_saved(since: datetime) -> Select[str, int]:
    """Select what was saved since an instant: a row for each service it is about.

    Columns ``area`` and ``person_id``.
    """
    same = and_(LibraryEntry.kind == SavedItem.kind, LibraryEntry.key == SavedItem.key)
    return (
        select(LibraryEntryArea.area, Account.person_id)
        .join_from(SavedItem, Account, Account.id == SavedItem.account_id)
        .join(LibraryEntry, same)
        .join(LibraryEntryArea, LibraryEntryArea.entry_id == LibraryEntry.id)
        .where(SavedItem.saved_at >= since)
    )
