"""Who registers colleagues without signing in is asked first: is the address theirs?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations import rules, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Hold, State
from tests.desk import said, send, staff_browser
from tests.factories import call_off, make_event, make_registration, make_wish, writing
from tests.letters import by_address, deliver, links_in, side
from tests.parties import open_party, people, send_party
from tests.visitors import heading, send_form, words

pytestmark = pytest.mark.usefixtures("now")
SetClock = Callable[[datetime], None]
DAY = timedelta(days=1)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=3)


def stands(session: Session) -> list[tuple[str, State, Hold | None]]:
    session.rollback()
    rows = select(Registration.full_name, Registration.state, Registration.hold)
    found = session.execute(rows.order_by(Registration.id))
    return [(name, state, hold) for name, state, hold in found]


def counters(session: Session, event: Event) -> tuple[int, int, int]:
    session.rollback()
    now = events.get(session, event.id)
    return now.confirmed, now.held, now.waiting


def group_path(mail: EmailMessage) -> str:
    (link,) = (each for each in links_in(mail) if "/registrations/groups/" in each)
    return link[link.index("/registrations") :]


def confirm(client: FlaskClient, path: str) -> None:
    assert client.post(f"{path}/confirm").status_code == 303


def test_nobody_is_written_to_before_the_sender_pressed_the_button(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    answer = send_party(client, "talk", people(4))
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert heading(page) == "One more step: your mail"
    assert "Cancel" not in words(page)
    assert stands(session) == [
        ("Colleague 1", State.HELD, Hold.SENDER),
        ("Colleague 2", State.HELD, Hold.SENDER),
        ("Colleague 3", State.HELD, Hold.SENDER),
        ("Colleague 4", State.WAITING, None),
    ]
    assert counters(session, event) == (0, 3, 1)
    mails = by_address(deliver(app))
    assert list(mails) == ["dana@example.org"]
    assert "Colleague 4, colleague4@example.org: waiting list" in side(
        mails["dana@example.org"], "text/plain"
    )


def test_the_button_registers_all_and_tells_each(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(4))
    path = group_path(by_address(deliver(app))["dana@example.org"])
    asks = client.get(path)
    assert heading(asks) == "Register these colleagues?"
    assert stands(session)[0][1] is State.HELD
    confirm(client, path)
    assert [state for _, state, _ in stands(session)] == [
        State.CONFIRMED, State.CONFIRMED, State.CONFIRMED, State.WAITING,
    ]  # fmt: skip
    assert counters(session, event) == (3, 0, 1)
    mails = by_address(deliver(app))
    assert set(mails) == {
        "dana@example.org", *(f"colleague{n}@example.org" for n in range(1, 5)),
    }  # fmt: skip
    assert "Dana Sample registered you." in side(
        mails["colleague1@example.org"], "text/plain"
    )
    confirm(client, path)
    assert deliver(app) == []
    dana = session.scalar(select(Person).where(Person.email == "dana@example.org"))
    assert dana is not None
    assert dana.email_confirmed_at is not None


def test_a_scanner_that_opens_the_links_registers_nobody(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(1))
    path = group_path(by_address(deliver(app))["dana@example.org"])
    client.get(path)
    client.get(f"{path}/cancel/1")
    assert client.get(f"{path}/confirm").status_code == 405
    assert stands(session) == [("Colleague 1", State.HELD, Hold.SENDER)]


def test_what_nobody_confirms_goes_to_the_next_and_one_mail_says_so(
    app: Flask,
    client: FlaskClient,
    session: Session,
    event: Event,
    at: SetClock,
    now: datetime,
) -> None:
    send_party(client, "talk", people(4))
    path = group_path(by_address(deliver(app))["dana@example.org"])
    make_registration(session, event, full_name="Zoe", email="zoe@example.org")
    deliver(app)
    at(now + DAY)
    with writing(session):
        service.let_lapse(session, now=now + DAY)
    assert {state for name, state, _ in stands(session) if name != "Zoe"} == {
        State.CANCELLED
    }
    assert counters(session, event) == (1, 0, 0)
    mails = deliver(app)
    assert sorted(by_address(mails)) == ["dana@example.org", "zoe@example.org"]
    assert len(mails) == 2
    confirm(client, path)
    assert counters(session, event) == (1, 0, 0)
    assert heading(client.get(path)) == "The time to confirm is over"


def test_a_place_that_comes_free_waits_for_the_sender_of_the_next_in_line(
    app: Flask, client: FlaskClient, session: Session, event: Event, now: datetime
) -> None:
    first = make_registration(session, event)
    send_party(client, "talk", people(3))
    deliver(app)
    with writing(session):
        service.cancel(session, first.id, now=now)
    assert stands(session)[1:] == [
        (f"Colleague {n}", State.HELD, Hold.SENDER) for n in (1, 2, 3)
    ]
    assert list(by_address(deliver(app))) == [first.person.email]


def test_a_form_of_ones_own_goes_before_an_unproven_senders(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(2))
    path = group_path(by_address(deliver(app))["dana@example.org"])
    send_form(client, "talk", full_name="Cy Sample", email="colleague1@example.org")
    assert stands(session) == [
        ("Cy Sample", State.CONFIRMED, None),
        ("Colleague 2", State.HELD, Hold.SENDER),
    ]
    assert counters(session, event) == (1, 1, 0)
    (mail,) = deliver(app)
    assert "registered you" not in side(mail, "text/plain")
    confirm(client, path)
    assert counters(session, event) == (2, 0, 0)
    client.post(f"{path}/cancel/1")
    assert counters(session, event) == (2, 0, 0)


def test_two_unproven_senders_of_one_person_leave_them_to_who_proves_it(
    app: Flask,
    client: FlaskClient,
    session: Session,
    event: Event,
    at: SetClock,
    now: datetime,
) -> None:
    send_party(client, "talk", people(1))
    at(now + timedelta(hours=12))
    send_party(client, "talk", people(1), email="eve@example.org", full_name="Eve")
    path = group_path(by_address(deliver(app))["eve@example.org"])
    at(now + DAY)
    with writing(session):
        service.let_lapse(session, now=now + DAY)
    assert stands(session) == [("Colleague 1", State.HELD, Hold.SENDER)]
    confirm(client, path)
    assert stands(session) == [("Colleague 1", State.CONFIRMED, None)]
    assert "Eve registered you." in side(
        by_address(deliver(app))["colleague1@example.org"], "text/plain"
    )


def test_who_is_not_signed_in_may_come_too_as_any_guest(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(1), coming="y")
    assert stands(session) == [
        ("Dana Sample", State.CONFIRMED, None),
        ("Colleague 1", State.HELD, Hold.SENDER),
    ]
    subjects = sorted(mail["Subject"] for mail in deliver(app))
    assert subjects == [
        "Register 1 colleague? Sharing dispatch",
        "You are registered: Sharing dispatch",
    ]


def test_a_form_that_was_confirmed_takes_nobody_more(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    """Else whoever typed a stranger's address could go on in that stranger's name."""
    form = open_party(client, "talk")
    send_party(client, "talk", people(1), form=form)
    confirm(client, group_path(by_address(deliver(app))["dana@example.org"]))
    answer = send_party(client, "talk", people(1, first=2), form=form)
    assert answer.status_code == 422
    assert 'value="colleague2@example.org"' in answer.text
    assert len(stands(session)) == 1


def test_people_are_counted_by_network_address_not_forms(
    client: FlaskClient, session: Session, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FORMS_AN_HOUR", 5)
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    form = open_party(client, "talk")
    client.environ_base |= elsewhere
    assert send_party(client, "talk", people(3), form=form).status_code == 303
    form = open_party(client, "talk")
    assert send_party(client, "talk", people(3, first=4), form=form).status_code == 429
    assert len(stands(session)) == 3


def test_nobody_who_has_not_heard_of_it_is_told_of_changes(
    app: Flask, client: FlaskClient, session: Session, event: Event, now: datetime
) -> None:
    send_party(client, "talk", people(1))
    make_registration(session, event, email="zoe@example.org")
    deliver(app)
    call_off(session, event.id, now=now)
    assert list(by_address(deliver(app))) == ["zoe@example.org"]


def test_the_receipt_says_the_same_of_known_and_new(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, email="colleague1@example.org")
    answer = send_party(client, "talk", people(2))
    page = words(client.get(answer.location))
    assert page.count("A place is kept") == 2
    deliver(app)
    assert make_wish(event).slug == "talk"


def test_what_one_unproven_sender_takes_back_stays_kept_for_the_other(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(1))
    first = group_path(by_address(deliver(app))["dana@example.org"])
    send_party(client, "talk", people(1), email="eve@example.org", full_name="Eve")
    second = group_path(by_address(deliver(app))["eve@example.org"])
    client.post(f"{first}/cancel/1")
    assert stands(session) == [("Colleague 1", State.HELD, Hold.SENDER)]
    assert deliver(app) == []
    confirm(client, second)
    assert stands(session) == [("Colleague 1", State.CONFIRMED, None)]
    assert counters(session, event) == (1, 0, 0)


def test_the_summary_goes_though_a_row_was_taken_out_before_the_button(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(3))
    path = group_path(by_address(deliver(app))["dana@example.org"])
    client.post(f"{path}/cancel/2")
    confirm(client, path)
    summary = side(by_address(deliver(app))["dana@example.org"], "text/plain")
    assert "- Colleague 2, colleague2@example.org: cancelled" in summary
    assert "- Colleague 3, colleague3@example.org: registered" in summary


def test_staff_give_a_place_that_waits_for_its_sender_and_cancel_it_in_silence(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    send_party(client, "talk", people(2))
    deliver(app)
    event_id = event.id
    session.rollback()
    staff = staff_browser(app, session)
    listed = words(staff.get(f"/staff/events/{event_id}/registrations"))
    assert "Correct the address" not in listed
    one, other = session.scalars(
        select(Registration.id).order_by(Registration.id)
    ).all()
    session.rollback()
    send(staff, f"/staff/registrations/{one}/place", {})
    assert stands(session)[0] == ("Colleague 1", State.CONFIRMED, None)
    (told,) = deliver(app)
    assert "colleague1@example.org" in told["To"]
    answer = send(staff, f"/staff/registrations/{other}/cancel", {})
    assert said(staff, answer) == ["The registration is cancelled. Nobody was told."]
    assert deliver(app) == []
