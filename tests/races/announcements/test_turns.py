"""Two announcements at one moment, to the same people."""

from datetime import datetime, timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.announcements import service
from csd_events.announcements.rules import LeftOut
from csd_events.core.db import transaction
from tests import announcing
from tests.announcing import acting, leave, left_out_of, send, settle_in
from tests.factories import NOON, make_member
from tests.together import announced

MINUTE = timedelta(minutes=1)


def paused_and_leaving(app: Flask, moment: datetime) -> tuple[int, int]:
    """Send two off, of which one person may get one; pause the first."""
    settle_in(app, announcements_a_week=1)
    early, late = announcing.write(app), announcing.write(app)
    send(app, early, now=NOON)
    with acting(app) as inside:
        service.pause(inside, early, now=NOON, actor_id=None)
    send(app, late, now=moment)
    return early, late


@pytest.mark.postgres_only
@pytest.mark.usefixtures("now")
def test_an_announcement_that_is_first_again_counts_what_another_is_queueing(
    app: Flask, session: Session
) -> None:
    """SQLite lets one write at a time anyway; here the second waits for its turn."""
    make_member(session, email="ada@example.org")
    moment = NOON + MINUTE
    early, late = paused_and_leaving(app, moment)
    leave(app, now=moment, pieces=1)
    queued, other_begins = Signal(), Signal()

    def queue_the_later_one() -> None:
        with app.app_context(), transaction() as inside:
            service.work(inside, now=moment)
            queued.set()
            other_begins.wait(10)

    thread = Thread(target=queue_the_later_one)
    thread.start()
    assert queued.wait(10)
    with acting(app) as inside:
        service.resume(inside, early, now=moment, actor_id=None)
    with announced(app, lambda words: "pg_advisory_xact_lock" in words) as begins:
        second = Thread(target=leave, args=[app], kwargs={"now": moment})
        second.start()
        assert begins.wait(10)
        other_begins.set()
        second.join()
    thread.join()
    leave(app, now=moment)
    found = {**left_out_of(session, late)}, {**left_out_of(session, early)}
    assert found == (
        {"ada@example.org": None},
        {"ada@example.org": LeftOut.OVER_CAP},
    )
