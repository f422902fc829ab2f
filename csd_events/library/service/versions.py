"""Files of publications: each is a version, and stays what it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import ProblemsError
from csd_events.core.files import FileStore
from csd_events.library import queries
from csd_events.library.models import File, Publication, PublicationVersion
from csd_events.library.rules.media import (
    MOST_BYTES,
    MediaType,
    file_name,
    media_type_of,
)
from csd_events.library.rules.publishing import Problem

#: A file younger than this may belong to a row that is not committed yet.
ORPHANED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as somebody sent it. Nothing in it is believed.

    Attributes:
        name: What its owner calls it.
        note: What changed in it.
    """

    file: IO[bytes]
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who works at the library, when, and where the files go.

    Attributes:
        today: On the association's own calendar.
    """

    store: FileStore
    now: datetime
    today: date
    actor_id: int | None = None


def add_version(
    session: Session,
    publication_id: int,
    upload: Upload,
    desk: Desk,
) -> int:
    """Add a version, which is the current one from then on; return its number.

    Raises:
        NotFoundError: There is no publication by that id.
        ProblemsError: The file is not taken, or nothing says what changed.
    """
    row = queries.lock_publication(session, publication_id)
    if row.versions and not upload.note:
        raise ProblemsError({"note": Problem.NOTE_MISSING})
    before = row.current
    version = attach(session, row, upload, desk)
    audit.record(
        session,
        "publication.version_added",
        subject_id=row.id,
        now=desk.now,
        actor_id=desk.actor_id,
        changes={
            "current_version": [before.number if before else None, version.number],
            "file": [before.file.name if before else None, version.file.name],
            "note": [None, version.note],
        },
    )
    return version.number


def sweep_files(
    session: Session,
    *,
    store: FileStore,
    now: datetime,
    others: frozenset[str] = frozenset(),
) -> int:
    """Remove files that no row names: of a process that ended before its commit.

    Args:
        others: The names of files that other features keep.
    """
    known = queries.list_file_paths(session) | others
    return store.sweep(known, before=now - ORPHANED_AFTER)


def attach(
    session: Session,
    row: Publication,
    upload: Upload,
    desk: Desk,
) -> PublicationVersion:
    """Keep a file as the next version of a publication."""
    media_type = _checked(upload)
    stored = desk.store.save(upload.file)
    if row.current is not None and row.current.file.sha256 == stored.sha256:
        raise ProblemsError({"file": Problem.SAME_FILE})
    version = PublicationVersion(
        number=row.current.number + 1 if row.current else 1,
        note=upload.note,
        uploaded_at=desk.now,
        uploaded_by_id=desk.actor_id,
        file=File(
            name=file_name(upload.name, media_type),
            size=stored.size,
            media_type=media_type.name,
            sha256=stored.sha256,
            path=stored.path,
        ),
    )
    row.versions.insert(0, version)
    session.flush()
    return version


def _checked(upload: Upload) -> MediaType:
    """Return what a file is, if it is one that we take."""
    size = upload.file.seek(0, 2)
    if size == 0:
        raise ProblemsError({"file": Problem.EMPTY})
    if size > MOST_BYTES:
        raise ProblemsError({"file": Problem.TOO_LARGE})
    media_type = media_type_of(upload.file, name=upload.name)
    if media_type is None:
        raise ProblemsError({"file": Problem.UNKNOWN_TYPE})
    return media_type
