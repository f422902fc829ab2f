"""The catalog: what is to come, what is over, and what it costs to tell them apart."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.queries import Filters
from csd_events.events.rules import NEVER
from tests.factories import NOON, make_event, writing

DAY = timedelta(days=1)


def put(session: Session, slug: str, listed_at: Any, over_at: Any) -> None:
    """Make an event that is listed at an instant and over at another."""
    made = make_event(session, slug=slug)
    when = {"listed_at": listed_at, "over_at": over_at, "month": None}
    with writing(session):
        session.execute(update(Event).where(Event.id == made.id).values(when))


def slugs(session: Session, *, past: bool) -> list[str]:
    page = queries.page_catalog(session, Filters(past=past), now=NOON)
    by_month = queries.count_by_month(session, now=NOON, past=past)
    assert page.total == sum(by_month.values()) == len(page.items)
    return [event.slug for event in page.items]


def test_whatever_is_not_over_is_to_come_however_long_ago_it_began(
    session: Session,
) -> None:
    put(session, "at-no-time", NEVER, None)
    assert slugs(session, past=False) == ["at-no-time"]

    put(session, "long-over", NOON - 90 * DAY, NOON - 89 * DAY)
    put(session, "lasts-for-months", NOON - 60 * DAY, NOON + DAY)
    put(session, "just-over", NOON - DAY, NOON)
    put(session, "under-way", NOON - DAY / 24, NOON + DAY / 24)
    put(session, "tomorrow", NOON + DAY, NOON + 2 * DAY)
    put(session, "watched-until-friday", NOON + 3 * DAY, NOON + 3 * DAY)

    assert slugs(session, past=False) == [
        "lasts-for-months",
        "under-way",
        "tomorrow",
        "watched-until-friday",
        "at-no-time",
    ]
    assert slugs(session, past=True) == ["just-over", "long-over"]


@pytest.mark.sqlite_only  # PostgreSQL decides by how many rows there are
def test_what_is_to_come_is_found_without_a_look_at_what_is_over(
    session: Session,
) -> None:
    make_event(session)
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, words: str, given: Any, *_o: object) -> None:
        asked.append((words, given))

    engine = session.get_bind()
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    slugs(session, past=False)
    sqlalchemy_event.remove(engine, "before_cursor_execute", note)

    plans = [
        "\n".join(str(row) for row in session.connection().exec_driver_sql(*explained))
        for explained in (
            (f"EXPLAIN QUERY PLAN {words}", given)
            for words, given in asked
            if "events.over_at" in words and "FROM events" in words
        )
    ]
    assert len(plans) == 3  # the page, how many there are, and in which months
    for plan in plans:
        assert "INDEX ix_events_catalog (listed_at>?)" in plan
        assert "ix_events_over_at_listed_at_state_archived_at (over_at>?)" in plan
        assert "SCAN events" not in plan
