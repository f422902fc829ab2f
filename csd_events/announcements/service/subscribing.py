"""Unsubscribing from a list of announcements, and coming back to it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.announcements import queries
from csd_events.announcements.models import Subscription
from csd_events.announcements.queries import Hearer
from csd_events.audit import service as audit
from csd_events.core.db import INSERTS, engine_name


def unsubscribe(
    session: Session,
    hearer: Hearer,
    list_key: str,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Let a list write to somebody no more. Again changes nothing.

    Args:
        actor_id: Who is signed in; None for whoever has the link.
    """
    accounts.lock_people(session, [hearer.person_id])
    if list_key in queries.find_unwanted(session, hearer, [list_key]):
        return
    row = {
        "person_id": hearer.person_id,
        "list_key": list_key,
        "email_key": hearer.email_key,
        "unsubscribed_at": now,
    }
    session.execute(
        INSERTS[engine_name(session)](Subscription)
        .values(row)
        .on_conflict_do_update(
            index_elements=["person_id", "list_key", "email_key"],
            set_={"unsubscribed_at": now},
        )
    )
    _note(session, "person.unsubscribed", hearer, list_key, now, actor_id)


def subscribe_again(
    session: Session,
    hearer: Hearer,
    list_key: str,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Let a list write to somebody again. Again changes nothing."""
    accounts.lock_people(session, [hearer.person_id])
    gone = session.execute(
        update(Subscription)
        .where(
            Subscription.list_key == list_key,
            Subscription.unsubscribed_at.is_not(None),
            or_(
                Subscription.person_id == hearer.person_id,
                Subscription.email_key == hearer.email_key,
            ),
        )
        .values(unsubscribed_at=None)
        .returning(Subscription.id)
    ).all()
    if gone:
        _note(session, "person.subscribed_again", hearer, list_key, now, actor_id)


def choose(
    session: Session,
    hearer: Hearer,
    wanted: Mapping[str, bool],
    *,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Say of several lists whether they may write to somebody."""
    for list_key, is_wanted in wanted.items():
        act = subscribe_again if is_wanted else unsubscribe
        act(session, hearer, list_key, now=now, actor_id=actor_id)


def _note(
    session: Session,
    action: str,
    hearer: Hearer,
    list_key: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    audit.record(
        session,
        action,
        subject_id=hearer.person_id,
        now=now,
        actor_id=actor_id,
        changes={"list": list_key},
    )
