"""Reading the audit trail."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from csd_events.audit import queries, service
from csd_events.audit.models import AuditEntry
from csd_events.audit.queries import PER_PAGE, Entry, TrailFilters
from tests.factories import DAY, NOON, make_person
from tests.plans import plan_of

SECOND = timedelta(seconds=1)


def record(session: Session, number: int, **given: Any) -> None:
    rows = [
        {
            "at": NOON,
            "action": "event.saved",
            "subject_kind": "event",
            "subject_id": n,
            "changes": {},
            "actor_id": None,
        }
        | given
        for n in range(number)
    ]
    session.execute(insert(AuditEntry), rows)
    session.commit()


def whole(session: Session, filters: TrailFilters) -> list[Entry]:
    """Follow the pages to the end."""
    found: list[Entry] = []
    cursor: str | None = None
    while True:
        page = queries.page_entries(session, filters, cursor=cursor)
        found.extend(page.items)
        cursor = page.after
        if cursor is None:
            return found


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


def test_who_did_it_is_named(session: Session, now: datetime) -> None:
    dana = make_person(session, full_name="Dana Sample")
    service.record(session, "event.created", subject_id=1, now=now, actor_id=dana.id)
    (entry,) = queries.list_about(session, "event", 1)
    assert (entry.actor_id, entry.actor_name) == (dana.id, "Dana Sample")
    names = [queries.find_name(session, each) for each in (dana.id, dana.id + 1)]
    assert names == ["Dana Sample", None]


def test_what_happened_to_several_things_is_one_list(
    session: Session, now: datetime
) -> None:
    for kind, subject_id in (("event", 1), ("mail", 1), ("event", 2), ("mail", 2)):
        service.record(session, f"{kind}.done", subject_id=subject_id, now=now)
    found = queries.list_about_all(session, {"event": [1], "mail": [2, 3]}, limit=9)
    last = queries.list_about_all(session, {"event": [1], "mail": [2, 3]}, limit=1)
    assert [(each.subject_kind, each.subject_id) for each in found] == [
        ("mail", 2),
        ("event", 1),
    ]
    assert list(last) == found[:1]
    assert list(queries.list_about_all(session, {})) == []


def test_the_trail_is_narrowed_by_person_kind_and_days(session: Session) -> None:
    dana, luis = make_person(session), make_person(session)
    record(session, 1, actor_id=dana.id, at=NOON)
    record(session, 1, actor_id=luis.id, at=NOON + DAY, subject_kind="mail")
    record(session, 1, at=NOON + 2 * DAY)

    def found(**asked: Any) -> list[datetime]:
        page = queries.page_entries(session, TrailFilters(**asked))
        return [each.at for each in page.items]

    assert found() == [NOON + 2 * DAY, NOON + DAY, NOON]
    assert found(actor_id=luis.id) == [NOON + DAY]
    assert found(kind="event") == [NOON + 2 * DAY, NOON]
    assert found(since=NOON + DAY) == [NOON + 2 * DAY, NOON + DAY]
    assert found(until=NOON + DAY) == [NOON]
    assert found(actor_id=dana.id, kind="mail") == []


@pytest.mark.parametrize("cursor", ["", "x", "1-", "9" * 40])
def test_a_cursor_that_was_tampered_with_starts_anew(
    session: Session, cursor: str
) -> None:
    record(session, 2)
    assert len(queries.page_entries(session, TrailFilters(), cursor=cursor).items) == 2


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3), min_size=PER_PAGE, max_size=3 * PER_PAGE))
def test_the_pages_hold_every_entry_once_in_order_of_time(
    session: Session, seconds: Sequence[int]
) -> None:
    """Many share an instant, and ids do not rise with time."""
    session.execute(delete(AuditEntry))
    for each in seconds:
        record(session, 1, at=NOON + each * SECOND)
    found = [(each.at, each.id) for each in whole(session, TrailFilters())]
    assert found == sorted(set(found), reverse=True)
    assert len(found) == len(seconds)


PLANS = [
    ({}, "ix_audit_entries_at_id"),
    ({"actor_id": 1}, "ix_audit_entries_actor_id_at_id"),
    ({"kind": "event"}, "ix_audit_entries_subject_kind_at_id"),
    ({"since": NOON, "until": NOON + DAY}, "ix_audit_entries_at_id"),
]


@pytest.mark.parametrize(("asked", "index"), PLANS)
def test_a_page_of_a_long_trail_is_read_from_an_index(
    session: Session, asked: dict[str, Any], index: str
) -> None:
    """Found in the plan, which decides whether a million entries take longer."""
    luis = make_person(session)
    record(session, 3000)
    record(session, 3000, actor_id=luis.id, subject_kind="mail")
    session.execute(text("ANALYZE"))
    asked = asked | ({"actor_id": luis.id} if "actor_id" in asked else {})
    plan = plan_of(session, queries.statement(TrailFilters(**asked)))
    assert (index in plan, "Sort" in plan, "TEMP B-TREE" in plan) == (
        True,
        False,
        False,
    )
