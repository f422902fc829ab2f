"""What saving conferences, programs, presenters and partners has in common."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from csd_events.core.errors import NotFoundError, ProblemsError, StaleError
from csd_events.events.models import (
    Conference,
    ConferencePartner,
    Partner,
    Presenter,
    Program,
    ProgramPartner,
)
from csd_events.events.rules import Fault
from csd_events.events.service.slugs import lock_names

Row = TypeVar("Row", Conference, Program, Presenter, Partner)


def lock_row(
    session: Session,
    kind: type[Row],
    row_id: int,
    *options: ORMOption,
    version: int | None = None,
) -> Row:
    """Return a row, locked until the transaction ends.

    Args:
        version: Of the row that a form showed; None where no form did.

    Raises:
        NotFoundError: There is none of this id.
        StaleError: Somebody saved it after the form was opened.
    """
    row = session.get(
        kind, row_id, options=options, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise NotFoundError(str(row_id))
    if version is not None and row.version != version:
        raise StaleError(str(row_id))
    return row


def refuse_taken(
    session: Session, field: str, row_id: int | None, same: Select[int]
) -> None:
    """Refuse a name that another row bears. Nobody else takes it until the commit.

    Args:
        field: Beside which it is said.
        row_id: Of the row that is to bear it; None for a new one.
        same: Selects the ids of those that bear it.

    Raises:
        ProblemsError: Another row bears it.
    """
    lock_names(session)
    with session.no_autoflush:
        others = session.scalars(same).all()
    if set(others) - {row_id}:
        raise ProblemsError({field: Fault.NAME_TAKEN})


def described(row: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return what the audit trail keeps of a row: plain values by name."""
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def named_partners(
    rows: Sequence[ConferencePartner | ProgramPartner],
) -> list[str]:
    """Write partners as the audit trail keeps them."""
    return [f"{row.role.value}: {row.partner.name}" for row in rows]
