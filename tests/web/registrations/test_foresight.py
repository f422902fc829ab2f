"""Staff see what a change will cause, and can undo it before anybody hears of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.events import queries as events
from csd_events.events.models import Event, EventChange
from csd_events.events.rules import Kind, SessionDraft
from csd_events.outbox import service as outbox
from csd_events.outbox.message import Later
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import Outcome
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service
from csd_events.registrations.rules import NOTICE_WAITS, State
from tests.desk import ask, fields_of, foreseen_in, said, send, staff_browser
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_event,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver, deliver_now, entry_of, side
from tests.visitors import words

MINUTE = timedelta(minutes=1)
SetClock = Callable[[datetime], None]
#: It starts on May 11 at 8 am Eastern.
LATER = {"sessions-0-start_time": "10:00 am", "sessions-0-end_time": "11 am"}


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=2)


def page(event: Event, name: str) -> str:
    return f"/staff/events/{event.id}/{name}"


def move(browser: FlaskClient, event: Event, **typed: str) -> TestResponse:
    return send(browser, page(event, "move"), typed or LATER)


def undo(browser: FlaskClient, event: Event) -> list[str]:
    """Press the button on the event's page, and read what it did."""
    shown = browser.get(f"/staff/events/{event.id}").text
    typed = {name: fields_of(shown)[name] for name in ("csrf_token", "change")}
    return said(browser, browser.post(page(event, "undo"), data=typed))


def facts(session: Session, event: Event) -> dict[str, Any]:
    """Return everything an undo has to put back: counts, times, numbers, mail."""
    session.rollback()
    session.expire_all()
    found = events.get(session, event.id)
    going = select(OutboxMessage.key).where(OutboxMessage.state == MailState.QUEUED)
    return {
        "sessions": [
            (
                each.id,
                each.position,
                each.title,
                each.starts_at,
                each.ends_at,
                each.wall_start,
                each.zone,
                each.place,
                each.sequence,
                each.announced_at,
            )
            for each in found.sessions
        ],
        "event": (
            found.state,
            found.starts_at,
            found.ends_at,
            found.over_at,
            found.zone,
            found.place,
            found.cancel_note,
            found.cancelled_at,
            found.month,
        ),
        "counts": (found.confirmed, found.held, found.waiting, found.next_position),
        "offers": [(each.opens_at, each.closes_at) for each in found.offers],
        "people": [(c.session_id, c.presenter_id) for c in found.contributions],
        "going": list(session.scalars(going.order_by(OutboxMessage.id))),
    }


def test_the_page_says_what_a_change_will_cause_before_it_is_saved(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    for _ in range(3):
        make_registration(session, event)
    before = facts(session, event)
    at(NOON + 8 * DAY)
    sooner = {"sessions-0-starts_on-day": "10", "sessions-0-start_time": "7:30 am"}

    asked = ask(browser, page(event, "move"), sooner | {"sessions-0-end_time": ""})

    assert (asked.status_code, foreseen_in(asked)) == (
        200,
        [
            "3 people get a notice. 2 of them have it in their calendars, which are "
            "brought up to date.",
            "The notices leave at 8:05 am ET. Until then you can undo the change.",
            "1 reminder moves. 1 reminder falls in the past and is dropped.",
        ],
    )
    assert facts(session, event) == before
    assert session.scalars(select(EventChange)).all() == []


def test_what_is_typed_anew_after_the_foresight_is_foreseen_anew(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    before = facts(session, event)
    asked = ask(browser, page(event, "move"), LATER)
    other = fields_of(asked.text) | {"sessions-0-start_time": "10:30 am"}

    again = browser.post(page(event, "move"), data=other)

    assert foreseen_in(again) is not None
    assert facts(session, event) == before
    assert (
        browser.post(page(event, "move"), data=fields_of(again.text)).status_code == 303
    )
    assert facts(session, event)["event"][1] == NOON + 10 * DAY + 2 * HOUR + 30 * MINUTE


def test_a_change_of_which_nobody_hears_is_saved_at_once(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    answer = ask(browser, page(event, "edit"), {"summary": "Another sentence."})
    assert (answer.status_code, said(browser, answer)) == (303, ["Saved."])
    assert "Undo" not in browser.get(f"/staff/events/{event.id}").text


def test_more_places_say_first_who_gets_one(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    for _ in range(4):
        make_registration(session, event)
    asked = ask(browser, page(event, "edit"), {"capacity": "3"})
    assert foreseen_in(asked) == [
        "1 person who waits gets a place, and is told at once."
    ]
    assert "Save and give 1 place" in asked.text
    assert facts(session, event)["counts"][:3] == (2, 0, 2)


def test_notices_leave_after_five_minutes(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    deliver(app)
    move(browser, event)
    at(NOON + NOTICE_WAITS - MINUTE)
    assert deliver_now(app) == []
    at(NOON + NOTICE_WAITS)
    (mail,) = deliver_now(app)
    assert str(mail["Subject"]).startswith("Changed, now ")
    assert "Undo" not in browser.get(f"/staff/events/{event.id}").text


def test_after_an_undo_every_count_mail_plan_and_calendar_number_is_what_it_was(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    for _ in range(3):
        make_registration(session, event)
    deliver(app)
    before = facts(session, event)
    move(browser, event)
    assert facts(session, event) != before
    at(NOON + MINUTE)

    done = undo(browser, event)

    assert done == ["Undone. Everything is again as people have heard it."]
    assert facts(session, event) == before
    at(NOON + NOTICE_WAITS + MINUTE)
    assert deliver(app) == []
    again = browser.post(page(event, "undo"), data={"change": "1"})
    assert again.status_code == 400  # without the form's token nothing is undone


def test_what_an_undo_stops_shows_when_it_was_stopped_not_when_it_was_to_leave(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    deliver(app)
    move(browser, event)
    messages = f"/staff/events/{event.id}/messages"
    assert "Waiting to go Wed, May 1, 8:05 am ET" in words(browser.get(messages))
    at(NOON + MINUTE)
    undo(browser, event)
    page_now = words(browser.get(messages))
    assert "Not sent Wed, May 1, 8:01 am ET" in page_now
    assert "8:05 am" not in page_now


def test_sessions_taken_out_and_put_in_go_back_with_their_ids_and_people(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    program = make_event(session, kind=Kind.TRAINING, sessions=weekly(3))
    make_registration(session, program)
    deliver(app)
    before = facts(session, program)
    kept = events.before_change(events.get(session, program.id))
    path = page(program, "edit")
    more = fields_of(send(browser, path, {"more": "sessions"}).text)
    change = {
        "sessions-1-left_out": "y",
        "sessions-2-place": "Elsewhere",
        "sessions-3-title": "An extra",
        "sessions-3-starts_on-month": "6",
        "sessions-3-starts_on-day": "20",
        "sessions-3-starts_on-year": "2030",
        "sessions-3-start_time": "9 am",
        "sessions-3-end_time": "10 am",
        "zone": "America/Chicago",
        "zone_change": "clock",
        "action": "save",
    }
    asked = browser.post(path, data=more | change)
    browser.post(path, data=fields_of(asked.text) | {"action": "save"})
    assert len(facts(session, program)["sessions"]) == 3
    assert facts(session, program)["sessions"] != before["sessions"]

    undo(browser, program)

    assert facts(session, program) == before
    assert events.before_change(events.get(session, program.id)) == kept


def weekly(number: int) -> list[SessionDraft]:
    first = datetime(2030, 5, 21, 14)  # noqa: DTZ001 - on the wall
    return [
        SessionDraft(
            title=f"Part {n}",
            wall_start=first + n * 7 * DAY,
            wall_end=first + n * 7 * DAY + HOUR,
            zone="America/New_York",
        )
        for n in range(number)
    ]


def test_two_changes_in_five_minutes_are_told_once_and_undone_together(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    deliver(app)
    before = facts(session, event)
    move(browser, event)
    at(NOON + 4 * MINUTE)
    move(browser, event, **{"sessions-0-start_time": "10:30 am"})
    at(NOON + 6 * MINUTE)
    assert deliver_now(app) == []  # the first is told by the second
    shown = browser.get(f"/staff/events/{event.id}").text
    assert "Before: Sat, May 11, 8:00 am ET." in shown

    undo(browser, event)

    assert facts(session, event) == before
    at(NOON + HOUR)
    assert deliver(app) == []


def test_an_undo_leaves_alone_what_else_was_saved_meanwhile(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    before = facts(session, event)
    move(browser, event)
    send(browser, page(event, "edit"), {"title": "A better title"})
    undo(browser, event)
    assert facts(session, event)["sessions"] == before["sessions"]
    assert events.get(session, event.id).title == "A better title"


def test_who_heard_of_the_change_meanwhile_is_told_that_it_does_not_hold(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event, email="first@example.org")
    deliver(app)
    move(browser, event)
    at(NOON + MINUTE)
    make_registration(session, event, email="new@example.org", at=NOON + MINUTE)
    (confirmation,) = deliver_now(app)
    assert "10:00 am" in side(confirmation, "text/plain")
    at(NOON + 2 * MINUTE)

    undo(browser, event)

    mails = by_address(deliver_now(app))
    assert list(mails) == ["new@example.org"]
    mail = mails["new@example.org"]
    text = side(mail, "text/plain")
    assert ("10:00 am" in text, "8:00 am" in text) == (True, True)
    assert text.index("10:00 am") < text.index("8:00 am")
    told, corrected = entry_of(confirmation), entry_of(mail)
    assert str(told["uid"]) == str(corrected["uid"])
    assert int(corrected["sequence"]) > int(told["sequence"])
    assert corrected["dtstart"].dt == NOON + 10 * DAY


def test_an_undo_pressed_in_a_second_tab_says_that_it_is_undone(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    move(browser, event)
    shown = browser.get(f"/staff/events/{event.id}").text
    typed = {name: fields_of(shown)[name] for name in ("csrf_token", "change")}
    undo(browser, event)

    again = said(browser, browser.post(page(event, "undo"), data=typed))

    assert again == [
        "That change was undone already, and nobody hears of it. See how it stands."
    ]


def test_what_a_change_comes_to_is_read_in_words_before_it_is_saved(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    """A wrong month is a number among others; a wrong day of the week is seen."""
    make_registration(session, event)

    asked = ask(browser, page(event, "move"), LATER)

    assert (
        "Moved from Saturday, May 11, 2030, 8:00 am Eastern (UTC\u22124) to Saturday, "
        "May 11, 2030, 10:00 am Eastern (UTC\u22124)"
    ) in asked.text


def test_a_reminder_that_was_stale_for_a_moment_goes_after_the_undo(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event, at=NOON - 20 * DAY)
    start = NOON + 10 * DAY
    session.commit()
    deliver(app)
    at(start - DAY)
    with writing(session):
        service.queue_reminders(session, now=start - DAY)
    move(browser, event)
    assert deliver_now(app) == []
    undo(browser, event)
    (mail,) = deliver_now(app)
    assert str(mail["Subject"]).startswith("Tomorrow")


def test_no_reminder_overtakes_the_notice_of_a_new_time(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    """Its day before falls in the minutes in which the notice waits."""
    make_registration(session, event)
    deliver(app)
    at(NOON + 9 * DAY + 2 * HOUR - 2 * MINUTE)
    move(browser, event)
    at(NOON + 9 * DAY + 2 * HOUR)
    with writing(session):
        assert service.queue_reminders(session, now=NOON + 9 * DAY + 2 * HOUR) == 0
    assert deliver_now(app) == []


def test_within_the_hour_notices_leave_at_once_and_the_page_says_so(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    deliver(app)
    at(NOON + 10 * DAY - HOUR)
    asked = ask(browser, page(event, "move"), LATER)
    assert (foreseen_in(asked) or [])[1] == (
        "It starts within the hour: the notices leave at once, without an undo."
    )
    answer = move(browser, event)
    assert said(browser, answer) == ["Saved. 1 person is being told."]
    assert "Undo" not in browser.get(f"/staff/events/{event.id}").text
    assert len(deliver_now(app)) == 1


def test_once_a_notice_has_left_nothing_is_undone(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    for _ in range(2):
        make_registration(session, event)
    deliver(app)
    move(browser, event)
    shown = fields_of(browser.get(f"/staff/events/{event.id}").text)
    after = facts(session, event)
    one = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "registration.moved")
    ).first()
    assert one is not None
    one.state = MailState.SENDING  # a process whose clock is ahead has taken it
    session.commit()

    typed = {name: shown[name] for name in ("csrf_token", "change")}
    answer = browser.post(page(event, "undo"), data=typed)

    assert said(browser, answer) == [
        "The notices have begun to leave, or somebody changed something since. It was "
        "not undone; see how it stands, and change it again."
    ]
    now = facts(session, event)
    assert (now["sessions"], now["event"]) == (after["sessions"], after["event"])


def test_cancelling_waits_and_is_undone_as_if_it_had_not_been(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    made = [make_registration(session, event) for _ in range(3)]
    before = facts(session, event)
    send(browser, page(event, "cancel"), {"note": "A storm."})
    assert deliver_now(app) == []  # confirmations are skipped, and nobody is told
    at(NOON + MINUTE)

    undo(browser, event)

    assert facts(session, event) == before
    assert len(deliver_now(app)) == len(made)
    at(NOON + HOUR)
    assert deliver(app) == []


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    ("name", "typed", "heading"),
    [
        ("cancel", {"note": "A storm."}, "Cancelled, and nobody was registered"),
        ("postpone", {}, "Postponed, and nobody is registered yet"),
        ("move", LATER, "Changed, and nobody is registered yet"),
    ],
)
def test_where_nobody_is_registered_nobody_is_said_to_be_told_later(
    browser: FlaskClient,
    session: Session,
    event: Event,
    name: str,
    typed: dict[str, str],
    heading: str,
) -> None:
    send(browser, page(event, name), typed)
    shown = words(browser.get(f"/staff/events/{event.id}"))
    assert f"{heading} Nobody has to be told. You can undo it until 8:05 am ET" in shown
    assert "nobody has been told yet" not in shown


def test_a_mail_in_hand_while_its_event_is_off_for_a_moment_is_not_lost(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    """Its composer found the event cancelled; by then it takes place after all."""
    make_registration(session, event)
    with writing(session):
        (due,) = outbox.claim_due(session, claim="one", now=NOON)
    send(browser, page(event, "cancel"), {"note": "A storm."})
    session.rollback()
    with app.app_context():
        composed = app.extensions["csd_composers"][due.kind](session, due, NOON)
    session.rollback()
    undo(browser, event)
    assert isinstance(composed, Later)
    waits = Outcome(MailState.QUEUED, composed.reason, again_at=composed.at)
    with writing(session):
        assert outbox.settle(session, due.id, waits, claim="one", now=NOON)
    at(NOON + NOTICE_WAITS)
    assert len(deliver(app)) == 1


def test_who_was_to_hear_of_it_by_a_change_that_is_undone_hears_of_the_one_before(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    """Its own notice was late, and left the telling to the one that followed."""
    make_registration(session, event)
    deliver(app)
    move(browser, event)
    late = NOON + 6 * MINUTE  # the mail server was away
    at(late)
    at_one = {"sessions-0-start_time": "1:00 pm", "sessions-0-end_time": "2 pm"}
    move(browser, event, **at_one)
    at(late + MINUTE)
    assert deliver_now(app) == []

    undo(browser, event)

    (mail,) = deliver_now(app)
    assert "10:00 am" in side(mail, "text/plain")
    assert entry_of(mail)["dtstart"].dt == NOON + 10 * DAY + 2 * HOUR
    at(NOON + HOUR)
    assert deliver(app) == []


def test_a_change_that_is_undone_does_not_hide_one_whose_notice_failed(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    start = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - on the clocks of the event
    program = make_event(
        session,
        kind=Kind.TRAINING,
        sessions=[
            SessionDraft(
                title=title, wall_start=start + week * DAY, zone="America/New_York"
            )
            for title, week in (("Why", 0), ("How", 7))
        ],
    )
    make_registration(session, program)
    deliver(app)
    move(browser, program, **{"sessions-0-start_time": "10:00 am"})
    with writing(session):
        first = select(OutboxMessage).where(OutboxMessage.kind == "registration.moved")
        session.scalars(first).one().state = MailState.FAILED
    at(NOON + HOUR)
    move(browser, program, **{"sessions-1-start_time": "11:00 am"})
    undo(browser, program)
    move(browser, program, **{"sessions-1-start_time": "1:00 pm"})

    (mail,) = deliver(app)

    files = [part.get_filename() for part in mail.iter_attachments()]
    assert "The entries attached" in side(mail, "text/plain")
    assert len(files) == 2  # a session each


def test_event_cancelled_all_planned_messages_stop_one_cancellation_notice_to_all(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    people = [make_registration(session, event) for _ in range(3)]
    assert [each.state for each in people] == [
        State.CONFIRMED,
        State.CONFIRMED,
        State.WAITING,
    ]
    deliver(app)
    answer = send(browser, page(event, "cancel"), {"note": "A storm."})
    assert said(browser, answer) == [
        "The event is cancelled. 3 people are told at 8:05 am ET; until then you can "
        "undo it."
    ]
    at(NOON + NOTICE_WAITS)
    mails = deliver_now(app)
    assert [str(mail["Subject"]) for mail in mails] == [
        "Cancelled: Sharing dispatch"
    ] * 3
    for days in range(11):
        at(NOON + days * DAY + HOUR)
        with writing(session):
            service.queue_reminders(session, now=NOON + days * DAY + HOUR)
        assert deliver_now(app) == []


def test_a_cancellation_is_told_once_by_however_many_processes(
    session: Session, event: Event
) -> None:
    make_registration(session, event)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    told = []
    for after in (NOTICE_WAITS - MINUTE, NOTICE_WAITS, NOTICE_WAITS + MINUTE):
        with writing(session):
            told.append(service.tell_of_cancellations(session, now=NOON + after))
    assert told == [0, 1, 0]


def test_a_cancellation_that_a_process_whose_clock_is_ahead_has_told_stays(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    send(browser, page(event, "cancel"), {"note": ""})
    with writing(session):
        assert service.tell_of_cancellations(session, now=NOON + NOTICE_WAITS) == 1
    before = facts(session, event)

    assert undo(browser, event)[0].startswith("The notices have begun to leave")

    assert facts(session, event) == before
