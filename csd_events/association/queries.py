"""Reading the association, which every page does."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.association.models import Association
from csd_events.association.rules import AssociationView

FIRST_WORDS = Path(__file__).parent / "first_words"
COLUMNS = [getattr(Association, field.name) for field in fields(AssociationView)]


@dataclass(slots=True)
class _Kept:
    """What was read last, and when."""

    association: AssociationView | None = None
    read_at: datetime | None = None


_kept = _Kept()


def get(session: Session, *, now: datetime, keep_for: timedelta) -> AssociationView:
    """Return the association as pages show it; there always is one.

    Args:
        session: To read in, when it must be read.
        now: The instant of the request.
        keep_for: For how long a process may show what it has read. Another process
            that saves a change cannot tell this one.
    """
    if (
        _kept.association is not None
        and _kept.read_at is not None
        and timedelta() <= now - _kept.read_at < keep_for
    ):
        return _kept.association
    found = read(session)
    _kept.association, _kept.read_at = found, now
    return found


def read(session: Session) -> AssociationView:
    """Read the association anew; what it is before anyone has written about it."""
    row = session.execute(select(*COLUMNS)).one_or_none()
    return AssociationView(*row) if row else first()


def forget() -> None:
    """Make the next page read it anew."""
    _kept.association = _kept.read_at = None


@lru_cache(maxsize=1)
def first() -> AssociationView:
    """Return the association before its staff have said who they are."""
    return AssociationView(
        name="Association of Local Governments",
        short_name="Association",
        sender_address="",
        reply_address="",
        postal_address="",
        telephone="",
        zone="America/New_York",
        privacy_words=_words("privacy"),
        accessibility_words=_words("accessibility"),
    )


def _words(name: str) -> str:
    return (FIRST_WORDS / f"{name}.md").read_text(encoding="utf-8")
