"""Keeping what somebody types until they save it, so that nothing is lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from csd_events.accounts.models import TypedForm
from csd_events.core.db import INSERTS, engine_name

TYPED = cast("Table", TypedForm.__table__)
#: Who has not come back to it by then will not.
TYPED_KEPT = timedelta(days=30)
#: Guards a form and is no words of anybody.
NOT_TYPED = {"csrf_token", "foreseen"}


def keep_typed(
    session: Session,
    person_id: int,
    page: str,
    fields: Sequence[tuple[str, str]],
    *,
    now: datetime,
) -> None:
    """Keep what a form holds by now, in place of what it held before."""
    said = [[name, value] for name, value in fields if name not in NOT_TYPED]
    row = {"person_id": person_id, "page": page, "fields": said, "typed_at": now}
    kept = INSERTS[engine_name(session)](TYPED).values(row)
    session.execute(
        kept.on_conflict_do_update(
            index_elements=["person_id", "page"],
            set_={"fields": kept.excluded.fields, "typed_at": now},
        )
    )


def forget_typed(session: Session, person_id: int | None, page: str) -> None:
    """Drop what was typed into a form, for it is saved, or not wanted."""
    theirs = TYPED.c.person_id == person_id
    session.execute(delete(TYPED).where(theirs, TYPED.c.page == page))


def forget_old_typed(session: Session, *, now: datetime) -> None:
    session.execute(delete(TYPED).where(TYPED.c.typed_at < now - TYPED_KEPT))
