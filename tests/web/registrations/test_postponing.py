"""An event without a date for now: its people keep what they have, and hear twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events.models import Event, EventChange
from csd_events.events.rules import State
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import NOTICE_WAITS
from tests.desk import ask, fields_of, foreseen_in, said, send, staff_browser
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing
from tests.letters import by_address, deliver, deliver_now, entry_of, side
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
#: It starts on May 11 at 8 am Eastern; this is a month later.
LATER = {"sessions-0-starts_on-month": "6", "sessions-0-starts_on-day": "14"}
NOTE = {"note": "The hall is flooded."}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=1)


def page(event: Event, name: str) -> str:
    return f"/staff/events/{event.id}/{name}"


def now_of(session: Session, event: Event) -> Event:
    session.rollback()
    session.expire_all()
    return events.get(session, event.id)


def address_at(session: Session, event: Event) -> str:
    """Register somebody, and return their address."""
    return make_registration(session, event).person.email


def undo(browser: FlaskClient, event: Event) -> list[str]:
    shown = browser.get(f"/staff/events/{event.id}").text
    typed = {name: fields_of(shown)[name] for name in ("csrf_token", "change")}
    return said(browser, browser.post(page(event, "undo"), data=typed))


def subjects(mails: list[EmailMessage]) -> list[str]:
    return sorted(mail["Subject"] for mail in mails)


def test_who_is_there_and_who_waits_hear_it_once_and_keep_what_they_have(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    holder, waiter = (address_at(session, event) for _ in range(2))
    deliver(app)

    send(browser, page(event, "postpone"), NOTE)

    mails = by_address(deliver(app))
    assert (
        subjects(list(mails.values()))
        == ["Postponed, new date to come: Sharing dispatch"] * 2
    )
    held = mails[holder]
    assert "The hall is flooded." in side(held, "text/plain")
    assert "Your place is kept" in side(held, "text/plain")
    waits = side(mails[waiter], "text/plain")
    assert "Your number on the waiting list is kept" in waits
    assert deliver(app) == []
    found = now_of(session, event)
    assert (found.state, found.confirmed, found.waiting) == (State.POSTPONED, 1, 1)


def test_the_entry_leaves_the_calendar_and_comes_back_with_a_higher_number(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    holder = address_at(session, event)
    first = entry_of(by_address(deliver(app))[holder])
    send(browser, page(event, "postpone"), NOTE)
    off = by_address(deliver(app))[holder]
    at(NOON + DAY)
    send(browser, page(event, "redate"), LATER)
    again = by_address(deliver(app))[holder]

    gone, back = entry_of(off), entry_of(again)
    assert "new date" in again["Subject"].lower()
    assert gone["UID"] == back["UID"] == first["UID"]
    numbers = [int(each["SEQUENCE"]) for each in (first, gone, back)]
    assert numbers == sorted(set(numbers))
    assert [str(each.get("STATUS")) for each in (gone, back)] == [
        "CANCELLED",
        "CONFIRMED",
    ]
    assert back["DTSTART"].dt.date().isoformat() == "2030-06-14"


def test_the_page_says_what_postponing_causes_before_it_is_done(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    for _ in range(2):
        make_registration(session, event)
    shown = browser.get(page(event, "postpone")).text
    for expected in (
        "2 people get a notice. 1 of them has it in their calendar",
        "The notices leave at 8:05 am ET. Until then you can undo the change.",
        "3 planned reminders do not go.",
        "Registration closes until there is a new date.",
        "Postpone and tell 2 people",
    ):
        assert expected in shown
    assert now_of(session, event).state is State.PUBLISHED


def test_its_public_page_says_that_a_new_date_is_to_come(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    send(browser, page(event, "postpone"), NOTE)
    shown = app.test_client().get("/events/talk").text
    assert "Postponed: new date to come" in shown
    assert "The hall is flooded." in shown
    assert "May 11" not in shown
    listed = app.test_client().get("/events").text
    assert "New date to come" in listed
    calendar = app.test_client().get("/events/talk.ics").text
    assert "STATUS:CANCELLED" in calendar


def test_nobody_registers_for_it_by_any_way(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    form = app.test_client()
    opened = form.get("/events/talk/register").text
    send(browser, page(event, "postpone"), NOTE)

    sent = form.post(
        "/events/talk/register",
        data=fields_of(opened)
        | {
            "full_name": "Ada Sample",
            "email": "ada@example.org",
            "organization": "Town",
        },
    )
    assert (sent.status_code, "This event is postponed" in sent.text) == (409, True)
    shown = app.test_client().get("/events/talk/register").text
    assert "This event is postponed" in shown
    embedded = app.test_client().get("/embed/talk").text
    assert "This event is postponed" in embedded
    by_hand = browser.get(page(event, "registrations/new"))
    assert by_hand.status_code == 303
    assert session.scalars(select(Registration)).all() == []


def test_nobody_is_reminded_of_the_time_it_had(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    for hours in range(0, 12 * 24, 12):
        at(NOON + hours * HOUR)
        with writing(session):
            service.queue_reminders(session, now=NOON + hours * HOUR)
            service.queue_follow_ups(session, now=NOON + hours * HOUR)
        assert deliver_now(app) == []


def test_what_is_postponed_is_never_over(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    registration = make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + 60 * DAY)
    assert "New date to come" in app.test_client().get("/events").text
    with writing(session):
        service.cancel(session, registration.id, now=NOON + 60 * DAY)
    assert now_of(session, event).confirmed == 0


def test_the_person_s_page_says_it_and_nobody_comes_in(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    mail = side(deliver(app)[0], "text/plain")
    own = next(w for w in mail.split() if "/registrations/" in w and "/cancel" not in w)
    door = next(w for w in mail.split() if "/join/" in w)
    send(browser, page(event, "postpone"), NOTE)

    shown = app.test_client().get(own).text
    assert "This event is postponed" in shown
    assert "Your place is kept. A mail tells you the new date." in shown
    assert "May 11" not in shown
    assert "A mail tells you the new date." in app.test_client().get(door).text


def test_undone_in_time_it_takes_place_and_nobody_hears_anything(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    deliver(app)
    before = now_of(session, event)
    was = before.starts_at, before.over_at, before.listed_at, before.month
    numbers = [each.sequence for each in before.sessions]
    send(browser, page(event, "postpone"), NOTE)

    assert undo(browser, event) == [
        "Undone. Everything is again as people have heard it."
    ]

    after = now_of(session, event)
    assert (after.state, after.postponed_at, after.postpone_note) == (
        State.PUBLISHED,
        None,
        "",
    )
    assert (after.starts_at, after.over_at, after.listed_at, after.month) == was
    assert [each.sequence for each in after.sessions] == numbers
    assert deliver(app) == []


def test_once_people_are_told_it_is_not_undone(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    shown = fields_of(browser.get(f"/staff/events/{event.id}").text)
    at(NOON + NOTICE_WAITS + MINUTE)
    deliver_now(app)
    answer = browser.post(page(event, "undo"), data=shown)
    assert "It was not undone" in said(browser, answer)[0]
    assert now_of(session, event).state is State.POSTPONED


def test_within_the_hour_everybody_hears_it_at_once(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    deliver(app)
    at(NOON + 10 * DAY - HOUR / 2)
    assert "leave at once, without an undo" in browser.get(page(event, "postpone")).text
    send(browser, page(event, "postpone"), NOTE)
    assert len(deliver_now(app)) == 1


def test_a_new_date_is_foreseen_told_and_opens_registration(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    for _ in range(2):
        make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + 30 * DAY)

    asked = ask(browser, page(event, "redate"), LATER)
    assert "New date: Friday, June 14, 2030" in asked.text
    assert foreseen_in(asked) == [
        "2 people get a notice. 1 of them has it in their calendar, which is brought "
        "up to date.",
        "The notices leave at 8:05 am ET. Until then you can undo the change.",
        "Registration opens again, as its offers say.",
        "3 reminders are planned before it.",
    ]
    assert now_of(session, event).state is State.POSTPONED

    send(browser, page(event, "redate"), LATER)
    mails = deliver(app)
    assert (
        subjects(mails)
        == [
            "New date, Friday, June 14, 2030, 8:00 am Eastern (UTC\N{MINUS SIGN}4): "
            "Sharing dispatch"
        ]
        * 2
    )
    found = now_of(session, event)
    assert (found.state, found.month, found.postponed_at) == (
        State.PUBLISHED,
        "2030-06",
        None,
    )
    assert "Join the waiting list" in app.test_client().get("/events/talk").text


def test_it_is_said_that_a_new_date_opens_nothing_where_every_offer_is_over(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    last_day = {"offers-0-closes_on-month": "5", "offers-0-closes_on-day": "6"}
    last_day["offers-0-closes_on-year"] = "2030"
    send(browser, page(event, "edit"), last_day)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + 30 * DAY)
    closed = (
        "Registration stays closed: the last day of each of its offers is over. Edit "
        "the event to give them another."
    )
    assert closed in (foreseen_in(ask(browser, page(event, "redate"), LATER)) or [])


def test_the_date_it_had_can_be_given_back_and_is_told(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    send(browser, page(event, "redate"))
    assert len(deliver(app)) == 1


def test_a_new_date_undone_stays_postponed_and_nobody_hears_of_it(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + DAY)
    before = now_of(session, event)
    was = [(each.starts_at, each.sequence) for each in before.sessions]
    send(browser, page(event, "redate"), LATER)
    undo(browser, event)

    after = now_of(session, event)
    assert (after.state, after.postpone_note) == (
        State.POSTPONED,
        "The hall is flooded.",
    )
    assert [(each.starts_at, each.sequence) for each in after.sessions] == was
    assert deliver(app) == []


def test_who_registered_for_a_date_that_is_undone_hears_that_it_holds_no_more(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, slug="roomy")
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + DAY)
    send(browser, page(event, "redate"), LATER)
    again = now_of(session, event)
    at(NOON + DAY + MINUTE / 2)
    late = make_registration(session, again, at=NOON + DAY).person.email
    entered = entry_of(by_address(deliver_now(app))[late])

    at(NOON + DAY + MINUTE)
    undo(browser, event)

    mails = deliver_now(app)
    assert list(by_address(mails)) == [late]
    assert "Postponed" in mails[0]["Subject"]
    assert int(entry_of(mails[0])["SEQUENCE"]) > int(entered["SEQUENCE"])


def test_another_time_before_a_new_date_is_told_is_told_with_it(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + DAY)
    send(browser, page(event, "redate"), LATER)
    send(browser, page(event, "move"), {"sessions-0-starts_on-day": "21"})
    mails = deliver(app)
    assert len(mails) == 1
    assert "June 21" in mails[0]["Subject"]


AT_ONCE = ("move", "postpone", "redate")


def move_postpone_redate(browser: FlaskClient, event: Event, at: SetClock) -> None:
    """Move an event, postpone it and give it a date, within four minutes."""
    typed = ({"sessions-0-starts_on-day": "12"}, NOTE, LATER)
    for minutes, name, what in zip((0, 2, 4), AT_ONCE, typed, strict=True):
        at(NOON + DAY + minutes * MINUTE)
        assert send(browser, page(event, name), what).status_code == 303


def test_moved_postponed_and_given_a_date_at_once_is_one_mail_with_the_date(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    """However late the mails go, and in whatever order they fall due."""
    holder, waiter = (address_at(session, event) for _ in range(2))
    first = entry_of(by_address(deliver(app))[holder])
    move_postpone_redate(browser, event, at)
    mails: list[EmailMessage] = []
    for minutes in range(4, 20):
        at(NOON + DAY + minutes * MINUTE)
        mails += deliver_now(app)
    assert sorted(by_address(mails)) == sorted([holder, waiter])
    assert len(mails) == 2
    assert all(str(mail["Subject"]).startswith("New date, ") for mail in mails)
    entry = entry_of(by_address(mails)[holder])
    assert entry["DTSTART"].dt.date().isoformat() == "2030-06-14"
    assert (entry["UID"], entry["SEQUENCE"] > first["SEQUENCE"]) == (first["UID"], True)

    send(browser, page(event, "move"), {"sessions-0-starts_on-day": "21"})
    again = by_address(deliver(app))[holder]
    text = side(again, "text/plain")
    assert "June 21" in text
    assert "June 14" in text  # what they had heard before
    assert "May" not in text


def test_what_moved_is_told_when_the_date_and_the_postponing_are_undone(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    deliver(app)
    move_postpone_redate(browser, event, at)
    at(NOON + DAY + 6 * MINUTE)  # when the notice of the move was to leave
    assert deliver_now(app) == []
    for _ in ("the date", "the postponing"):
        undo(browser, event)
    at(NOON + DAY + 10 * MINUTE)
    (mail,) = deliver_now(app)
    assert "Sun, May 12" in mail["Subject"]


def test_called_off_while_postponed_it_is_told_and_undone_it_is_postponed_again(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    at(NOON + DAY)
    send(browser, page(event, "cancel"), {"note": "No hall is free."})
    undo(browser, event)
    found = now_of(session, event)
    assert (found.state, found.postpone_note) == (
        State.POSTPONED,
        "The hall is flooded.",
    )
    send(browser, page(event, "cancel"), {"note": "No hall is free."})
    assert subjects(deliver(app)) == ["Cancelled: Sharing dispatch"]


def test_a_place_that_comes_free_meanwhile_goes_to_who_waits_with_the_new_date(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    holder, waiter = (make_registration(session, event) for _ in range(2))
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    with writing(session):
        service.cancel(session, holder.id, now=NOON + HOUR)
    assert now_of(session, event).waiting == 1
    at(NOON + DAY)
    send(browser, page(event, "redate"), LATER)
    deliver(app)
    assert now_of(session, event).confirmed == 1
    assert queries.get(session, waiter.id).position is None


def test_the_form_of_a_postponed_event_changes_its_words_and_no_date(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    send(browser, page(event, "postpone"), NOTE)
    answer = send(browser, page(event, "edit"), {"starts_on-day": "20"})
    assert (
        answer.status_code,
        "It is postponed, so its date stays" in answer.text,
    ) == (
        422,
        True,
    )
    assert send(browser, page(event, "edit"), {"title": "Other"}).status_code == 303
    assert now_of(session, event).title == "Other"


def test_a_confirmation_on_its_way_waits_and_says_that_there_is_no_date(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    holder = address_at(session, event)
    send(browser, page(event, "postpone"), NOTE)
    assert deliver_now(app) == []
    at(NOON + NOTICE_WAITS + MINUTE)
    mails = deliver_now(app)
    texts = [side(mail, "text/plain") for mail in mails]
    assert len(mails) == 2
    assert all("Postponed: new date to come" in text for text in texts)
    assert not any("May 11" in text for text in texts)
    assert list(by_address(mails)) == [holder]


def test_nobody_has_to_hear_of_what_nobody_is_registered_for(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    send(browser, page(event, "postpone"), NOTE)
    deliver(app)
    assert session.scalars(select(OutboxMessage)).all() == []
    session.rollback()
    kinds = session.scalars(select(EventChange.kind)).all()
    assert [kind.value for kind in kinds] == ["postponed"]


@pytest.mark.parametrize("name", ["postpone", "redate"])
def test_what_has_no_date_is_neither_postponed_nor_given_one(
    browser: FlaskClient, session: Session, name: str
) -> None:
    draft = make_event(session, slug="draft", draft=True)
    assert browser.get(page(draft, name)).status_code == 303


def test_the_desk_names_what_is_postponed_while_people_wait_for_its_date(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    waits = f"{event.title} is postponed: 2 people wait for its new date"
    for _ in range(2):  # one has the place, one waits
        make_registration(session, event)
    assert "is postponed" not in words(browser.get("/staff"))
    with writing(session):
        service.postpone_event(session, event.id, note="", now=NOON)
    assert waits in words(browser.get("/staff"))


def test_what_nobody_registered_for_waits_for_no_date(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    with writing(session):
        service.postpone_event(session, event.id, note="", now=NOON)
    assert "is postponed" not in words(browser.get("/staff"))
