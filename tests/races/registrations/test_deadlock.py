"""Two who wait for each other, of whom the database ends one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.events import queries as events
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.desk import fields_of
from tests.factories import NOON, make_event, writing
from tests.together import announced
from tests.visitors import TYPED, heading, open_form


@pytest.mark.postgres_only  # on SQLite the second does not even begin
@pytest.mark.usefixtures("now")
def test_a_form_that_a_deadlock_ended_is_kept_and_sent_again(
    app: Flask, session: Session
) -> None:
    event = make_event(session, slug="talk")
    browser = app.test_client()
    path = "/events/talk/register"
    data = TYPED | {"ticket": open_form(browser, "talk")}

    def wants_address(statement: str) -> bool:
        return statement.startswith("INSERT INTO people")

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            session.execute(text("SET LOCAL deadlock_timeout = '1min'"))  # not ours
            accounts.meet(session, email=TYPED["email"], full_name="Ada", now=NOON)
            with announced(app, wants_address) as wanted:
                sending = pool.submit(browser.post, path, data=data)
                sending.add_done_callback(lambda _: wanted.set())
                wanted.wait()
            events.lock(session, event.id)
        answer = sending.result()
    assert (answer.status_code, heading(answer)) == (503, "Not saved yet")
    assert browser.post(path, data=fields_of(answer.text)).status_code == 303
    session.rollback()
    stands = select(Registration.state, Registration.full_name)
    assert session.execute(stands).all() == [(State.CONFIRMED, "Ada Sample")]
