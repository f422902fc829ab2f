"""Reading what people save of the library."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session, raiseload

from csd_events.accounts.models import Account
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page, read_id
from csd_events.library.models import LibraryEntry, SavedItem
from csd_events.library.rules.searching import EntryKind

PAGE = 25
Named = tuple[EntryKind, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """Something saved, and what the library has of it by now; None for nothing."""

    item: SavedItem
    entry: LibraryEntry | None


def find_entry(session: Session, kind: EntryKind, key: str) -> LibraryEntry:
    """Return what everybody may find in the library.

    Raises:
        NotFoundError: There is none by that name, or it is no longer shown.
    """
    wanted = select(LibraryEntry).where(
        LibraryEntry.kind == kind, LibraryEntry.key == key, LibraryEntry.shown.is_(True)
    )
    row = session.scalar(wanted.options(raiseload(LibraryEntry.areas)))
    if row is None:
        raise NotFoundError(key)
    return row


def page_saved(
    session: Session, person_id: int, *, cursor: str | None
) -> Page[Saved, str]:
    """Return a page of what somebody saved, the latest first."""
    entry = and_(
        LibraryEntry.kind == SavedItem.kind,
        LibraryEntry.key == SavedItem.key,
        LibraryEntry.shown.is_(True),
    )
    own = (
        select(SavedItem, LibraryEntry)
        .join(Account, Account.id == SavedItem.account_id)
        .outerjoin(LibraryEntry, entry)
        .where(Account.person_id == person_id)
        .options(raiseload(LibraryEntry.areas))
    )
    after = read_id(cursor)
    if after is not None:
        own = own.where(SavedItem.id < after)
    latest = own.order_by(SavedItem.id.desc()).limit(PAGE + 1)
    found = [Saved(item, entry) for item, entry in session.execute(latest)]
    more = str(found[PAGE - 1].item.id) if len(found) > PAGE else None
    return Page(items=found[:PAGE], after=more)


def list_saved_of(
    session: Session, person_id: int, names: Collection[Named]
) -> dict[Named, int]:
    """Return the numbers of those things that somebody saved, of the ones named."""
    if not names:
        return {}
    kind, key = SavedItem.kind, SavedItem.key
    own = (
        select(SavedItem.id, kind, key)
        .join(Account, Account.id == SavedItem.account_id)
        .where(Account.person_id == person_id, tuple_(kind, key).in_(names))
    )
    return {(row.kind, row.key): row.id for row in session.execute(own)}


def get_saved(session: Session, person_id: int, item_id: int) -> SavedItem:
    """Return something that somebody saved themselves.

    Raises:
        NotFoundError: They did not save it, or took it away.
    """
    own = (
        select(SavedItem)
        .join(Account, Account.id == SavedItem.account_id)
        .where(Account.person_id == person_id, SavedItem.id == item_id)
    )
    row = session.scalar(own)
    if row is None:
        raise NotFoundError("saved item")
    return row
