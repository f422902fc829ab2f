"""What operators ask: whether the site lives, and whether all is in order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

import config
from csd_events.app import create_app
from csd_events.core.schema import head_revision
from csd_events.events.models import Event
from csd_events.outbox.models import Chore
from csd_events.outbox.queries import HEARTBEAT
from tests.factories import make_event
from tests.mailing import queue


@pytest.fixture
def _migrated(session: Session) -> Iterator[None]:
    """A database that says its migrations are all done."""
    session.execute(
        text("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
    )
    session.execute(text("DELETE FROM alembic_version"))
    session.execute(
        text("INSERT INTO alembic_version VALUES (:head)"), {"head": head_revision()}
    )
    session.commit()
    yield
    session.rollback()
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()


def beat(session: Session, at: datetime) -> None:
    session.add(Chore(name=HEARTBEAT, done_at=at))
    session.commit()


def said_of_the_loop(client: FlaskClient) -> tuple[int, str, str]:
    answer = client.get("/readyz")
    assert answer.json is not None
    return answer.status_code, answer.json["status"], answer.json["loop"]


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


@pytest.mark.usefixtures("_migrated")
def test_all_in_order_is_ready(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    beat(session, now)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {
            "status": "ready",
            "database": "in order",
            "loop": "in order",
            "mail": {"waiting": 0, "since": None},
            "counters": "in order",
        },
    )


def test_an_unfinished_migration_is_not_ready(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    beat(session, now)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "database": "is not migrated"},
    )


@pytest.mark.usefixtures("_migrated")
def test_a_loop_not_heard_of_for_long_is_not_ready(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    beat(session, now - timedelta(hours=1))
    assert said_of_the_loop(client) == (503, "not ready", "dead")


@pytest.mark.usefixtures("_migrated", "now")
def test_a_loop_never_heard_of_is_not_ready(client: FlaskClient) -> None:
    assert said_of_the_loop(client) == (503, "not ready", "dead")


@pytest.mark.usefixtures("_migrated")
def test_mail_that_waits_is_counted_and_turns_nobody_away(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    """A mail server that does not answer: the oldest mail has waited three hours."""
    beat(session, now)
    first = now - timedelta(hours=3)
    queue(session, "ada@example.org", due_at=first)
    queue(session, "bob@example.org", due_at=now)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["mail"] == {"waiting": 2, "since": first.isoformat()}


@pytest.mark.usefixtures("_migrated")
def test_a_counter_that_differs_is_named_and_turns_nobody_away(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    beat(session, now)
    event = make_event(session, capacity=5)
    session.execute(update(Event).where(Event.id == event.id).values(confirmed=1))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["counters"] == [
        f"{event.slug}: says 1 confirmed, 0 held, 0 waiting; has 0, 0, 0"
    ]


def test_a_database_that_does_not_answer_is_not_ready(tmp_path: Path) -> None:
    nowhere = tmp_path / "no such folder" / "csd_events.db"
    app = create_app(config.Testing(f"sqlite:///{nowhere}"))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"status": "not ready", "database": "does not answer"},
    )
