"""Who registered colleagues lets somebody else come instead of one of them."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import Person
from csd_events.audit.models import AuditEntry
from csd_events.core import limits
from csd_events.events.models import Event
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import By, check_counters
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver, links_in, side
from tests.parties import open_party, people, send_party
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")
SetClock = Callable[[datetime], None]
BO = {
    "full_name": "Bo Sample",
    "email": "bo@example.org",
    "organization": "Town of Sample",
}


@pytest.fixture
def dana(app: Flask, session: Session) -> FlaskClient:
    """A browser in which Dana is signed in."""
    account = make_account(session, email="dana@example.org", full_name="Dana Sample")
    return app.test_client(user=account)


def swap(
    client: FlaskClient, group: str, number: int = 1, **typed: str
) -> TestResponse:
    return client.post(f"{group}/replace/{number}", data=BO | typed)


def stand(session: Session) -> dict[str, State]:
    """Say how everybody stands, by address."""
    session.rollback()
    assert check_counters(session) == []
    rows = select(Person.email, Registration.state).join(Registration.person)
    return {each.email: each.state for each in session.execute(rows)}


def test_who_made_way_reads_who_did_it_and_who_comes_reads_what_they_have(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(2)).location
    deliver(app)
    asks = dana.get(f"{group}/replace/1")
    assert heading(asks) == "Who comes instead of Colleague 1?"
    answer = swap(dana, group)
    assert (answer.status_code, answer.location) == (303, group)
    page = words(dana.get(group))
    assert "We have written to bo@example.org." in page
    assert "Bo Sample bo@example.org" in page
    assert "colleague1@example.org" not in page
    assert stand(session) == {
        "bo@example.org": State.CONFIRMED,
        "colleague2@example.org": State.CONFIRMED,
    }
    mails = by_address(deliver(app))
    assert set(mails) == {"bo@example.org", "colleague1@example.org"}
    left = side(mails["colleague1@example.org"], "text/plain")
    assert "Dana Sample, who registered you, lets somebody else come instead." in left
    assert "METHOD:CANCEL" in side(mails["colleague1@example.org"], "text/calendar")
    comes = side(mails["bo@example.org"], "text/plain")
    assert "Dana Sample registered you." in comes
    assert "METHOD:REQUEST" in side(mails["bo@example.org"], "text/calendar")


def test_of_who_registered_alone_nothing_changes_and_the_page_says_the_same(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    make_registration(session, event, email="colleague1@example.org")
    group = send_party(dana, "talk", people(2)).location
    pages = []
    deliver(app)
    for number in (1, 2):
        swap(dana, group, number, email=f"bo{number}@example.org")
        pages.append(words(dana.get(group)).partition("Who Colleagues Name")[2])
    assert stand(session) == {
        "colleague1@example.org": State.CONFIRMED,
        "bo1@example.org": State.CONFIRMED,
        "bo2@example.org": State.CONFIRMED,
    }
    mails = by_address(deliver(app))
    assert set(mails) == {
        "colleague2@example.org", "bo1@example.org", "bo2@example.org",
    }  # fmt: skip
    assert "Dana Sample registered you." in side(mails["bo1@example.org"], "text/plain")
    assert pages[1].count("Their own mail says it") == 2
    assert "Registered" not in pages[1]


def test_at_a_full_event_the_page_does_not_tell_who_had_a_place_already(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", capacity=2, waiting_limit=0)
    make_registration(session, event, email="colleague1@example.org")
    group = send_party(dana, "talk", people(2)).location
    deliver(app)
    answers = [
        swap(dana, group, number, email=f"bo{number}@example.org").status_code
        for number in (1, 2)
    ]
    page = words(dana.get(group))
    assert (answers, page.count("Their own mail says it")) == ([303, 303], 2)
    assert stand(session) == {
        "colleague1@example.org": State.CONFIRMED,
        "bo1@example.org": State.WAITING,
        "bo2@example.org": State.CONFIRMED,
    }


def test_who_has_a_place_already_keeps_it_and_the_other_goes_to_the_next(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", capacity=2)
    make_registration(session, event, email="bo@example.org")
    group = send_party(dana, "talk", people(1)).location
    make_registration(session, event, email="next@example.org")
    deliver(app)
    swap(dana, group)
    assert stand(session) == {
        "bo@example.org": State.CONFIRMED,
        "colleague1@example.org": State.CANCELLED,
        "next@example.org": State.CONFIRMED,
    }
    assert words(dana.get(group)).count("Their own mail says it") == 1
    dana.post(f"{group}/cancel/1")
    assert stand(session)["bo@example.org"] is State.CONFIRMED


def test_who_came_instead_can_be_replaced_and_cancelled_in_turn(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    swap(dana, group)
    swap(dana, group, full_name="Cy Sample", email="cy@example.org")
    assert stand(session) == {"cy@example.org": State.CONFIRMED}
    swap(dana, group, full_name="Colleague 1", email="colleague1@example.org")
    assert stand(session) == {"colleague1@example.org": State.CONFIRMED}
    dana.post(f"{group}/cancel/1")
    assert stand(session) == {"colleague1@example.org": State.CANCELLED}


def test_the_form_sent_again_does_not_bring_back_who_made_way(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    form = open_party(dana, "talk")
    group = send_party(dana, "talk", people(2), form=form).location
    swap(dana, group)
    assert send_party(dana, "talk", people(2), form=form).location == group
    assert set(stand(session)) == {"bo@example.org", "colleague2@example.org"}


def test_who_made_way_takes_the_place_back_and_stands_in_the_list_again(
    app: Flask, client: FlaskClient, dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    deliver(app)
    swap(dana, group)
    mail = by_address(deliver(app))["colleague1@example.org"]
    (path,) = (link for link in links_in(mail) if "/registrations/keep/" in link)
    client.post(path)
    assert stand(session) == {"colleague1@example.org": State.CONFIRMED}
    dana.get(group)  # says for the last time that Bo was written to
    page = words(dana.get(group))
    assert "colleague1@example.org" in page
    assert "bo@example.org" not in page


@pytest.mark.parametrize(
    ("typed", "words_beside"),
    [
        (
            {"email": "COLLEAGUE1@example.org"},
            "This is the address that stands in the list already",
        ),
        (
            {"email": "colleague2@example.org"},
            "Somebody else in the list has this address",
        ),
        (
            {"email": "bo@@example"},
            "Enter an email address in the format name@example.org",
        ),
    ],
)
def test_an_address_that_cannot_be_is_said_beside_it_and_all_stays_typed(
    dana: FlaskClient, session: Session, typed: dict[str, str], words_beside: str
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(2)).location
    answer = swap(dana, group, 1, **typed)
    assert answer.status_code == 422
    assert errors_on(answer) == {"email": words_beside}
    assert 'value="Bo Sample"' in answer.text
    assert set(stand(session)) == {"colleague1@example.org", "colleague2@example.org"}


def test_a_held_place_and_a_cancelled_one_go_to_nobody_else(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="asked", needs_approval=True)
    make_event(session, slug="talk")
    held = send_party(dana, "asked", people(1)).location
    gone = send_party(dana, "talk", people(1)).location
    dana.post(f"{gone}/cancel/1")
    for group in (held, gone):
        assert "Somebody else comes" not in words(dana.get(group))
        assert heading(dana.get(f"{group}/replace/1")) == "Nothing was changed"
        assert swap(dana, group).status_code == 409
    assert set(stand(session)) == {"colleague1@example.org"}


def test_after_the_last_day_for_it_nobody_else_comes(
    dana: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, slug="talk")
    with writing(session):
        session.get_one(Event, event.id).replace_on = date(2030, 5, 3)
    group = send_party(dana, "talk", people(1)).location
    at(NOON + 3 * DAY)
    answer = swap(dana, group)
    assert answer.status_code == 409
    assert "The last day for that has passed." in words(answer)


def test_before_the_sender_has_pressed_the_button_nobody_is_exchanged(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    send_party(client, "talk", people(1))
    mail = by_address(deliver(app))["dana@example.org"]
    (group,) = (link for link in links_in(mail) if "/registrations/groups/" in link)
    assert "Somebody else comes" not in words(client.get(group))
    assert swap(client, group).status_code == 409
    assert set(stand(session)) == {"colleague1@example.org"}


def test_a_place_is_exchanged_by_who_has_the_link_alone(
    dana: FlaskClient, client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    wrong = group[:-1] + ("A" if group[-1] != "A" else "B")
    assert swap(client, wrong).status_code == 404
    assert swap(client, group, number=9).status_code == 404
    assert set(stand(session)) == {"colleague1@example.org"}


def test_an_event_that_is_over_has_no_place_to_give(
    dana: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    over = session.get_one(Event, event.id).over_at
    assert over is not None
    at(over + HOUR)
    assert swap(dana, group).status_code == 409
    assert set(stand(session)) == {"colleague1@example.org"}


def test_somebody_who_is_registered_already_reads_who_wanted_them_to_come(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    """In the row of who had registered alone: nothing at all changes."""
    event = make_event(session, slug="talk")
    for known in ("colleague1@example.org", "bo@example.org"):
        make_registration(session, event, email=known)
    group = send_party(dana, "talk", people(1)).location
    deliver(app)
    swap(dana, group)
    assert stand(session) == {
        "colleague1@example.org": State.CONFIRMED,
        "bo@example.org": State.CONFIRMED,
    }
    (mail,) = deliver(app)
    assert "Dana Sample wanted to register you, too." in side(mail, "text/plain")
    assert "bo@example.org" in words(dana.get(group))
    dana.post(f"{group}/cancel/1")
    assert stand(session)["bo@example.org"] is State.CONFIRMED


def test_who_waits_already_keeps_their_number_in_the_row_of_another(
    dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", capacity=1)
    make_registration(session, event, email="colleague1@example.org")
    for waits in ("bo@example.org", "cy@example.org"):
        make_registration(session, event, email=waits)
    group = send_party(dana, "talk", people(1)).location
    swap(dana, group)
    session.rollback()
    queue = select(Person.email).join(Registration.person)
    in_order = queue.where(Registration.state == State.WAITING)
    numbers = session.scalars(in_order.order_by(Registration.position)).all()
    assert numbers == ["bo@example.org", "cy@example.org"]
    assert check_counters(session) == []


def test_what_an_unproven_sender_keeps_for_somebody_makes_way(
    app: Flask, client: FlaskClient, dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    make_registration(session, event, email="colleague1@example.org")
    send_party(
        client, "talk", [("Bo Sample", "bo@example.org")], email="eve@example.org"
    )
    assert stand(session)["bo@example.org"] is State.HELD
    group = send_party(dana, "talk", people(1)).location
    swap(dana, group)
    assert stand(session)["bo@example.org"] is State.CONFIRMED
    mail = by_address(deliver(app))["bo@example.org"]
    assert "Dana Sample registered you." in side(mail, "text/plain")


def test_the_same_person_by_a_corrected_address_keeps_the_place(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    session.rollback()
    made = session.scalars(select(Registration.id)).one()
    with writing(session):
        by = By(is_staff=True)
        service.correct_address(session, made, "bo@example.org", now=NOON, by=by)
    assert swap(dana, group).status_code == 303
    assert stand(session) == {"bo@example.org": State.CONFIRMED}


def test_instead_of_who_came_and_cancelled_somebody_is_registered_anew(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    swap(dana, group)
    session.rollback()
    made = session.scalars(select(Registration.id)).one()
    with writing(session):
        service.cancel(session, made, now=NOON)
    swap(dana, group, full_name="Cy Sample", email="cy@example.org")
    assert stand(session) == {
        "bo@example.org": State.CANCELLED,
        "cy@example.org": State.CONFIRMED,
    }


def test_an_address_in_another_form_of_the_sender_is_no_obstacle(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    make_event(session, slug="other")
    send_party(dana, "other", [("Bo Sample", "bo@example.org"), *people(1, first=2)])
    group = send_party(dana, "talk", people(1)).location
    assert swap(dana, group).status_code == 303


def test_each_exchange_counts_as_a_form_and_the_trail_says_who_made_it(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    group = send_party(dana, "talk", people(1)).location
    dana.post(
        f"{group}/replace/1", data=BO, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    session.rollback()
    times = limits.times(session, what="form", who="203.0.113.9", now=NOON)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "registration.replaced")
    ).one()
    sender = session.scalars(
        select(Person.id).where(Person.email == "dana@example.org")
    ).one()
    assert (times, entry.actor_id) == (1, sender)
