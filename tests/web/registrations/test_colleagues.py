"""One person registers several: the page, its rows, and what becomes of them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import Audience, Kind, OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration, RegistrationGroup
from csd_events.registrations.rules import State
from tests.desk import fields_of
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_conference,
    make_event,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver, side
from tests.parties import SENDER, open_party, path_to, people, send_party
from tests.visitors import errors_on, heading, words

pytestmark = pytest.mark.usefixtures("now")
SetClock = Callable[[datetime], None]
DETAILS = ("full_name", "state", "position")


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


@pytest.fixture
def dana(app: Flask, session: Session) -> FlaskClient:
    """A browser in which Dana is signed in."""
    account = make_account(session, email="dana@example.org", full_name="Dana Sample")
    return app.test_client(user=account)


def registered(session: Session) -> list[tuple[str, State]]:
    session.rollback()
    rows = select(Registration.full_name, Registration.state).order_by(Registration.id)
    return [(name, state) for name, state in session.execute(rows)]


def test_the_senders_page_says_of_nobody_whether_they_are_on_the_conferences_list(
    dana: FlaskClient, session: Session
) -> None:
    conference = make_conference(session)
    with writing(session):
        listed = ("colleague1@example.org",)
        event_service.save_addresses(
            session, conference, listed, replace=False, now=NOON
        )
    make_event(
        session,
        slug="talk",
        kind=Kind.FORUM,
        conference_id=conference,
        requires_conference=True,
    )
    answer = send_party(dana, "talk", people(2))
    assert registered(session) == [
        ("Colleague 1", State.CONFIRMED),
        ("Colleague 2", State.HELD),
    ]
    page = words(dana.get(answer.location))
    assert (page.count("A place is held"), page.count("Registered")) == (2, 0)


def recipients(app: Flask) -> list[str]:
    return sorted(by_address(deliver(app)))


@pytest.mark.usefixtures("event")
def test_an_assistant_registers_five_colleagues_on_one_page(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    answer = send_party(dana, "talk", people(5))
    assert answer.status_code == 303
    assert registered(session) == [
        (f"Colleague {n}", State.CONFIRMED) for n in range(1, 6)
    ]
    page = dana.get(answer.location)
    assert heading(page) == "Your colleagues"
    assert recipients(app) == [
        *(f"colleague{n}@example.org" for n in range(1, 6)),
        "dana@example.org",
    ]


@pytest.mark.usefixtures("event")
def test_each_colleague_gets_their_own_mail_link_and_reference_and_reads_by_whom(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    send_party(dana, "talk", people(2))
    mails = by_address(deliver(app))
    session.rollback()
    for one in session.scalars(select(Registration)):
        said = side(
            mails[f"{one.full_name.replace(' ', '').lower()}@example.org"], "text/plain"
        )
        assert "Dana Sample registered you." in said
        assert one.reference in said
    summary = side(mails["dana@example.org"], "text/plain")
    assert "- Colleague 1, colleague1@example.org: registered, free" in summary
    assert "- Colleague 2, colleague2@example.org: registered, free" in summary
    assert "/registrations/groups/" in summary


@pytest.mark.usefixtures("event")
def test_one_bad_row_loses_nothing(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    """Acceptance case 28: the others are in, the bad one stays as it was typed."""
    rows = [*people(2), ("Bo Sample", "bo@@example"), *people(2, first=3)]
    answer = send_party(dana, "talk", rows)
    assert answer.status_code == 422
    assert len(registered(session)) == 4
    said = words(answer)
    assert "4 are registered. 1 row needs a correction." in said
    assert 'value="bo@@example"' in answer.text
    assert "Colleague 1, Colleague 2, Colleague 3, Colleague 4" in said
    ((field, error),) = errors_on(answer).items()
    assert field.endswith("-email")
    assert error == ("Bo Sample: Enter an email address in the format name@example.org")


WRONG = ("Bo Sample", "bo@@example")


def test_beside_rows_to_mend_is_said_who_has_a_place_and_who_waits(
    dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="small", capacity=2)
    make_registration(session, event)
    answer = send_party(dana, "small", [*people(4), WRONG])
    said = (
        "1 has a place and 3 are on the waiting list. 1 row needs a correction. "
        "Colleague 1, Colleague 2, Colleague 3, Colleague 4"
    )
    assert said in words(answer)


def test_who_was_registered_before_is_counted_there_as_somebody_new(
    dana: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="small", capacity=1)
    make_registration(session, event, email="colleague1@example.org")
    answer = send_party(dana, "small", [*people(2), WRONG])
    assert "2 are on the waiting list. 1 row needs a correction." in words(answer)


def test_of_places_that_are_held_or_kept_no_more_is_said_there(
    dana: FlaskClient, client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="asked", needs_approval=True)
    answer = send_party(dana, "asked", [*people(2), WRONG])
    assert "Places are held for 2. 1 row needs" in words(answer)
    make_event(session, slug="small", capacity=1)
    unproven = send_party(client, "small", [*people(3, first=3), WRONG])
    assert (
        "3 are noted until you press the button in your mail. A place is kept for 1 "
        "and 2 are on the waiting list. 1 row needs a correction."
    ) in words(unproven)


@pytest.mark.usefixtures("event")
def test_who_came_instead_and_who_was_taken_back_are_told_apart_there(
    dana: FlaskClient,
) -> None:
    answer = send_party(dana, "talk", [*people(3), WRONG])
    page = re.search(r"/registrations/groups/[\w.-]+", answer.text)
    assert page
    dana.post(f"{page[0]}/cancel/1")
    bo = dict(zip(SENDER, ("Cy", "cy@example.org", "Town"), strict=True))
    assert dana.post(f"{page[0]}/replace/2", data=bo).status_code == 303
    again = dana.post(path_to("talk"), data=fields_of(answer.text))
    assert (
        "1 has a place and 1 reads in a mail of their own how they stand. "
        "1 row needs a correction. Cy, Colleague 3 Leave it at that"
    ) in words(again)


@pytest.mark.usefixtures("event")
def test_the_summary_names_a_row_as_its_heading_does_while_it_has_no_name(
    dana: FlaskClient,
) -> None:
    rows = [*people(1), ("", "bo@example.org"), ("Cy Sample", "")]
    answer = send_party(dana, "talk", rows)
    assert list(errors_on(answer).values()) == [
        "Colleague 1: Enter a full name",
        "Cy Sample: Enter an email address",
    ]
    assert "Colleague 1" in words(answer).partition("Your colleagues")[2]


@pytest.mark.usefixtures("event")
def test_a_corrected_row_joins_the_others_and_the_summary_is_one_mail(
    app: Flask, dana: FlaskClient, session: Session, at: SetClock, now: datetime
) -> None:
    answer = send_party(dana, "talk", [*people(2), ("Bo Sample", "")])
    assert recipients(app) == ["colleague1@example.org", "colleague2@example.org"]
    at(now + timedelta(minutes=2))
    form = fields_of(answer.text)
    number = next(n for n, value in form.items() if value == "Bo Sample").split("-")[1]
    again = dana.post(
        path_to("talk"), data=form | {f"colleagues-{number}-email": "bo@example.org"}
    )
    assert again.status_code == 303
    assert [name for name, _ in registered(session)] == [
        "Colleague 1", "Colleague 2", "Bo Sample",
    ]  # fmt: skip
    assert session.scalar(select(func.count(RegistrationGroup.id))) == 1
    (summary,) = (m for m in deliver(app) if "dana@example.org" in m["To"])
    assert "Bo Sample, bo@example.org: registered" in side(summary, "text/plain")
    assert "Colleague 1, colleague1@example.org" in side(summary, "text/plain")
    at(now + HOUR)
    assert deliver(app) == []


@pytest.mark.usefixtures("event")
def test_the_same_form_again_does_nothing(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    form = open_party(dana, "talk")
    first = send_party(dana, "talk", people(3), form=form)
    deliver(app)
    again = send_party(dana, "talk", people(3), form=form)
    assert again.location == first.location
    assert len(registered(session)) == 3
    assert deliver(app) == []


@pytest.mark.usefixtures("event")
def test_the_same_address_twice_is_said_beside_the_second(
    dana: FlaskClient, session: Session
) -> None:
    rows = [("Ada Sample", "ada@example.org"), ("Ada B. Sample", " ADA@example.org")]
    answer = send_party(dana, "talk", rows)
    assert registered(session) == [("Ada Sample", State.CONFIRMED)]
    assert list(errors_on(answer).values()) == [
        "Ada B. Sample: This address stands in a row above, too"
    ]


@pytest.mark.usefixtures("event")
def test_the_senders_own_address_is_no_colleague(
    dana: FlaskClient, session: Session
) -> None:
    answer = send_party(dana, "talk", [("Dana", "dana@example.org"), *people(1)])
    assert [name for name, _ in registered(session)] == ["Colleague 1"]
    assert list(errors_on(answer).values()) == [
        "Dana: This is your own address. Tick that you are coming, too"
    ]


@pytest.mark.usefixtures("event")
def test_a_sender_who_comes_or_cannot_tick_it_any_more_leaves_their_row_empty(
    dana: FlaskClient, session: Session
) -> None:
    rows = [("Dana", "dana@example.org"), *people(1)]
    ticked = send_party(dana, "talk", rows, coming="y")
    leave = {"Dana: This is your own address. Leave this row empty"}
    assert set(errors_on(ticked).values()) == leave
    again = dana.post(path_to("talk"), data=fields_of(ticked.text))
    assert set(errors_on(again).values()) == leave
    assert [name for name, _ in registered(session)] == ["Dana Sample", "Colleague 1"]


@pytest.mark.usefixtures("event")
def test_the_sender_comes_too_when_they_tick_it(
    dana: FlaskClient, session: Session
) -> None:
    answer = send_party(dana, "talk", people(1), coming="y")
    assert answer.status_code == 303
    assert [name for name, _ in registered(session)] == ["Dana Sample", "Colleague 1"]


@pytest.mark.usefixtures("event")
def test_nobody_typed_is_said_and_what_was_typed_stays(client: FlaskClient) -> None:
    answer = send_party(client, "talk", [])
    assert answer.status_code == 422
    assert list(errors_on(answer).values()) == ["Enter at least one colleague"]
    assert 'value="dana@example.org"' in answer.text


@pytest.mark.usefixtures("event")
def test_without_a_sender_nobody_is_registered_and_every_row_stays(
    client: FlaskClient, session: Session
) -> None:
    answer = send_party(client, "talk", people(2), full_name="", email="")
    assert set(errors_on(answer)) == {"full_name", "email"}
    assert registered(session) == []
    assert 'value="colleague2@example.org"' in answer.text


@pytest.mark.usefixtures("event")
def test_more_rows_come_by_a_button_with_everything_typed(
    client: FlaskClient, session: Session
) -> None:
    page = send_party(client, "talk", people(3), do="another")
    assert page.status_code == 200
    assert errors_on(page) == {}
    assert "Colleague 6" in words(page)
    assert 'value="colleague3@example.org"' in page.text
    assert 'value="Dana Sample"' in page.text
    assert registered(session) == []


@pytest.mark.usefixtures("event")
def test_pasted_lines_become_rows_to_look_at_and_send_nothing(
    app: Flask, dana: FlaskClient, session: Session
) -> None:
    lines = (
        "Name\tEmail\nAda Sample\tada@example.org\nBo <bo@example.org>\ncy@example.org"
    )
    page = send_party(dana, "talk", people(1), do="paste", lines=lines)
    assert page.status_code == 200
    for shown in ("Colleague 1", "Ada Sample", "ada@example.org", "Bo",
                  "bo@example.org", "cy@example.org"):  # fmt: skip
        assert f'value="{shown}"' in page.text
    assert registered(session) == []
    assert deliver(app) == []


@pytest.mark.usefixtures("event")
def test_at_most_fifty_are_taken_and_the_others_stay_in_the_box(
    dana: FlaskClient,
) -> None:
    lines = "\n".join(f"{name}, {email}" for name, email in people(52))
    page = send_party(dana, "talk", [], do="paste", lines=lines)
    assert 'value="colleague50@example.org"' in page.text
    assert 'value="colleague51@example.org"' not in page.text
    assert "Colleague 51\tcolleague51@example.org" in page.text
    assert "More rows" not in words(page)


def test_those_who_fit_get_places_and_the_others_wait_in_the_order_of_the_form(
    app: Flask, session: Session, dana: FlaskClient
) -> None:
    event = make_event(session, slug="small", capacity=3)
    make_registration(session, event)
    answer = send_party(dana, "small", people(4))
    assert registered(session)[1:] == [
        ("Colleague 1", State.CONFIRMED),
        ("Colleague 2", State.CONFIRMED),
        ("Colleague 3", State.WAITING),
        ("Colleague 4", State.WAITING),
    ]
    session.rollback()
    waiting = select(Registration.full_name, Registration.position).where(
        Registration.state == State.WAITING
    )
    assert list(session.execute(waiting.order_by(Registration.position))) == [
        ("Colleague 3", 1), ("Colleague 4", 2),
    ]  # fmt: skip
    page = words(dana.get(answer.location))
    assert page.count("Waiting list") == 2
    mails = by_address(deliver(app))
    said = side(mails["colleague4@example.org"], "text/plain")
    assert "You are number 2 on the waiting list" in said
    assert "Dana Sample registered you." in said
    summary = side(mails["dana@example.org"], "text/plain")
    assert "- Colleague 2, colleague2@example.org: registered, free" in summary
    assert "- Colleague 3, colleague3@example.org: waiting list, free" in summary


def test_where_every_request_is_looked_at_each_place_is_held(
    session: Session, dana: FlaskClient
) -> None:
    make_event(session, slug="asked", needs_approval=True)
    answer = send_party(dana, "asked", people(2))
    assert [state for _, state in registered(session)] == [State.HELD, State.HELD]
    assert words(dana.get(answer.location)).count("A place is held") == 2


@pytest.mark.usefixtures("event")
def test_who_was_registered_is_answered_as_somebody_new_and_reads_who_asked(
    app: Flask, session: Session, dana: FlaskClient, event: Event
) -> None:
    known = make_registration(session, event, email="colleague1@example.org")
    deliver(app)
    answer = send_party(dana, "talk", people(2))
    page = words(dana.get(answer.location))
    assert page.count("Registered") == 2
    mails = by_address(deliver(app))
    summary = side(mails["dana@example.org"], "text/plain")
    assert "- Colleague 1, colleague1@example.org: registered, free" in summary
    said = side(mails["colleague1@example.org"], "text/plain")
    assert "Dana Sample wanted to register you, too." in said
    assert known.reference in said
    session.rollback()
    assert len(registered(session)) == 2


@pytest.mark.usefixtures("event")
def test_cancelling_for_who_was_registered_before_changes_nothing_of_theirs(
    app: Flask, session: Session, dana: FlaskClient, event: Event
) -> None:
    make_registration(session, event, email="colleague1@example.org")
    answer = send_party(dana, "talk", people(1))
    deliver(app)
    gone = dana.post(f"{answer.location}/cancel/1")
    assert gone.status_code == 303
    assert "Cancelled" in words(dana.get(answer.location))
    assert [state for _, state in registered(session)] == [State.CONFIRMED]
    assert deliver(app) == []


@pytest.mark.usefixtures("event")
def test_the_sender_cancels_for_one_who_hears_who_did_it(
    app: Flask, session: Session, dana: FlaskClient
) -> None:
    answer = send_party(dana, "talk", people(2))
    deliver(app)
    asks = dana.get(f"{answer.location}/cancel/2")
    assert heading(asks) == "Cancel for Colleague 2?"
    assert [state for _, state in registered(session)] == [State.CONFIRMED] * 2
    dana.post(f"{answer.location}/cancel/2")
    assert registered(session) == [
        ("Colleague 1", State.CONFIRMED), ("Colleague 2", State.CANCELLED),
    ]  # fmt: skip
    (mail,) = deliver(app)
    said = side(mail, "text/plain")
    assert "colleague2@example.org" in mail["To"]
    assert "Dana Sample, who had registered you, has cancelled it." in said
    assert "METHOD:CANCEL" in side(mail, "text/calendar")


@pytest.mark.usefixtures("event")
def test_a_group_page_is_for_who_has_its_link(
    session: Session, dana: FlaskClient, client: FlaskClient
) -> None:
    answer = send_party(dana, "talk", people(1))
    page = client.get(answer.location)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert client.get(f"{answer.location}/cancel/9").status_code == 404
    wrong = answer.location[:-1] + ("A" if answer.location[-1] != "A" else "B")
    assert client.get(wrong).status_code == 404


@pytest.mark.usefixtures("event")
def test_names_that_are_advertisements_are_not_carried_into_mails(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    send_party(client, "talk", people(1), full_name="Win at www.example.org")
    (mail,) = deliver(app)
    assert "www.example.org" not in side(mail, "text/plain")


@pytest.mark.usefixtures("event")
def test_a_party_for_what_is_closed_is_told_why(
    session: Session, dana: FlaskClient, at: SetClock, now: datetime
) -> None:
    form = open_party(dana, "talk")
    at(now + 11 * DAY)
    answer = send_party(dana, "talk", people(2), form=form)
    assert answer.status_code == 409
    assert "Colleague 2" in words(answer)
    assert registered(session) == []
    assert dana.get(path_to("talk")).status_code == 200
    assert heading(dana.get(path_to("talk"))) == "Registration is closed"


def invoices(session: Session) -> list[tuple[str, str, str, int]]:
    session.rollback()
    rows = select(Invoice).order_by(Invoice.serial)
    return [
        (each.kind.value, each.full_name, each.purchase_order, each.total_cents)
        for each in session.scalars(rows)
    ]


def test_each_of_a_party_at_a_price_gets_an_invoice_with_the_senders_order_number(
    dana: FlaskClient, session: Session
) -> None:
    make_event(session, slug="dear", offers=[OfferDraft(price_cents=4900)])
    answer = send_party(dana, "dear", people(2), purchase_order="PO-7")
    written = [("invoice", f"Colleague {n}", "PO-7", 4900) for n in (1, 2)]
    assert invoices(session) == written
    path = f"{answer.location}/cancel/2"
    dana.post(path, data=fields_of(dana.get(path).text))
    taken_back = ("credit_note", "Colleague 2", "PO-7", 4900)
    assert invoices(session) == [*written, taken_back]


def test_nothing_is_charged_before_a_sender_has_pressed_the_button(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="dear", offers=[OfferDraft(price_cents=4900)])
    send_party(client, "dear", people(1), purchase_order="PO-8")
    assert invoices(session) == []
    group = session.scalars(select(RegistrationGroup)).one()
    group_id, version = group.id, group.link_version
    with writing(session):
        service.confirm_group(session, group_id, link_version=version, now=NOON)
    assert invoices(session) == [("invoice", "Colleague 1", "PO-8", 4900)]


@pytest.mark.usefixtures("event")
def test_where_nothing_has_a_price_no_order_number_is_asked_for(
    dana: FlaskClient,
) -> None:
    assert "purchase_order" not in open_party(dana, "talk")


SOON = (NOON + 2 * DAY).date()
DEAR = OfferDraft(price_cents=4900)
OF_MEMBERS = OfferDraft(price_cents=1000, audience=Audience.MEMBERS)


@pytest.mark.parametrize(
    ("offers", "guest", "signed_in"),
    [
        ([OfferDraft(closes_on=SOON), replace(DEAR, opens_on=SOON + DAY)], 0, 0),
        ([OfferDraft(), OF_MEMBERS], 0, 0),
        ([OfferDraft(audience=Audience.MEMBERS), DEAR], 1, 1),
        ([OfferDraft(audience=Audience.OTHERS), OF_MEMBERS], 0, 1),
        (
            [
                OfferDraft(),
                OfferDraft(price_cents=900, audience=Audience.INVITED, code="GATHER"),
            ],
            1,
            1,
        ),
    ],
)
def test_an_order_number_is_asked_for_where_a_row_may_have_a_price_now(
    client: FlaskClient,
    dana: FlaskClient,
    session: Session,
    offers: list[OfferDraft],
    guest: int,
    signed_in: int,
) -> None:
    make_event(session, slug="priced", offers=offers)
    asked = ["purchase_order" in open_party(each, "priced") for each in (client, dana)]
    assert asked == [guest, signed_in]
