"""Those on stage hear of changes as people do: noticed, undone, and their entries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.registrations import service
from tests.desk import ask, foreseen_in, said, send, staff_browser
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    again,
    make_draft,
    make_registration,
    writing,
)
from tests.letters import (
    by_address,
    calendars_in,
    deliver,
    deliver_now,
    entry_in,
    side,
)
from tests.staging import (
    ADA,
    BEN,
    feed_of,
    make_stage_event,
    page_of,
    presenter_named,
)
from tests.statements import counted
from tests.visitors import words
from tests.web.events.test_staff_belongings import PEOPLE
from tests.web.home.test_presenting import sitting

SetClock = Callable[[datetime], None]
MINUTES = HOUR / 60


@pytest.fixture
def browser(app: Flask, session: Session, now: object) -> FlaskClient:
    return staff_browser(app, session)


pytestmark = pytest.mark.usefixtures("now")


def move(session: Session, event: Event, **given: Any) -> Any:
    with writing(session):
        found = events.get(session, event.id)
        kept = events.as_saved(found)
        if "starts_at" in given:
            drafts = make_draft(starts_at=given.pop("starts_at")).sessions
            given["sessions"] = again(found, drafts)
        return service.save_event(
            session, event.id, replace(kept, **given), version=found.version, now=NOON
        )


def sent_link(app: Flask, session: Session, name: str = "Ada Sample") -> EmailMessage:
    with writing(session):
        who = presenter_named(session, name).id
    with writing(session):
        event_service.send_link(session, who, now=NOON)
    (mail,) = deliver_now(app)
    return mail


def entry_of(mail: EmailMessage) -> Any:
    (file,) = calendars_in(mail)
    return entry_in(file)


def methods(mail: EmailMessage) -> list[str]:
    return sorted(
        str(part.get_param("method"))
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    )


def test_a_move_reaches_who_presents_with_an_update_of_the_entry_they_have(
    app: Flask, session: Session
) -> None:
    event = make_stage_event(session)
    before = entry_of(sent_link(app, session))
    move(session, event, starts_at=NOON + 12 * DAY)
    assert deliver_now(app) == []
    (mail,) = deliver(app)
    assert mail["To"] == "Ada Sample <ada@example.org>"
    assert "Before:" in side(mail, "text/plain")
    after = entry_of(mail)
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].dt == NOON + 12 * DAY
    assert str(after["description"]).startswith("Moved from ")
    assert methods(mail) == ["REQUEST"]


def test_only_whose_session_moved_is_told(app: Flask, session: Session) -> None:
    sessions = [sitting(10, "First", ADA), sitting(11, "Second", BEN)]
    event = make_stage_event(
        session, kind=Kind.TRAINING, contributors=[], sessions=sessions
    )
    found = events.as_saved(events.get(session, event.id))
    later = replace(
        found.sessions[1],
        wall_start=found.sessions[1].wall_start + HOUR,
        wall_end=found.sessions[1].wall_start + 2 * HOUR,
    )
    effect = move(session, event, sessions=[found.sessions[0], later])
    assert effect.on_stage == 1
    (mail,) = deliver(app)
    assert list(by_address([mail])) == ["ben@example.org"]
    # Taken out, it is taken out of the calendar of who presented it.
    move(session, event, sessions=[replace(later, contributors=[BEN])])
    mails = by_address(deliver(app))
    assert methods(mails["ada@example.org"]) == ["CANCEL"]
    gone = entry_of(mails["ada@example.org"])
    ada, first = presenter_named(session).id, found.sessions[0].id
    assert gone["uid"] == f"presenter-{ada}-{first}@csd.test"
    assert gone["status"] == "CANCELLED"
    assert gone["sequence"] == 1
    assert "ben@example.org" not in mails


def test_nobody_is_told_who_has_no_address(app: Flask, session: Session) -> None:
    event = make_stage_event(session, contributors=[replace(ADA, name="Cy Sample")])
    assert move(session, event, starts_at=NOON + 12 * DAY).on_stage == 0
    assert deliver(app) == []


def test_calling_off_takes_the_entry_out_of_the_calendar_of_who_presents(
    app: Flask, session: Session
) -> None:
    event = make_stage_event(session)
    before = entry_of(sent_link(app, session))
    with writing(session):
        service.cancel_event(session, event.id, note="The hall burned.", now=NOON)
    assert deliver_now(app) == []
    (mail,) = deliver(app)
    assert "The hall burned." in side(mail, "text/plain")
    after = entry_of(mail)
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert methods(mail) == ["CANCEL"]


def test_staff_are_told_beforehand_that_presenters_hear_of_it(
    browser: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session, contributors=[ADA, BEN])
    make_registration(session, event)
    path = f"/staff/events/{event.id}/move"
    typed = {"sessions-0-start_time": "3:00 pm", "sessions-0-end_time": "4:00 pm"}
    answer = ask(browser, path, typed)
    lines = foreseen_in(answer)
    assert lines is not None
    assert lines[:2] == [
        "1 person gets a notice with a calendar update.",
        "2 presenters get a notice with a calendar update.",
    ]
    assert "Save and tell 3 people" in words(answer)
    cancel = words(browser.get(f"/staff/events/{event.id}/cancel"))
    assert "Cancel and tell 3 people" in cancel


def undo(browser: FlaskClient, session: Session, event: Event) -> list[str]:
    session.rollback()
    change = events.find_last_change(session, event.id)
    assert change is not None
    page = browser.get(f"/staff/events/{event.id}").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2]
    data = {"csrf_token": token.partition('"')[0], "change": change.id}
    session.rollback()
    return said(browser, browser.post(f"/staff/events/{event.id}/undo", data=data))


def test_a_change_that_is_undone_reaches_nobody_on_stage(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    sent_link(app, session)
    send(
        browser,
        f"/staff/events/{event.id}/move",
        {"sessions-0-start_time": "3:00 pm", "sessions-0-end_time": "4:00 pm"},
    )
    page = words(browser.get(f"/staff/events/{event.id}"))
    assert "1 person is told at 8:05 am ET." in page
    assert undo(browser, session, event)[0].startswith("Undone.")
    assert deliver(app) == []


def test_who_heard_of_a_change_by_the_link_is_told_that_it_is_undone(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_stage_event(session)
    move(session, event, starts_at=NOON + 12 * DAY)
    at(NOON + 1 * MINUTES)
    heard = entry_of(sent_link(app, session))
    assert undo(browser, session, event)[0].startswith("Undone.")
    (mail,) = deliver(app)
    corrected = entry_of(mail)
    assert corrected["uid"] == heard["uid"]
    assert corrected["sequence"] > heard["sequence"]
    assert corrected["dtstart"].dt == NOON + 10 * DAY


def test_a_cancellation_that_is_undone_reaches_nobody_on_stage(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    assert undo(browser, session, event)[0].startswith("Undone.")
    assert deliver(app) == []


def test_two_changes_before_the_notice_leaves_are_one_mail(
    app: Flask, session: Session
) -> None:
    event = make_stage_event(session)
    # Of another event of theirs nothing is said.
    other = make_stage_event(session, slug="other", title="Other")
    move(session, event, starts_at=NOON + 12 * DAY)
    move(session, other, starts_at=NOON + 14 * DAY)
    move(session, event, starts_at=NOON + 13 * DAY)
    mails = deliver(app)
    assert sorted(str(mail["Subject"]).partition(": ")[2] for mail in mails) == [
        "Other",
        "Sharing dispatch",
    ]
    starts = {entry_of(mail)["dtstart"].dt for mail in mails}
    assert starts == {NOON + 13 * DAY, NOON + 14 * DAY}


def test_mails_of_registrations_name_who_presents_and_who_stands_behind(
    app: Flask, session: Session
) -> None:
    event = make_stage_event(session, contributors=[*PEOPLE, BEN])
    make_registration(session, event)
    (mail,) = deliver(app)
    line = (
        "With Ada, Ada B., and Ben Sample (moderator). Produced together with League. "
        "With support from Leage."
    )
    assert line in " ".join(side(mail, "text/plain").split())
    assert "With support from Leage." in side(mail, "text/html")


def test_nothing_is_said_where_nobody_stands_behind(
    app: Flask, session: Session
) -> None:
    make_registration(session, make_stage_event(session, contributors=[]))
    (mail,) = deliver(app)
    assert "With" not in side(mail, "text/plain")


def test_postponing_takes_the_entry_out_and_a_new_date_brings_it_back(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    before = entry_of(sent_link(app, session))
    postpone = f"/staff/events/{event.id}/postpone"
    asked = words(browser.get(postpone))
    assert "1 presenter gets a notice with a calendar update." in asked
    session.rollback()
    send(browser, postpone, {"note": "The hall is flooded."})
    assert deliver_now(app) == []
    (mail,) = deliver(app)
    assert mail["Subject"] == "Postponed, new date to come: Sharing dispatch"
    text = side(mail, "text/plain")
    assert "The hall is flooded." in text
    assert "Wed, May" not in text
    gone = entry_of(mail)
    assert (gone["uid"], methods(mail)) == (before["uid"], ["CANCEL"])
    assert gone["sequence"] > before["sequence"]

    redate(session, event, NOON + 40 * DAY)
    assert deliver_now(app) == []
    (mail,) = deliver(app)
    assert str(mail["Subject"]).startswith("New date, ")
    back = entry_of(mail)
    assert (back["uid"], methods(mail)) == (before["uid"], ["REQUEST"])
    assert back["sequence"] > gone["sequence"]
    assert back["dtstart"].dt == NOON + 40 * DAY


def redate(session: Session, event: Event, starts_at: datetime) -> None:
    session.rollback()
    session.expire_all()
    found = events.get(session, event.id)
    sessions = again(found, make_draft(starts_at=starts_at).sessions)
    draft = replace(events.as_saved(found), sessions=sessions)
    with writing(session):
        service.redate_event(session, event.id, draft, version=found.version, now=NOON)


def test_moved_postponed_and_given_a_date_at_once_is_one_mail_to_who_presents(
    app: Flask, session: Session
) -> None:
    event = make_stage_event(session)
    move(session, event)
    with writing(session):
        service.postpone_event(session, event.id, note="", now=NOON)
    redate(session, event, NOON + 40 * DAY)
    (mail,) = deliver(app)
    assert str(mail["Subject"]).startswith("New date, ")
    assert entry_of(mail)["dtstart"].dt == NOON + 40 * DAY


def postponed(session: Session) -> Event:
    event = make_stage_event(session)
    with writing(session):
        service.postpone_event(session, event.id, note="", now=NOON)
    return event


def test_postponing_that_is_undone_reaches_nobody_on_stage(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = postponed(session)
    assert undo(browser, session, event)[0].startswith("Undone.")
    assert deliver(app) == []


def test_who_read_a_new_date_by_the_link_is_told_that_there_is_none_after_all(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    event = postponed(session)
    deliver(app)
    redate(session, event, NOON + 40 * DAY)
    at(NOON + 1 * MINUTES)
    heard = entry_of(sent_link(app, session))
    assert heard["dtstart"].dt == NOON + 40 * DAY
    assert undo(browser, session, event)[0].startswith("Undone.")
    (mail,) = deliver(app)
    assert methods(mail) == ["CANCEL"]
    assert entry_of(mail)["sequence"] > heard["sequence"]


def test_their_page_and_calendar_say_that_there_is_no_date(
    app: Flask, session: Session
) -> None:
    postponed(session)
    visitor, ada = app.test_client(), presenter_named(session)
    page = words(visitor.get(page_of(app, ada)))
    assert "Postponed: new date to come" in page
    assert "May 11" not in page
    assert "BEGIN:VEVENT" not in visitor.get(feed_of(app, ada)).text


def test_of_an_event_that_takes_place_after_all_no_late_notice_is_sent(
    app: Flask, session: Session
) -> None:
    event = postponed(session)
    redate(session, event, NOON + 40 * DAY)
    (mail,) = deliver(app)
    assert str(mail["Subject"]).startswith("New date, ")


def test_a_batch_of_mails_asks_once_who_is_on_stage(
    app: Flask, session: Session
) -> None:
    event = make_stage_event(session)
    for _ in range(3):
        make_registration(session, event)
    with counted(app) as said:
        mails = deliver_now(app)
    assert len(mails) == 3
    asked = [each for each in said if "FROM contributions" in each]
    assert len(asked) == 2  # who presents, and who stands behind
