"""Both events of a clash are open on two screens, and both say that it is known."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.events import queries, service
from csd_events.events.models import SeenClash
from csd_events.events.rules import clash_key
from tests.factories import NOON, make_event


def test_one_clash_left_from_both_sides_at_once_is_known_once(
    app: Flask, session: Session
) -> None:
    one, other = (make_event(session, areas=["libraries"]) for _ in range(2))
    ids = [one.id, other.id]
    session.expire_all()
    (found,) = queries.list_meetings(
        session, queries.slots_of(queries.get(session, one.id))
    )
    key = clash_key(found, found.clashes[0])
    session.rollback()

    def leave(event_id: int) -> None:
        with app.app_context(), transaction() as own:
            service.leave_clash(own, event_id, key, now=NOON, actor_id=None)

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(leave, event_id) for event_id in ids * 4]:
            each.result()

    session.rollback()
    assert session.scalars(select(SeenClash.key)).all() == [key]
    written = select(AuditEntry.subject_id).where(
        AuditEntry.action == "event.clash_left"
    )
    assert sorted(session.scalars(written)) == sorted(ids)
