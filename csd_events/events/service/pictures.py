"""The pictures of presenters: one of each, kept as a file of ours."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.errors import ProblemsError
from csd_events.core.files import FileStore
from csd_events.core.pictures import PictureFault, portrait
from csd_events.events.models import Presenter
from csd_events.events.service.belongings import lock_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A picture as staff send it.

    Attributes:
        file: Nothing in it is believed; None keeps the picture there is.
        alt: What it shows, in words; empty where it only decorates.
    """

    file: IO[bytes] | None
    alt: str


def save_picture(
    session: Session,
    presenter_id: int,
    sent: Portrait,
    *,
    store: FileStore,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Show a picture of a presenter, or say otherwise what theirs shows.

    Raises:
        ProblemsError: The file is not taken, or there is no picture.
    """
    made = portrait(sent.file) if sent.file is not None else None
    row = lock_row(session, Presenter, presenter_id)
    if made is None and row.picture is None:
        raise ProblemsError({"file": PictureFault.NONE})
    before = _facts(row)
    if made is not None:
        row.picture = store.save(made).path
    row.picture_alt = sent.alt
    _record(session, row, before, now, actor_id)


def remove_picture(
    session: Session, presenter_id: int, *, now: datetime, actor_id: int | None = None
) -> None:
    """Show no picture of a presenter any more; its file is swept."""
    row = lock_row(session, Presenter, presenter_id)
    before = _facts(row)
    row.picture, row.picture_alt = None, ""
    _record(session, row, before, now, actor_id)


def _facts(row: Presenter) -> dict[str, object]:
    return {"picture": row.picture, "picture_alt": row.picture_alt}


def _record(
    session: Session,
    row: Presenter,
    before: dict[str, object],
    now: datetime,
    actor_id: int | None,
) -> None:
    changes = what_changed(before, _facts(row))
    if not changes:
        return
    audit.record(
        session,
        "presenter.picture_saved" if row.picture else "presenter.picture_removed",
        subject_id=row.id,
        actor_id=actor_id,
        now=now,
        changes=changes,
    )
