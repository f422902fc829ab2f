"""Writing an announcement, and sending it off."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.announcements import queries, rules
from csd_events.announcements.models import Announcement
from csd_events.announcements.queries import Terms
from csd_events.announcements.rules import Audience, Draft, Refusal, Stage
from csd_events.association import queries as association
from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.db import after_commit
from csd_events.core.errors import NotFoundError, RefusedError, StaleError
from csd_events.core.time import to_wall
from csd_events.outbox import service as outbox
from csd_events.registrations import service as registrations

FIELDS = ("states", "areas", "subject", "body")


def write(
    session: Session,
    draft: Draft,
    *,
    event_id: int | None,
    selection_id: int | None = None,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Keep a new announcement as a draft and return its id.

    Args:
        event_id: Whose people it is for; None for members.
        selection_id: Those of them whom staff chose; None for all in some states.

    Raises:
        NotFoundError: The event has no such selection.
    """
    if selection_id is not None and event_id is not None:
        registrations.keep_selection(session, event_id, selection_id)
    row = Announcement(
        audience=Audience.MEMBERS if event_id is None else Audience.EVENT,
        event_id=event_id,
        selection_id=selection_id,
        created_at=now,
        created_by=actor_id,
    )
    _write(row, draft)
    session.add(row)
    session.flush()
    changes = {name: [None, value] for name, value in _audited(row).items()}
    note(session, row, "announcement.written", changes, now=now, actor_id=actor_id)
    return row.id


def save(
    session: Session,
    announcement_id: int,
    draft: Draft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Save a draft anew.

    Raises:
        StaleError: Somebody saved it after the form was opened.
        RefusedError: It was sent off meanwhile.
    """
    row = lock(session, announcement_id)
    if row.stage is not Stage.DRAFT:
        raise RefusedError(Refusal.NO_DRAFT)
    if row.version != version:
        raise StaleError(str(announcement_id))
    before = _audited(row)
    _write(row, draft)
    changes = what_changed(before, _audited(row))
    if not changes:
        return
    row.version += 1
    note(session, row, "announcement.saved", changes, now=now, actor_id=actor_id)


def send(
    session: Session,
    announcement_id: int,
    *,
    version: int,
    now: datetime,
    actor_id: int | None,
) -> datetime:
    """Send an announcement off. Return when it leaves.

    Nobody is written to here: whoever does errands finds the people, piece by piece.

    Args:
        version: Of what was seen when the button was pressed.

    Raises:
        RefusedError: It was sent off before, reaches nobody, or the association has
            no postal address.
        StaleError: Somebody has changed it since.
    """
    row = lock(session, announcement_id)
    if row.stage is not Stage.DRAFT:
        raise RefusedError(Refusal.NO_DRAFT)
    if row.version != version:
        raise StaleError(str(announcement_id))
    known = association.read(session)
    if not known.postal_address:
        raise RefusedError(Refusal.NO_POSTAL_ADDRESS)
    reach = queries.count_reach(session, terms_of(session, row, now=now))
    if not reach.reached:
        raise RefusedError(Refusal.NOBODY)
    row.stage = Stage.LEAVING
    row.sent_at, row.sent_by = now, actor_id
    row.leaves_at = rules.leaves_at(now, known.zone, number=reach.reached)
    changes = {
        "people": [None, reach.reached],
        "leaves_at": [None, row.leaves_at.isoformat()],
    }
    note(session, row, "announcement.sent_off", changes, now=now, actor_id=actor_id)
    after_commit(session, outbox.BELL.set)
    return row.leaves_at


def call_back(
    session: Session, announcement_id: int, *, now: datetime, actor_id: int | None
) -> None:
    """Make a draft again of an announcement that has not begun to leave.

    Raises:
        RefusedError: It has begun, or was called back or stopped before.
    """
    row = lock(session, announcement_id)
    if row.stage not in {Stage.LEAVING, Stage.PAUSED}:
        raise RefusedError(Refusal.NOT_UNDER_WAY)
    if row.begun_at is not None:
        raise RefusedError(Refusal.BEGUN)
    row.stage = Stage.DRAFT
    row.sent_at = row.sent_by = row.leaves_at = None
    note(session, row, "announcement.called_back", {}, now=now, actor_id=actor_id)


def lock(session: Session, announcement_id: int) -> Announcement:
    """Return an announcement, locked until the commit.

    Raises:
        NotFoundError: There is none by this id.
    """
    row = session.get(
        Announcement, announcement_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise NotFoundError("announcement")
    return row


def terms_of(session: Session, row: Announcement, *, now: datetime) -> Terms:
    """Say what decides who gets an announcement, were it to leave now."""
    known = association.read(session)
    today = to_wall(now, known.zone).date()
    return Terms.of(row, most=known.announcements_a_week, now=now, today=today)


def note(
    session: Session,
    row: Announcement,
    action: str,
    changes: dict[str, Any],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Write down what staff did with an announcement."""
    audit.record(
        session,
        action,
        subject_id=row.id,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )


def _write(row: Announcement, draft: Draft) -> None:
    row.subject, row.body = draft.subject, draft.body
    row.states, row.areas = list(draft.states), list(draft.areas)


def _audited(row: Announcement) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}
