"""The registration form, sent as people and others send it."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core import limits
from csd_events.core.limits import HourlyCount
from csd_events.core.tokens import Purpose, links, row_id
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.forms import new_ticket
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import cancel_event, check_counters
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_member,
    make_person,
    make_registration,
    writing,
)
from tests.letters import deliver, side
from tests.visitors import (
    TYPED,
    errors_on,
    heading,
    open_form,
    press,
    send_form,
    title,
    words,
)

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
MIDNIGHT = datetime.fromisoformat("2030-05-04T00:00-04:00")  # ends "through May 3"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


@pytest.fixture
def free_then_paid(session: Session) -> Event:
    """Free through May 3, then USD 49.00."""
    free_until = (MIDNIGHT - HOUR).date()
    offers = [
        OfferDraft(closes_on=free_until),
        OfferDraft(price_cents=4900, opens_on=free_until + DAY),
    ]
    return make_event(session, slug="talk", offers=offers)


def states(session: Session) -> list[tuple[str, State]]:
    session.rollback()
    of = select(Person.email, Registration.state).join(Registration.person)
    rows = session.execute(of.order_by(Registration.id))
    return [(email, state) for email, state in rows]


def kinds(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def number_of(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("event")
def test_a_guest_registers_with_three_fields_and_lands_on_a_receipt(
    client: FlaskClient, session: Session
) -> None:
    answer = send_form(client, "talk")
    page = client.get(answer.location)

    assert (answer.status_code, page.status_code) == (303, 200)
    assert heading(page) == "You are registered"
    assert states(session) == [("ada@example.org", State.CONFIRMED)]
    assert kinds(session) == ["registration.confirmed"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("event")
def test_a_receipt_has_no_reference_no_join_link_and_nothing_to_cancel(
    client: FlaskClient, session: Session
) -> None:
    page = client.get(send_form(client, "talk").location)
    session.rollback()
    reference = session.scalars(select(Registration.reference)).one()
    found = {
        word: word in page.text
        for word in (reference, "CSD-", "/join/", "/cancel", "invitation.ics", "/next")
    }
    assert found == dict.fromkeys(found, False)


def test_a_member_registers_with_two_clicks_and_nothing_typed(
    app: Flask, session: Session, event: Event
) -> None:
    account = make_member(session, email="member@example.org")
    client = app.test_client(user=account)

    page = client.get("/events/talk")
    answer = press(client, page, "/events/talk/register")
    landed = client.get(answer.location)

    assert (answer.status_code, heading(landed)) == (303, "You are registered")
    assert "CSD-" in landed.text
    assert states(session) == [("member@example.org", State.CONFIRMED)]
    row = session.execute(select(Registration.full_name, Registration.event_id)).one()
    assert tuple(row) == (account.full_name, event.id)


@pytest.mark.usefixtures("event")
def test_a_signed_in_person_whose_token_does_not_hold_gets_a_fresh_one(
    app: Flask, session: Session
) -> None:
    client = app.test_client(user=make_account(session))
    page = client.get("/events/talk")
    ticket = re.search(r'name="ticket"[^>]*value="([^"]*)"', page.text)
    assert ticket
    data = {"csrf_token": "old", "ticket": ticket[1], "service_area": "dispatch_911"}
    answer = client.post("/events/talk/register", data=data)

    assert answer.status_code == 422
    assert title(answer).startswith("Error: ")
    assert 'value="dispatch_911" selected' in re.sub(r"\s+", " ", answer.text)
    again = press(client, answer, "/events/talk/register")
    assert again.status_code == 303


@pytest.mark.usefixtures("event")
def test_session_time_out_does_not_lose_data(app: Flask, client: FlaskClient) -> None:
    """Signed out meanwhile: the guest's form, with all that was typed."""
    ticket = open_form(client, "talk")
    data = {"ticket": ticket, "service_area": "dispatch_911"}
    answer = client.post("/events/talk/register", data=data)
    assert answer.status_code == 422
    assert 'value="dispatch_911" selected' in re.sub(r"\s+", " ", answer.text)
    assert errors_on(answer) == {
        "full_name": "Enter your full name",
        "email": "Enter your email address",
        "organization": "Enter your municipality or organization",
    }


@pytest.mark.usefixtures("event")
def test_who_is_signed_in_is_sent_from_the_form_to_the_event(
    app: Flask, session: Session
) -> None:
    answer = app.test_client(user=make_account(session)).get("/events/talk/register")
    assert (answer.status_code, answer.location) == (303, "/events/talk")


@pytest.mark.usefixtures("event")
def test_errors_are_named_on_top_by_each_field_and_everything_typed_is_kept(
    client: FlaskClient, session: Session
) -> None:
    answer = send_form(
        client, "talk", full_name="", email="ada@", organization="Town <b>&</b> Co"
    )
    assert answer.status_code == 422
    assert title(answer).startswith("Error: ")
    assert errors_on(answer) == {
        "full_name": "Enter your full name",
        "email": "Enter an email address in the format name@example.org",
    }
    ids = set(re.findall(r'id="([^"]+)"', answer.text))
    assert set(errors_on(answer)) <= ids
    assert 'value="Town &lt;b&gt;&amp;&lt;/b&gt; Co"' in answer.text
    assert 'value="ada@"' in answer.text
    assert states(session) == []


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize("ticket", ["", "x", "W10.abc", "\N{SNOWMAN}", "." * 5000])
def test_a_form_without_our_ticket_comes_back_with_a_new_one(
    client: FlaskClient, session: Session, ticket: str
) -> None:
    answer = client.post("/events/talk/register", data=TYPED | {"ticket": ticket})
    assert answer.status_code == 422
    assert title(answer).startswith("Error: ")
    assert 'value="Ada Sample"' in answer.text
    assert states(session) == []

    fresh = re.search(r'name="ticket"[^>]*value="([^"]*)"', answer.text)
    assert fresh
    assert send_form(client, "talk", ticket=fresh[1]).status_code == 303


@pytest.mark.usefixtures("event")
def test_a_ticket_of_another_event_is_none(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="other")
    ticket = open_form(client, "other")
    assert send_form(client, "talk", ticket=ticket).status_code == 422
    assert states(session) == []


@pytest.mark.usefixtures("event")
def test_a_ticket_made_with_an_older_key_still_holds(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = open_form(client, "talk")
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.config["SECRET_KEY"]])
    monkeypatch.setitem(app.config, "SECRET_KEY", "a new one")
    assert send_form(client, "talk", ticket=ticket).status_code == 303


@pytest.mark.usefixtures("event")
def test_double_click_or_retry_after_time_out_makes_one_registration_and_one_mail(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    ticket = open_form(client, "talk")
    answers = [send_form(client, "talk", ticket=ticket) for _ in range(3)]
    assert len({answer.location for answer in answers}) == 1
    assert states(session) == [("ada@example.org", State.CONFIRMED)]
    assert kinds(session) == ["registration.confirmed"]
    assert number_of(session, Receipt) == 1
    assert len(deliver(app)) == 1


@pytest.mark.usefixtures("event")
def test_two_tabs_make_one_registration_and_the_details_come_again(
    client: FlaskClient, session: Session
) -> None:
    tabs = [open_form(client, "talk") for _ in range(2)]
    places = [send_form(client, "talk", ticket=ticket).location for ticket in tabs]
    assert len(set(places)) == 2
    assert states(session) == [("ada@example.org", State.CONFIRMED)]
    assert kinds(session) == ["registration.confirmed", "registration.details"]


@pytest.mark.usefixtures("event")
def test_the_details_go_again_at_most_once_an_hour(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    for minute in (0, 1, 30, 59, 60, 61, 119, 121):
        at(NOON + minute * MINUTE)
        send_form(client, "talk")
    again = select(OutboxMessage.queued_at).where(
        OutboxMessage.kind == "registration.details"
    )
    session.rollback()
    queued = sorted(session.scalars(again))
    assert queued == [NOON + MINUTE, NOON + 61 * MINUTE, NOON + 121 * MINUTE]


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    "typed",
    ["ADA@example.org", "  ada@example.org ", "ada@EXAMPLE.ORG", "Ada@Example.Org"],
)
def test_same_email_with_upper_case_or_surrounding_spaces_is_recognised(
    client: FlaskClient, session: Session, typed: str
) -> None:
    first = client.get(send_form(client, "talk").location)
    second = client.get(send_form(client, "talk", email=typed).location)
    assert heading(second) == heading(first)
    assert states(session) == [("ada@example.org", State.CONFIRMED)]


@pytest.mark.usefixtures("event")
def test_a_tag_stays_an_address_of_its_own(
    client: FlaskClient, session: Session
) -> None:
    send_form(client, "talk")
    send_form(client, "talk", email="ada+work@example.org")
    assert states(session) == [
        ("ada@example.org", State.CONFIRMED),
        ("ada+work@example.org", State.CONFIRMED),
    ]


def plain(page: str) -> str:
    """Take out what is drawn at random: the token."""
    return re.sub(r"/registrations/[\w-]{32}", "/registrations/TOKEN", page)


@pytest.mark.parametrize("capacity", [None, 1, 2])
def test_what_a_post_answers_never_depends_on_whether_the_address_is_known(
    client: FlaskClient, session: Session, capacity: int | None
) -> None:
    """Known, waiting, cancelled, of a member, or new: the same bytes."""
    event = make_event(session, slug="talk", capacity=capacity)
    make_registration(session, event, email="known@example.org")
    if capacity:
        make_registration(session, event, email="waits@example.org")
    make_person(session, email="person@example.org")
    make_member(session, email="member@example.org")
    bodies, answers = set(), set()
    for who in ("known", "person", "member", "stranger", "waits"):
        answer = send_form(client, "talk", email=f"{who}@example.org")
        page = client.get(answer.location)
        bodies.add(plain(page.text).replace(f"{who}@", "WHO@"))
        headers = [h for h in answer.headers.items() if h[0] != "Location"]
        answers.add((answer.status_code, plain(answer.text), str(headers)))
    assert (len(bodies), len(answers)) == (1, 1)
    words_then = "You are registered" if not capacity else "All places are taken"
    assert words_then in bodies.pop()


def test_when_the_list_is_full_too_a_known_address_is_told_nothing_else(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", capacity=1, waiting_limit=1)
    ticket = open_form(client, "talk")
    make_registration(session, event, email="known@example.org")
    make_registration(session, event, email="waits@example.org")
    pages = [
        send_form(client, "talk", ticket=ticket, email=f"{who}@example.org")
        for who in ("known", "waits", "stranger")
    ]
    assert {(p.status_code, heading(p)) for p in pages} == {
        (409, "All places are taken")
    }
    bodies = {re.sub(r"(known|waits|stranger)@", "WHO@", page.text) for page in pages}
    assert len(bodies) == 1


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Conan O'Brien",
        "Jean-Luc d\N{RIGHT SINGLE QUOTATION MARK}Artagnan",
        "N" * 200,
        "محمد علي",
        "\N{RIGHT-TO-LEFT MARK}משה",
        "李小龍",
        "Ada 👩🏽‍🚒",
        '<b>"Ada"</b> & Co',
        "100% {name} %(x)s",
    ],
)
def test_names_are_saved_and_mailed_unchanged(
    app: Flask, client: FlaskClient, session: Session, name: str
) -> None:
    make_person(session, email="ada@example.org")  # confirmed: may be greeted by any
    assert send_form(client, "talk", full_name=name).status_code == 303
    session.rollback()
    assert session.scalars(select(Registration.full_name)).all() == [name]
    (mail,) = deliver(app)
    assert mail["To"] == f"{name} <ada@example.org>"
    assert f"Hello {name},\n" in side(mail, "text/plain")


@pytest.mark.usefixtures("event")
def test_what_is_typed_in_a_form_never_overwrites_what_a_person_told_us(
    client: FlaskClient, session: Session
) -> None:
    make_person(session, email="ada@example.org", full_name="Ada Her Own")
    send_form(client, "talk", full_name="Somebody Else")
    session.rollback()
    assert session.scalars(select(Person.full_name)).all() == ["Ada Her Own"]
    assert session.scalars(select(Registration.full_name)).all() == ["Somebody Else"]


def test_submit_one_second_after_closing_with_a_form_opened_before_is_accepted(
    client: FlaskClient, session: Session, free_then_paid: Event, at: SetClock
) -> None:
    """Within the minutes of grace, at the price it showed."""
    at(MIDNIGHT - SECOND)
    ticket = open_form(client, free_then_paid.slug)
    at(MIDNIGHT + SECOND)
    assert send_form(client, "talk", ticket=ticket).status_code == 303
    at(MIDNIGHT + 15 * MINUTE - SECOND)
    late = send_form(client, "talk", ticket=ticket, email="b@example.org")
    assert late.status_code == 303
    session.rollback()
    assert session.scalars(select(Registration.price_cents)).all() == [0]


@pytest.mark.usefixtures("free_then_paid")
def test_a_form_sent_after_the_grace_gets_a_helpful_page(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    at(MIDNIGHT - SECOND)
    ticket = open_form(client, "talk")
    at(MIDNIGHT + 15 * MINUTE)
    answer = send_form(client, "talk", ticket=ticket)
    assert answer.status_code == 409
    assert heading(answer) == "The free registration has just ended"
    found = words(answer)
    assert "Full name Ada Sample Email ada@example.org" in found
    assert "USD 49.00" in found
    assert "See what is open now" in found
    assert states(session) == []


@pytest.mark.usefixtures("free_then_paid")
def test_a_form_opened_after_the_end_is_at_the_price_that_follows(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    at(MIDNIGHT)
    send_form(client, "talk")
    session.rollback()
    assert session.scalars(select(Registration.price_cents)).all() == [4900]


@pytest.mark.usefixtures("free_then_paid")
@pytest.mark.parametrize(
    ("moment", "shown"), [(-HOUR - SECOND, False), (-HOUR, True), (-SECOND, True)]
)
def test_the_form_shows_its_end_from_an_hour_before(
    client: FlaskClient, at: SetClock, *, moment: timedelta, shown: bool
) -> None:
    at(MIDNIGHT + moment)
    page = words(client.get("/events/talk/register"))
    sentence = "You can send this form until Saturday, May 4, 2030, 12:15 am Eastern"
    assert (sentence in page) == shown


@pytest.fixture(params=["UTC", "Pacific/Auckland", "Pacific/Honolulu"])
def _server_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The zone of the machine itself, while a test runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_server_zone")
def test_window_until_october_15_ends_at_the_end_of_that_day_in_the_event_zone(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    """Whatever the server's zone."""
    last = datetime.fromisoformat("2030-10-15")
    start = datetime.fromisoformat("2030-10-20T18:00-04:00")
    offers = [OfferDraft(closes_on=last.date())]
    make_event(session, slug="talk", starts_at=start, offers=offers)
    end = datetime.fromisoformat("2030-10-16T00:00-04:00")
    at(end - SECOND)
    assert "through October 15" in words(client.get("/events/talk"))
    assert send_form(client, "talk").status_code == 303
    at(end)
    closed = client.get("/events/talk/register")
    assert heading(closed) == "Registration is closed"
    assert "Registration ended on October 15, 2030." in words(closed)


def refused_event(session: Session, why: str) -> Event:
    offers = {
        "not_open": [OfferDraft(opens_on=(NOON + 2 * DAY).date())],
        "closed": [OfferDraft(closes_on=(NOON - 2 * DAY).date())],
        "not_a_member": [OfferDraft(audience=Audience.MEMBERS)],
    }.get(why, [OfferDraft()])
    places = 0 if why == "full" else None
    return make_event(
        session, slug="talk", offers=offers, capacity=places, waiting_limit=places
    )


def test_a_waiting_list_is_full_only_where_there_is_one(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk", capacity=1, waiting_limit=1)
    for number in range(2):
        send_form(client, "talk", email=f"ada{number}@example.org")
    page = words(client.get("/events/talk/register"))
    assert "All places are taken, and the waiting list is full." in page


def test_the_form_of_a_cancelled_event_offers_no_price(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    with writing(session):
        cancel_event(session, event.id, note="A storm.", now=NOON)
    page = words(client.get("/events/talk/register"))
    assert "This event is cancelled A storm." in page
    assert "Everyone" not in page


def test_who_comes_too_late_for_a_recording_is_led_to_it(
    client: FlaskClient, session: Session
) -> None:
    make_event(
        session,
        slug="talk",
        starts_at=NOON - 2 * DAY,
        recording_url="https://watch.example.org/talk",
        contact="Dana Sample, 704 555-0100",
    )
    page = client.get("/events/talk/register")
    assert 'href="https://watch.example.org/talk"' in page.text
    assert "Questions? Ask Dana Sample, 704 555-0100" in words(page)


@pytest.mark.parametrize(
    ("why", "on_top", "sentence", "way_on"),
    [
        (
            "not_open",
            "Registration is not open yet",
            "It opens Friday, May 3, 2030, 12:00 am Eastern (UTC\N{MINUS SIGN}4).",
            "Back to the event",
        ),
        (
            "closed",
            "Registration is closed",
            "Registration ended on April 29, 2030.",
            "See what else is on",
        ),
        (
            "not_a_member",
            "This event is for members",
            "Members of the association can register. Sign in if you are one.",
            "Sign in as a member",
        ),
        (
            "full",
            "All places are taken",
            "All places are taken. Another date may suit you.",
            "Back to the event",
        ),
    ],
)
def test_the_page_tells_why_registration_is_closed_and_what_next(
    client: FlaskClient,
    session: Session,
    why: str,
    on_top: str,
    sentence: str,
    way_on: str,
) -> None:
    refused_event(session, why)
    page = client.get("/events/talk/register")
    assert (page.status_code, heading(page)) == (200, on_top)
    assert sentence in words(page)
    assert way_on in words(page)
    assert client.get("/events/talk").status_code == 200


@pytest.mark.parametrize("why", ["not_open", "closed", "not_a_member", "full"])
def test_a_form_that_meets_a_closed_door_keeps_what_was_typed(
    client: FlaskClient, session: Session, why: str
) -> None:
    """Its ticket is one of ours: staff changed the event meanwhile."""
    event = refused_event(session, why)
    with client.application.app_context():
        ticket = new_ticket(event.slug, None, now=NOON)
    page = send_form(client, "talk", ticket=ticket)
    assert page.status_code == 409
    assert "Full name Ada Sample Email ada@example.org" in words(page)
    assert states(session) == []


def test_who_has_an_account_and_is_no_member_is_told_so(
    app: Flask, session: Session
) -> None:
    refused_event(session, "not_a_member")
    client = app.test_client(user=make_account(session))
    page = client.get("/events/talk")
    assert "Members of the association can register." in words(page)
    member = app.test_client(user=make_member(session))
    assert press(member, member.get("/events/talk"), "/events/talk/register").location


def test_a_form_for_members_is_refused_once_the_member_has_signed_out(
    client: FlaskClient, session: Session
) -> None:
    event = refused_event(session, "not_a_member")
    (offer,) = event.offers
    with client.application.app_context():
        ticket = new_ticket("talk", offer.id, now=NOON)
    page = send_form(client, "talk", ticket=ticket)
    assert (page.status_code, heading(page)) == (409, "This event is for members")
    assert states(session) == []


def test_expired_membership_does_not_give_member_rights(
    app: Flask, session: Session, at: SetClock
) -> None:
    start = datetime.fromisoformat("2031-03-01T12:00-05:00")
    offers = [
        OfferDraft(audience=Audience.MEMBERS, price_cents=2500),
        OfferDraft(audience=Audience.OTHERS, price_cents=4900),
    ]
    make_event(session, slug="talk", starts_at=start, offers=offers)
    client = app.test_client(user=make_member(session))
    end = datetime.fromisoformat("2031-01-01T00:00-05:00")  # in the event's zone
    prices = []
    for moment in (end - SECOND, end):
        at(moment.astimezone(UTC))  # as the clock of the program says it
        found = re.findall(r"USD [\d.]+", words(client.get("/events/talk")))
        prices.append(found[0])
    assert prices == ["USD 25.00", "USD 49.00"]


def test_an_unknown_event_is_a_page_with_a_way_on(client: FlaskClient) -> None:
    for path in ("/events/nowhere", "/events/nowhere/register", "/events/nowhere.ics"):
        page = client.get(path)
        assert page.status_code == 404
        assert 'href="/events"' in page.text


def test_a_draft_is_nobodys_to_see(client: FlaskClient, session: Session) -> None:
    make_event(session, slug="secret", draft=True)
    found = [
        client.get(f"/events/{path}").status_code
        for path in ("secret", "secret/register", "secret.ics")
    ]
    assert found == [404, 404, 404]
    assert client.post("/events/secret/register", data=TYPED).status_code == 404


@pytest.mark.usefixtures("event")
def test_three_mails_an_hour_go_to_an_unconfirmed_address(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    slugs = [make_event(session, slug=f"talk-{n}").slug for n in range(5)]
    for slug in slugs:
        send_form(client, slug)
    sent = [len(deliver(app))]
    for hours in (1, 2):
        at(NOON + hours * HOUR)
        sent.append(len(deliver(app)))
    assert sent == [3, 2, 0]


@pytest.mark.usefixtures("event")
def test_an_hour_of_mails_is_any_sixty_minutes_not_one_of_the_clock(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    """What was corrected or skipped went nowhere, and does not count."""
    for number, minutes in enumerate((0, 20, 40, 59)):
        at(NOON + minutes * MINUTE)
        send_form(client, make_event(session, slug=f"talk-{number}").slug)
    session.rollback()
    due = select(OutboxMessage.due_at).order_by(OutboxMessage.id)
    assert [(each - NOON) / MINUTE for each in session.scalars(due)] == [0, 20, 40, 60]


@pytest.mark.usefixtures("event")
def test_a_confirmed_address_is_written_to_at_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_person(session, email="ada@example.org")
    for number in range(5):
        send_form(client, make_event(session, slug=f"talk-{number}").slug)
    assert len(deliver(app)) == 5


def test_600_forms_an_hour_come_from_one_network_address(
    client: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    ticket = open_form(client, event.slug)
    with writing(session):
        for _ in range(599):
            limits.count(session, what="form", who="192.0.2.7", now=NOON)

    def send(who: str, address: str) -> int:
        data = TYPED | {"ticket": open_form(client, event.slug), "email": who}
        place = {"REMOTE_ADDR": address}
        return client.post(
            "/events/talk/register", data=data, environ_base=place
        ).status_code

    assert ticket
    assert send("a@example.org", "192.0.2.7") == 303
    assert send("b@example.org", "192.0.2.7") == 429
    assert send("b@example.org", "192.0.2.8") == 303
    assert send("c@example.org", "127.0.0.1") == 303
    at(NOON + HOUR)
    assert send("d@example.org", "192.0.2.7") == 303


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_itself_is_not_counted(
    client: FlaskClient, session: Session, address: str
) -> None:
    data = TYPED | {"ticket": open_form(client, "talk")}
    place = {"REMOTE_ADDR": address}
    client.post("/events/talk/register", data=data, environ_base=place)
    assert number_of(session, HourlyCount) == 0


@pytest.mark.usefixtures("event")
def test_neighbors_in_one_ipv6_network_are_counted_together(
    client: FlaskClient, session: Session
) -> None:
    for host in ("2001:db8::1", "2001:db8::2"):
        data = TYPED | {"ticket": open_form(client, "talk")}
        place = {"REMOTE_ADDR": host}
        client.post("/events/talk/register", data=data, environ_base=place)
    session.rollback()
    assert session.scalars(select(HourlyCount.times)).all() == [2]


def test_register_cancel_register_again_is_the_same_row_revived(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk", capacity=1)
    first = make_registration(session, event, email="ada@example.org")
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, first.id, 1)
    client.post(f"/registrations/{token}/cancel")
    assert states(session) == [("ada@example.org", State.CANCELLED)]
    answer = send_form(client, "talk")
    assert answer.status_code == 303
    session.rollback()
    row = session.execute(
        select(Registration.id, Registration.reference, Registration.life)
    ).one()
    assert tuple(row) == (first.id, first.reference, 2)
    assert states(session) == [("ada@example.org", State.CONFIRMED)]
    assert check_counters(session) == []
    assert row_id(answer.location.rpartition("/")[2]) != 0
