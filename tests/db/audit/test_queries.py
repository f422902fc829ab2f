"""Reading the audit trail."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import queries, service


def test_what_happened_to_a_thing_is_listed_the_latest_first(
    session: Session, now: datetime
) -> None:
    service.record(session, "event.created", subject_id=1, now=now)
    service.record(session, "event.moved", subject_id=1, now=now, changes={"a": [1, 2]})
    service.record(session, "event.moved", subject_id=2, now=now)
    service.record(session, "account.closed", subject_id=1, now=now)

    entries = queries.list_about(session, "event", 1)

    assert [(entry.action, entry.changes) for entry in entries] == [
        ("event.moved", {"a": [1, 2]}),
        ("event.created", {}),
    ]
