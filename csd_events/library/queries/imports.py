"""Reading files of the library that staff sent."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from csd_events.core.errors import NotFoundError
from csd_events.library.models import LibraryImport

LATEST = 20


def get_import(session: Session, import_id: int) -> LibraryImport:
    """Return a file with what it would do, or did.

    Raises:
        NotFoundError: There is none by that number, or it was forgotten.
    """
    row = session.get(LibraryImport, import_id)
    if row is None:
        raise NotFoundError("import")
    return row


def lock_import(session: Session, import_id: int) -> LibraryImport:
    """Return a file, locked until the transaction ends.

    Raises:
        NotFoundError: There is none by that number, or it was forgotten.
    """
    wanted = select(LibraryImport).where(LibraryImport.id == import_id)
    row = session.scalar(wanted.with_for_update())
    if row is None:
        raise NotFoundError("import")
    return row


def list_imports(session: Session) -> Sequence[LibraryImport]:
    """List the latest files, without what they say."""
    latest = select(LibraryImport).order_by(LibraryImport.id.desc()).limit(LATEST)
    big = (defer(LibraryImport.document), defer(LibraryImport.report))
    return session.scalars(latest.options(*big)).all()
