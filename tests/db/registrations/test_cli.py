"""``flask registrations``."""

from datetime import datetime

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.seeds.service import load
from tests.factories import CHEAP


def _run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["registrations", *words])
    return result.exit_code, result.output


def test_counters_that_agree_are_in_order(app: Flask, session: Session) -> None:
    words = "Every counter agrees with its registrations.\n"
    assert _run(app, "check") == (0, words)


def test_a_counter_that_differs_is_named(
    app: Flask, session: Session, now: datetime
) -> None:
    load(session, password_hash=CHEAP.hash("sample password"), now=now)
    session.execute(
        update(Event).where(Event.slug == "fire-together").values(confirmed=3)
    )
    session.commit()
    assert _run(app, "check") == (
        1,
        "fire-together: says 3 confirmed, 0 held, 0 waiting; has 0, 0, 0\n"
        "Error: Counters that differ: 1\n",
    )


def test_reminding_says_how_many_go(
    app: Flask, session: Session, now: datetime
) -> None:
    assert _run(app, "remind") == (0, "Reminders queued: 0\n")
