"""What people save of the library for themselves. The audit trail is not told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.service import hold_account
from csd_events.core.errors import NotFoundError
from csd_events.library import queries
from csd_events.library.models import SavedItem
from csd_events.library.rules.searching import EntryKind


def save_item(
    session: Session,
    person_id: int,
    what: tuple[EntryKind, str],
    *,
    note: str,
    now: datetime,
) -> SavedItem:
    """Save something of the library; saved again it stays, with the note that is new.

    Raises:
        NotFoundError: It is not in the library, or they have no account.
    """
    account = hold_account(session, person_id)
    if account is None:
        raise NotFoundError("no account")
    kind, key = what
    entry = queries.find_entry(session, kind, key)
    row = session.scalar(
        select(SavedItem).where(
            SavedItem.account_id == account.id,
            SavedItem.kind == kind,
            SavedItem.key == key,
        )
    )
    if row is None:
        row = SavedItem(account_id=account.id, kind=kind, key=key, saved_at=now)
        session.add(row)
    row.title, row.note = entry.title, note or row.note or ""
    session.flush()
    return row


def change_note(session: Session, person_id: int, item_id: int, *, note: str) -> None:
    """Write another note beside something saved.

    Raises:
        NotFoundError: They did not save it, or took it away.
    """
    hold_account(session, person_id)
    queries.get_saved(session, person_id, item_id).note = note


def drop_saved(session: Session, person_id: int, item_id: int) -> None:
    """Take away something saved, with its note.

    Raises:
        NotFoundError: They did not save it, or took it away.
    """
    hold_account(session, person_id)
    session.delete(queries.get_saved(session, person_id, item_id))
