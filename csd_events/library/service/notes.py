"""What readers tell of case studies, and what staff make of it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core import limits
from csd_events.core.errors import TooManyError
from csd_events.library import queries
from csd_events.library.models import CaseNote
from csd_events.library.service.casework import mark_checked

#: From one network within an hour.
NOTES_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader wrote, and an address if they gave one."""

    words: str
    email: str = ""


def tell(
    session: Session,
    case_id: str,
    told: Told,
    *,
    now: datetime,
    network_address: str | None,
) -> None:
    """Keep for staff what somebody says became of an arrangement.

    Raises:
        NotFoundError: There is no such case.
        TooManyError: Too many notes from one network address within the hour.
    """
    queries.lock_case(session, case_id)
    if network_address is not None:
        times = limits.count(session, what="case_note", who=network_address, now=now)
        if times > NOTES_AN_HOUR:
            raise TooManyError("notes from one network address")
    row = CaseNote(case_id=case_id, words=told.words, email=told.email, written_at=now)
    session.add(row)


def answer(
    session: Session,
    note_id: int,
    *,
    now: datetime,
    actor_id: int | None,
    checked_on: date | None,
) -> None:
    """Say that staff are done with a note. Doing it again does nothing.

    Args:
        checked_on: The day on which they looked at its case again, if they did.
    """
    note = queries.lock_note(session, note_id)
    if note.answered_at is not None:
        return
    case = queries.lock_case(session, note.case_id)
    before = {"case": None, "checked_on": _day(case.checked_on)}
    note.answered_at = now
    if checked_on is not None:
        mark_checked(case, today=checked_on)
    after = {"case": case.title, "checked_on": _day(case.checked_on)}
    audit.record(
        session,
        "case_note.answered",
        subject_id=note.id,
        now=now,
        actor_id=actor_id,
        changes=what_changed(before, after),
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
