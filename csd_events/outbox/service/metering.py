"""Holding mail back, and sending no more of it in a minute than was said."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import INSERTS, after_commit, engine_name
from csd_events.outbox.models import ONLY_ID, DeliverySettings
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State
from csd_events.outbox.service.queueing import BELL

MINUTE = timedelta(minutes=1)


def hold_mail(session: Session, *, now: datetime, actor_id: int | None) -> None:
    """Send nothing but what people ask for to sign in. Again changes nothing."""
    settings = _lock(session)
    if settings.held_at is not None:
        return
    settings.held_at, settings.held_by = now, actor_id
    _note(session, "mail.held", now, actor_id, {})


def let_mail_go(session: Session, *, now: datetime, actor_id: int | None) -> None:
    """Send what was held, and all that comes. Again changes nothing."""
    settings = _lock(session)
    if settings.held_at is None:
        return
    settings.held_at = settings.held_by = None
    _note(session, "mail.let_go", now, actor_id, {})
    after_commit(session, BELL.set)


def set_rate(
    session: Session,
    per_minute: int | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Send at most so many mails in any minute; None for as many as the server takes.

    For the server that takes our mail, not for one address: all processes together.
    """
    settings = _lock(session)
    before = settings.per_minute
    if before == per_minute:
        return
    settings.per_minute = per_minute
    _note(session, "mail.metered", now, actor_id, {"per_minute": [before, per_minute]})
    after_commit(session, BELL.set)


def may_take(session: Session, limit: int, *, now: datetime) -> int:
    """Say how many mails may be claimed now, of so many that somebody could send.

    What is being sent counts, and what went within the last minute. Who asks holds the
    settings until the commit, so that two do not count the same minute.
    """
    per_minute = session.scalar(select(DeliverySettings.per_minute))
    if per_minute is None:
        return limit
    _lock(session)
    sending = MAILS.c.state == State.SENDING
    gone = MAILS.c.sent_at > now - MINUTE
    taken = 0
    for each in (sending, gone):  # each by an index of its own
        taken += session.scalars(select(func.count()).where(each)).one()
    left: int = per_minute - taken
    return max(0, min(limit, left))


def _lock(session: Session) -> DeliverySettings:
    """Lock the one row; write it first where there is none."""
    session.execute(
        INSERTS[engine_name(session)](DeliverySettings)
        .values(id=ONLY_ID)
        .on_conflict_do_nothing(index_elements=["id"])
    )
    return session.get_one(
        DeliverySettings, ONLY_ID, populate_existing=True, with_for_update=True
    )


def _note(
    session: Session,
    action: str,
    now: datetime,
    actor_id: int | None,
    changes: Mapping[str, Any],
) -> None:
    audit.record(
        session,
        action,
        subject_id=ONLY_ID,
        actor_id=actor_id,
        now=now,
        changes=dict(changes),
    )
