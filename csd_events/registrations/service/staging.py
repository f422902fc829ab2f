"""Telling those on stage of what changed at an event, as its people are told."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.db import given_rows
from csd_events.events import queries as events
from csd_events.events.models import EventChange, Presenter
from csd_events.events.rules import (
    CANCELLED_MAIL,
    LINK_MAIL,
    MOVED_MAIL,
    POSTPONED_MAIL,
    REDATED_MAIL,
    ChangeKind,
)
from csd_events.outbox import service as outbox
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.rules import Change

#: By which mail they hear of what became of an event.
STAGE_KINDS = {
    ChangeKind.MOVED: MOVED_MAIL,
    ChangeKind.CANCELLED: CANCELLED_MAIL,
    ChangeKind.POSTPONED: POSTPONED_MAIL,
    ChangeKind.REDATED: REDATED_MAIL,
}


def tell_stage_of_change(session: Session, change: EventChange, found: Change) -> int:
    """Queue a notice for each of those on stage whom a change is about.

    Who presents one session hears of that one alone, also when it is taken out.
    Return how many.
    """
    touched = found.touched
    reached = events.list_reached(session, change.event_id)
    addresses = {
        who: email
        for who, (email, sessions) in reached.items()
        if None in sessions or sessions & touched
    }
    addresses |= _of_removed(session, change.before, {s.id for s in found.removed})
    return _tell(session, MOVED_MAIL, addresses, change)


def tell_stage(session: Session, change: EventChange, *, now: datetime) -> int:
    """Queue a mail for each of those on stage of what became of the whole event."""
    reached = events.list_reached(session, change.event_id)
    addresses = {who: email for who, (email, _sessions) in reached.items()}
    return _tell(session, STAGE_KINDS[change.kind], addresses, change, due_at=now)


def correct_stage(
    session: Session, event_id: int, *, since: datetime, rise: int
) -> list[int]:
    """Let the entries of those on stage follow a change that was undone.

    Return who was mailed of it meanwhile: they are to be told that it does not hold.

    Args:
        since: When the first of what is undone was done.
        rise: By how much the numbers of their entries have to rise, for those of the
            sessions fall back to what they were.
    """
    reached = events.list_reached(session, event_id)
    if not reached:
        return []
    theirs = update(Presenter).where(Presenter.id.in_(reached))
    session.execute(
        theirs.values(calendar_sequence=Presenter.calendar_sequence + rise),
        execution_options={"synchronize_session": False},
    )
    gone = select(MAILS.c.subject_id).where(
        MAILS.c.kind == LINK_MAIL,
        MAILS.c.subject_id.in_(reached),
        (MAILS.c.state == MailState.SENDING)
        | ((MAILS.c.state == MailState.SENT) & (MAILS.c.sent_at > since)),
    )
    return list(session.scalars(gone.distinct()))


def tell_stage_again(
    session: Session, change: EventChange, who: Collection[int]
) -> None:
    """Queue a notice for some of those on stage, of a change that is saved."""
    reached = events.list_reached(session, change.event_id)
    addresses = {each: reached[each][0] for each in who if each in reached}
    _tell(session, STAGE_KINDS[change.kind], addresses, change)


def _of_removed(
    session: Session, before: Mapping[str, Any], removed: Collection[int]
) -> dict[int, str]:
    """Return the addresses of those who presented sessions that were taken out."""
    named = {
        (who["name"], who.get("organization", ""))
        for each in before["sessions"]
        if each["id"] in removed
        for who in each.get("people", ())
    }
    if not named:
        return {}
    rows = session.execute(
        select(
            Presenter.id, Presenter.full_name, Presenter.organization, Presenter.email
        ).where(
            Presenter.full_name.in_([name for name, _where in named]),
            Presenter.email != "",
        )
    )
    return {who: email for who, name, where, email in rows if (name, where) in named}


def _tell(
    session: Session,
    kind: str,
    addresses: Mapping[int, str],
    change: EventChange,
    *,
    due_at: datetime | None = None,
) -> int:
    """Queue a mail for each, in one statement. Return how many are told."""
    if not addresses:
        return 0
    rows = [
        {"key": f"{kind}:{who}:{change.id}", "subject_id": who, "to_address": email}
        for who, email in sorted(addresses.items())
    ]
    given = given_rows(session, [MAILS.c[name] for name in rows[0]], rows)
    return outbox.enqueue_all(
        session,
        select(given.c.key, given.c.subject_id, given.c.to_address),
        kind=kind,
        due_at=due_at or change.leaves_at,
        now=due_at or change.changed_at,
        event_id=change.event_id,
    )
