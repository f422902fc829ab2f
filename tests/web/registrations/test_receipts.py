"""What the sender of a form may see and mend, for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import Person
from csd_events.core import limits
from csd_events.core.errors import NotFoundError
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import State
from tests.factories import (
    DAY,
    NOON,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, entry_of, links_in
from tests.visitors import errors_on, heading, send_form, title, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
OLD, NEW = "adda@example.org", "ada@example.org"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


@pytest.fixture
def receipt(client: FlaskClient, event: Event) -> str:
    """The address of a receipt for a mistyped address."""
    return send_form(client, event.slug, email=OLD).location


def mend(client: FlaskClient, receipt: str, email: str = NEW) -> TestResponse:
    return client.post(f"{receipt}/address", data={"email": email})


def holders(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    of = select(Person.email, Registration.link_version).join(Registration.person)
    rows = session.execute(of.order_by(Registration.id))
    return [(email, version) for email, version in rows]


def mails(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    queued = select(OutboxMessage.kind, OutboxMessage.to_address)
    rows = session.execute(queued.order_by(OutboxMessage.id))
    return [(kind, to) for kind, to in rows]


def test_a_receipt_shows_what_was_typed_and_what_happens_next(
    client: FlaskClient, receipt: str
) -> None:
    page = words(client.get(receipt))
    assert "Ada Sample" in page
    assert "Town of Sample" in page
    assert OLD in page
    assert "Sat, May 4, 8:00 am ET A reminder by mail" in page
    assert "Fri, May 10, 8:00 am ET A reminder by mail" in page
    assert "Sat, May 11, 7:00 am ET A reminder by mail" in page
    assert "Sat, May 11, 8:00 am ET It starts" in page


def test_a_receipt_can_be_opened_for_24_hours(
    client: FlaskClient, receipt: str, at: SetClock
) -> None:
    found = []
    for moment in (NOON + DAY - SECOND, NOON + DAY):
        at(moment)
        answers = [
            client.get(receipt),
            client.get(f"{receipt}/address"),
            client.post(f"{receipt}/resend"),
        ]
        found.append([answer.status_code for answer in answers])
    assert found == [[200, 200, 303], [404, 404, 404]]


def test_old_receipts_are_forgotten(
    session: Session, receipt: str, event: Event
) -> None:
    assert receipt
    for moment, left in ((NOON + DAY, 1), (NOON + DAY + SECOND, 0)):
        with writing(session):
            service.forget_old_receipts(session, now=moment)
        assert len(session.scalars(select(Receipt.id)).all()) == left
    assert holders(session) == [(OLD, 1)]
    assert event.slug == "talk"


def test_the_link_of_a_forgotten_receipt_opens_nobody_elses(
    client: FlaskClient, session: Session, receipt: str, at: SetClock
) -> None:
    moment = NOON + DAY + SECOND
    with writing(session):
        service.forget_old_receipts(session, now=moment)
    at(moment)
    other = send_form(client, "talk", email=NEW).location
    found = [client.get(address).status_code for address in (receipt, other)]
    assert found == [404, 200]


def test_a_mistyped_address_can_be_mended_for_ten_minutes(
    app: Flask, client: FlaskClient, session: Session, receipt: str, at: SetClock
) -> None:
    at(NOON + 10 * MINUTE - SECOND)
    assert "Not your address?" in words(client.get(receipt))
    answer = mend(client, receipt)
    assert (answer.status_code, answer.location) == (303, receipt)
    assert holders(session) == [(NEW, 2)]
    assert NEW in words(client.get(receipt))
    (mail,) = deliver(app)  # the one to the old address is not sent any more
    assert mail["To"] == f"Ada Sample <{NEW}>"


def test_links_mailed_to_the_old_address_end(
    app: Flask, client: FlaskClient, receipt: str
) -> None:
    (mail,) = deliver(app)
    private = [
        link for link in links_in(mail) if "/registrations/" in link or "/join/" in link
    ]
    before = [client.get(link).status_code for link in private]
    mend(client, receipt)
    after = [client.get(link).status_code for link in private]
    assert (set(before), set(after)) == ({200}, {410})


def test_after_ten_minutes_nothing_moves_and_the_page_says_so(
    client: FlaskClient, session: Session, receipt: str, at: SetClock
) -> None:
    at(NOON + 10 * MINUTE)
    assert "Not your address?" not in words(client.get(receipt))
    answer = mend(client, receipt)
    assert answer.status_code == 409
    assert errors_on(answer) == {
        "": "The ten minutes are over. Write to us and we mend it."
    }
    assert holders(session) == [(OLD, 1)]


def test_a_receipt_moves_only_what_it_made(
    client: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, email=OLD)
    receipt = send_form(client, "talk", email=OLD).location
    answer = mend(client, receipt)
    assert (answer.status_code, answer.location) == (303, receipt)
    assert holders(session) == [(OLD, 1)]
    assert NEW not in {address for _kind, address in mails(session)}


def test_what_an_owner_asked_for_with_a_form_of_their_own_does_not_move(
    client: FlaskClient, session: Session, receipt: str
) -> None:
    """Somebody else's form made it first, perhaps to take it away again."""
    send_form(client, "talk", email=OLD)
    mend(client, receipt)
    assert holders(session) == [(OLD, 1)]


def test_what_its_owner_has_confirmed_does_not_move(
    app: Flask, client: FlaskClient, session: Session, receipt: str
) -> None:
    (mail,) = deliver(app)
    own = next(link for link in links_in(mail) if "/registrations/" in link)
    assert client.post(f"{own}/confirm").status_code == 303
    mend(client, receipt)
    assert holders(session) == [(OLD, 1)]


def test_whose_right_address_has_a_place_already_does_not_hold_two(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    """The place of the mistyped address goes to the next in line."""
    event = make_event(session, slug="full", capacity=2)
    make_registration(session, event, email=NEW)
    receipt = send_form(client, "full", email=OLD).location
    send_form(client, "full", email="next@example.org")
    deliver(app)
    answer = mend(client, receipt)
    assert (answer.status_code, answer.location) == (303, receipt)
    session.rollback()
    found = select(Person.email, Registration.state).join(Registration.person)
    assert [tuple(row) for row in session.execute(found.order_by(Registration.id))] == [
        (NEW, State.CONFIRMED),
        (OLD, State.CANCELLED),
        ("next@example.org", State.CONFIRMED),
    ]
    assert service.check_counters(session) == []
    told = {mail["To"].partition("<")[2]: mail["Subject"] for mail in deliver(app)}
    assert told == {
        f"{NEW}>": f"You are registered: {event.title}",
        "next@example.org>": f"You have a place: {event.title}",
    }
    assert client.post(f"{receipt}/resend").status_code == 303
    assert deliver(app) == []
    at(NOON + 61 * MINUTE)
    client.post(f"{receipt}/resend")
    assert [mail["To"].partition("<")[2] for mail in deliver(app)] == [f"{NEW}>"]


def test_a_receipt_moves_no_place_that_it_only_led_to(
    client: FlaskClient, session: Session, event: Event, receipt: str
) -> None:
    make_registration(session, event, email=NEW)
    mend(client, receipt)
    mend(client, receipt, "eve@example.org")
    found = select(Person.email, Registration.state).join(Registration.person)
    session.rollback()
    assert dict(session.execute(found).all()) == {
        OLD: State.CANCELLED,
        NEW: State.CONFIRMED,
    }


def test_who_gave_a_place_back_before_gets_the_one_of_the_mistyped_address(
    app: Flask, client: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    theirs = make_registration(session, event, email=NEW, at=NOON - 2 * DAY)
    with writing(session):
        service.cancel(session, theirs.id, now=NOON - 2 * DAY)
    deliver(app)
    receipt = send_form(client, event.slug, email=OLD, full_name="Ada Mended").location
    mend(client, receipt)
    session.expire_all()
    found = select(Person.email, Registration.state, Registration.full_name)
    rows = session.execute(found.join(Registration.person).order_by(Registration.id))
    assert [tuple(row) for row in rows] == [
        (NEW, State.CONFIRMED, "Ada Mended"),
        (OLD, State.CANCELLED, "Ada Mended"),
    ]
    assert service.check_counters(session) == []
    (mail,) = deliver(app)
    assert mail["To"] == f"Ada Mended <{NEW}>"
    assert str(entry_of(mail)["uid"]).partition("@")[0].endswith("-2")
    own = next(link for link in links_in(mail) if "/registrations/" in link)
    assert heading(client.get(own)) == "You are registered"


def test_corrected_addresses_count_as_forms_of_their_network(
    client: FlaskClient, session: Session, receipt: str
) -> None:
    with writing(session):
        for _ in range(599):
            limits.count(session, what="form", who="192.0.2.7", now=NOON)
    place = {"REMOTE_ADDR": "192.0.2.7"}
    found = [
        client.post(
            f"{receipt}/address", data={"email": address}, environ_base=place
        ).status_code
        for address in (NEW, "eve@example.org")
    ]
    assert found == [303, 429]
    assert holders(session) == [(NEW, 2)]


def test_a_link_that_ends_at_this_very_moment_confirms_and_cancels_nothing(
    client: FlaskClient, session: Session, event: Event, receipt: str
) -> None:
    mend(client, receipt)
    session.rollback()
    made = session.scalars(select(Registration)).one()
    for act in (service.confirm_address, service.cancel):
        with pytest.raises(NotFoundError), writing(session):
            act(session, made.id, link_version=1, now=NOON)
    session.expire_all()
    assert (made.state, made.link_version) == (State.CONFIRMED, 2)
    assert session.scalars(select(Person.email_confirmed_at)).all() == [None, None]


def test_whether_anything_moved_is_not_told(
    client: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event, email="known@example.org")
    make_registration(session, event, email="taken@example.org")
    bodies = set()
    for before, after in (
        ("new@example.org", "newer@example.org"),
        ("known@example.org", "newest@example.org"),
        ("other@example.org", "taken@example.org"),
    ):
        receipt = send_form(client, "talk", email=before).location
        mend(client, receipt, after)
        page = client.get(receipt).text
        bodies.add(page.replace(after, "AFTER").replace(receipt, "RECEIPT"))
    assert len(bodies) == 1


def test_an_address_of_the_wrong_shape_is_refused_in_words(
    client: FlaskClient, session: Session, receipt: str
) -> None:
    answer = mend(client, receipt, "ada@")
    assert answer.status_code == 422
    assert title(answer).startswith("Error: ")
    assert list(errors_on(answer)) == ["email"]
    assert 'value="ada@"' in answer.text
    assert holders(session) == [(OLD, 1)]


def test_the_same_address_again_changes_nothing(
    client: FlaskClient, session: Session, receipt: str
) -> None:
    mend(client, receipt, OLD.upper())
    assert holders(session) == [(OLD, 1)]
    assert mails(session) == [("registration.confirmed", OLD)]


def test_the_mail_of_a_receipt_goes_again_at_most_once_an_hour(
    client: FlaskClient, session: Session, receipt: str, at: SetClock
) -> None:
    for minute in (1, 2, 59, 61, 62):
        at(NOON + minute * MINUTE)
        assert client.post(f"{receipt}/resend").location == receipt
        assert "It goes again, once an hour at most." in words(client.get(receipt))
    assert [kind for kind, _to in mails(session)] == [
        "registration.confirmed",
        "registration.details",
        "registration.details",
    ]


def test_a_receipt_opens_no_registration_and_a_registration_no_receipt(
    app: Flask, client: FlaskClient, session: Session, event: Event, receipt: str
) -> None:
    made = make_registration(session, event)
    with app.app_context():
        own = links().token(Purpose.REGISTRATION, made.id, 1)
        join = links().token(Purpose.JOIN, made.id, 1)
    found = {
        path: client.open(path, method=method).status_code
        for method, path in (
            ("GET", f"{receipt}/cancel"),
            ("GET", f"{receipt}/next"),
            ("GET", f"{receipt}/invitation.ics"),
            ("POST", f"{receipt}/confirm"),
            ("GET", receipt.replace("/registrations/", "/join/")),
            ("POST", f"/registrations/{own}/resend"),
            ("GET", f"/registrations/{join}"),
            ("GET", f"/join/{own}"),
        )
    }
    assert found == dict.fromkeys(found, 404)


def test_when_all_places_are_taken_the_receipt_does_not_say_which(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="small", capacity=1)
    assert heading(client.get(send_form(client, "small").location)) == (
        "You are registered"
    )
    page = client.get(send_form(client, "small", email=NEW.replace("a", "b")).location)
    assert heading(page) == "All places are taken"
    assert "A reminder by mail" not in words(page)
    assert "A mail that says which, and your number" in words(page)
