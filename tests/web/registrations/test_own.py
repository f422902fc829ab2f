"""A registration, for who has its link."""

from collections.abc import Callable
from datetime import datetime, timedelta

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.library.service import built_in_document, import_cases
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing
from tests.letters import deliver
from tests.visitors import heading, send_form, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)
START = NOON + 10 * DAY


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=1)


def path_of(app: Flask, registration: Registration) -> str:
    with app.app_context():
        version = registration.link_version
        token = links().token(Purpose.REGISTRATION, registration.id, version)
    return f"/registrations/{token}"


@pytest.fixture
def own(app: Flask, session: Session, event: Event) -> str:
    """The path of the first registration, which has the one place."""
    return path_of(app, make_registration(session, event, email="ada@example.org"))


def states(session: Session) -> dict[str, State]:
    session.rollback()
    of = select(Person.email, Registration.state).join(Registration.person)
    return {email: state for email, state in session.execute(of)}  # noqa: C416 - a result is no mapping


def test_the_link_in_the_mail_opens_the_registration_itself(
    client: FlaskClient, session: Session, own: str
) -> None:
    page = client.get(own)
    reference = session.scalars(select(Registration.reference)).one()
    assert heading(page) == "You are registered"
    assert reference in words(page)
    assert "ada@example.org" in words(page)


@pytest.mark.parametrize("organization", ["Town of Sample", ""])
def test_an_organization_that_nobody_named_has_no_line(
    app: Flask, session: Session, event: Event, organization: str
) -> None:
    """A signed-in person need not name one."""
    made = make_registration(session, event, organization=organization)
    page = words(app.test_client().get(path_of(app, made)))
    assert ("Organization" in page) == bool(organization)


@pytest.mark.parametrize(
    ("before_start", "sentence"),
    [
        (9 * DAY, "Your next mail comes Saturday, May 4, 2030, 8:00 am"),
        (7 * DAY, "Your next mail comes Friday, May 10, 2030, 8:00 am"),
        (2 * HOUR, "Your next mail comes Saturday, May 11, 2030, 7:00 am"),
    ],
)
def test_the_page_says_which_mail_comes_next(
    client: FlaskClient,
    own: str,
    at: SetClock,
    before_start: timedelta,
    sentence: str,
) -> None:
    at(START - before_start)
    assert f"{sentence} Eastern (UTC\N{MINUS SIGN}4): a reminder." in words(
        client.get(own)
    )


def test_what_a_place_costs_stays_as_it_was_and_is_on_form_receipt_and_page(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="paid", offers=[OfferDraft(price_cents=4900)])
    made = make_registration(session, event)
    form = words(client.get("/events/paid/register"))
    receipt = words(client.get(send_form(client, "paid").location))
    with writing(session):
        session.execute(update(EventOffer).values(price_cents=9900))
    page = words(client.get(path_of(app, made)))
    assert "USD 49.00" in form
    assert "Price USD 49.00, by invoice" in receipt
    assert "Price USD 49.00, by invoice" in page


def test_no_mail_is_announced_once_the_last_has_gone(
    client: FlaskClient, own: str, at: SetClock
) -> None:
    at(START - HOUR)
    assert "what to read next" in words(client.get(own))
    at(START + 2 * DAY)
    assert "next mail" not in words(client.get(own))


def test_cancelling_asks_first_and_only_its_button_changes_anything(
    client: FlaskClient, session: Session, own: str
) -> None:
    asked = client.get(f"{own}/cancel")
    assert heading(asked) == "Cancel your registration?"
    assert states(session) == {"ada@example.org": State.CONFIRMED}
    answer = client.post(f"{own}/cancel")
    assert (answer.status_code, answer.location) == (303, own)
    assert heading(client.get(own)) == "Your registration is cancelled"
    assert states(session) == {"ada@example.org": State.CANCELLED}


def test_cancelling_twice_changes_nothing_more(
    client: FlaskClient, session: Session, own: str
) -> None:
    for _ in range(2):
        assert client.post(f"{own}/cancel").status_code == 303
    session.rollback()
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds == ["registration.confirmed", "registration.cancelled"]
    assert check_counters(session) == []


def test_one_place_freed_promotes_exactly_one_in_order(
    app: Flask, client: FlaskClient, session: Session, event: Event, own: str
) -> None:
    waiting = [
        make_registration(session, event, email=f"waits{n}@example.org")
        for n in (1, 2, 3)
    ]
    pages = [heading(client.get(path_of(app, each))) for each in waiting]
    assert pages == [f"You are number {n} on the waiting list" for n in (1, 2, 3)]

    client.post(f"{own}/cancel")
    assert states(session) == {
        "ada@example.org": State.CANCELLED,
        "waits1@example.org": State.CONFIRMED,
        "waits2@example.org": State.WAITING,
        "waits3@example.org": State.WAITING,
    }
    pages = [heading(client.get(path_of(app, each))) for each in waiting]
    assert pages == [
        "You are registered",
        "You are number 1 on the waiting list",
        "You are number 2 on the waiting list",
    ]


def test_waitlisted_person_can_leave_the_list(
    app: Flask, client: FlaskClient, session: Session, event: Event, own: str
) -> None:
    waits = path_of(app, make_registration(session, event, email="bob@example.org"))
    assert "You leave the waiting list" in words(client.get(f"{waits}/cancel"))
    client.post(f"{waits}/cancel")
    assert states(session) == {
        "ada@example.org": State.CONFIRMED,
        "bob@example.org": State.CANCELLED,
    }
    assert client.get(own).status_code == 200
    assert check_counters(session) == []


def test_a_place_at_an_event_that_is_over_cannot_be_given_back(
    client: FlaskClient, session: Session, own: str, at: SetClock
) -> None:
    """The registration's own page says how things stand, and offers no button."""
    at(START + HOUR)
    answers = [client.get(f"{own}/cancel"), client.post(f"{own}/cancel")]
    assert [(a.status_code, a.location) for a in answers] == [(303, own)] * 2
    assert "Cancel your registration" not in words(client.get(own))
    assert states(session) == {"ada@example.org": State.CONFIRMED}


def test_a_place_at_a_cancelled_event_cannot_be_given_back(
    client: FlaskClient, session: Session, event: Event, own: str
) -> None:
    with writing(session):
        service.cancel_event(session, event.id, note="A storm.", now=NOON)
    answers = [client.get(f"{own}/cancel"), client.post(f"{own}/cancel")]
    assert [(a.status_code, a.location) for a in answers] == [(303, own)] * 2
    assert heading(client.get(own)) == "This event is cancelled"
    assert states(session) == {"ada@example.org": State.CONFIRMED}


def test_who_cancels_is_told_at_once_however_many_mails_went_there(
    app: Flask, client: FlaskClient, session: Session, own: str
) -> None:
    session.execute(update(Person).values(email_confirmed_at=None))
    session.commit()
    for number in range(4):
        slug = make_event(session, slug=f"other-{number}").slug
        send_form(client, slug, email="ada@example.org")
    deliver(app)
    client.post(f"{own}/cancel")
    (mail,) = deliver(app)
    assert mail["Subject"].startswith("Your registration is cancelled")


def test_the_button_in_the_mail_confirms_the_address_and_looking_does_not(
    client: FlaskClient, session: Session, own: str
) -> None:
    confirmed = select(Person.email_confirmed_at)
    assert "Is this your address?" in words(client.get(own))
    session.rollback()
    assert session.scalars(confirmed).all() == [None]
    assert client.post(f"{own}/confirm").location == own
    session.rollback()
    assert session.scalars(confirmed).all() == [NOON]
    page = words(client.get(own))
    assert "Thank you. We know now that this address is yours." in page
    assert "Is this your address?" not in page


def test_raising_the_link_version_ends_every_link_made_before(
    app: Flask, client: FlaskClient, session: Session, own: str
) -> None:
    row = session.scalars(select(Registration)).one()
    with app.app_context():
        join = f"/join/{links().token(Purpose.JOIN, row.id, 1)}"
    paths = [own, f"{own}/cancel", f"{own}/next", f"{own}/invitation.ics", join]
    before = [client.get(path).status_code for path in paths]
    session.rollback()
    session.execute(update(Registration).values(link_version=2))
    session.commit()
    after = [client.get(path).status_code for path in paths]
    assert (before, after) == ([200] * 5, [410] * 5)
    session.refresh(row)
    assert client.get(path_of(app, row)).status_code == 200


def test_the_calendar_file_to_download_holds_every_session_and_no_method(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    walls = [datetime(2030, month, 7, 14) for month in (5, 6, 12)]  # noqa: DTZ001
    zone = "America/New_York"
    training = make_event(
        session,
        kind=Kind.TRAINING,
        sessions=[SessionDraft(wall_start=wall, zone=zone) for wall in walls],
    )
    own = path_of(app, make_registration(session, training))
    answer = client.get(f"{own}/invitation.ics")
    document = icalendar.Calendar.from_ical(answer.data)
    entries = document.walk("VEVENT")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "method" not in document
    assert [e.decoded("dtstart").replace(tzinfo=None) for e in entries] == walls
    lengths = {e.decoded("dtend") - e.decoded("dtstart") for e in entries}
    assert lengths == {HOUR}  # no end was announced
    assert len({e["uid"] for e in entries}) == 3
    assert len(document.walk("VTIMEZONE")) == 1


def test_what_to_read_next_comes_with_its_reasons(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    made = make_registration(session, event, service_area="fire_ems")
    page = words(client.get(f"{path_of(app, made)}/next"))
    assert page.startswith("> ") or "What to read next" in page
    assert "Fire and emergency medical" in page


def test_who_waits_is_suggested_nothing(
    app: Flask, client: FlaskClient, session: Session, event: Event, own: str
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    waits = path_of(app, make_registration(session, event, email="b@example.org"))
    found = [
        "/library/case-studies/" in client.get(f"{p}/next").text for p in (own, waits)
    ]
    assert found == [True, False]


def test_the_page_of_a_cancelled_event_promises_nothing_more(
    client: FlaskClient, session: Session, event: Event, own: str
) -> None:
    with writing(session):
        service.cancel_event(session, event.id, note="The room is gone.", now=NOON)
    page = client.get(own)
    said = words(page)
    assert heading(page) == "This event is cancelled"
    promises = ("The room is gone.", "join page", "What happens next", "To prepare")
    assert [each in said for each in promises] == [True, False, False, False]
