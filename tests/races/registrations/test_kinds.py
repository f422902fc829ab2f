"""A change of kind, while somebody registers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.events.models import EventSession
from csd_events.events.rules import Kind, SessionDraft
from csd_events.registrations import service
from tests.desk import fields_of, said, staff_browser
from tests.factories import DAY, NOON, make_draft, make_event, make_wish, writing
from tests.together import announced


@pytest.mark.postgres_only  # on SQLite the second does not even begin
@pytest.mark.usefixtures("now")
def test_who_registers_at_this_very_moment_loses_no_session_by_a_change_of_kind(
    app: Flask, session: Session
) -> None:
    (first,) = make_draft().sessions
    later = SessionDraft(wall_start=first.wall_start + DAY, zone=first.zone)
    event = make_event(session, kind=Kind.TRAINING, sessions=[first, later])
    browser = staff_browser(app, session)
    page = f"/staff/events/{event.id}/kind"
    typed = fields_of(browser.get(page).text) | {"wanted": "webinar"}

    def wants_event(statement: str) -> bool:
        return "FROM events" in statement and "FOR UPDATE" in statement

    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            service.register(session, make_wish(event), now=NOON)
            with announced(app, wants_event) as wanted:
                saving = pool.submit(browser.post, page, data=typed)
                saving.add_done_callback(lambda _: wanted.set())
                wanted.wait()
        answer = saving.result()
    assert said(browser, answer) == [
        "1 person holds a place or waits for one, and would lose a session. Cancel "
        "this event instead, and make a new one."
    ]
    assert session.scalar(select(func.count(EventSession.id))) == 2
