"""Reading the association, which every page does."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.association.models import Association
from csd_events.association.rules import AssociationView
from csd_events.core.time import to_wall

FIRST_WORDS = Path(__file__).parent / "first_words"
COLUMNS = [getattr(Association, field.name) for field in fields(AssociationView)]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read, and when."""

    association: AssociationView
    at: datetime


class _Memory:
    """What this process has read last."""

    last: _Reading | None = None


def get(session: Session, *, now: datetime, keep_for: timedelta) -> AssociationView:
    """Return the association as pages show it; there always is one.

    Args:
        session: To read in, when it must be read.
        now: The instant of the request.
        keep_for: For how long a process may show what it has read. Another process
            that saves a change cannot tell this one.
    """
    last = _Memory.last  # taken once: another thread may forget it meanwhile
    if last is not None and timedelta() <= now - last.at < keep_for:
        return last.association
    found = read(session)
    _Memory.last = _Reading(found, now)
    return found


def read(session: Session) -> AssociationView:
    """Read the association anew; what it is before anyone has written about it."""
    row = session.execute(select(*COLUMNS)).one_or_none()
    return AssociationView(*row) if row else first()


def today(session: Session, now: datetime) -> date:
    """Return the day it is where the association is."""
    return to_wall(now, read(session).zone).date()


def forget() -> None:
    """Make the next page read it anew."""
    _Memory.last = None


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
