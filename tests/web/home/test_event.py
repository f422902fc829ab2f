"""The page of one event in each of its states, and a person's own page."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import Account, Person
from csd_events.core.tokens import Purpose, links
from csd_events.events.rules import (
    Audience,
    Contributor,
    Kind,
    OfferDraft,
    Role,
    SessionDraft,
)
from csd_events.library.models import Citation
from csd_events.registrations import service
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_member,
    make_registration,
    writing,
)
from tests.library import make_citation, make_desk, make_publication
from tests.visitors import send_form, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
SECOND = timedelta(seconds=1)
START = NOON + 10 * DAY
MIDNIGHT = datetime.fromisoformat("2030-05-04T00:00-04:00")  # ends "through May 3"
FREE_THEN_PAID = [
    OfferDraft(closes_on=date(2030, 5, 3)),
    OfferDraft(audience=Audience.MEMBERS, price_cents=2500, opens_on=date(2030, 5, 4)),
    OfferDraft(audience=Audience.OTHERS, price_cents=4900, opens_on=date(2030, 5, 4)),
]
FREE = "Free through May 3"
FOLLOWS = "Members, from May 4 USD 25.00 Others, from May 4 USD 49.00"
PRESS = "Register for this webinar"
FIELDS = (
    "Three fields, no account needed. Sign in to register with one press. "
    "Also register colleagues"
)
ASKED = FIELDS.replace("Three fields, no", "No")  # more than those three
PAID = (
    "USD 49.00 until it starts Members, until it starts USD 25.00 "
    "Nothing to pay now: an invoice comes by mail, due 30 days after."
)


def card(page: TestResponse) -> str:
    """Return the words of the card that leads to the act."""
    assert page.status_code == 200
    found = re.search(r"<aside.*?>(.*?)</aside>", page.text, re.DOTALL)
    assert found
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", found[1]).split()))


def look(client: FlaskClient) -> str:
    return card(client.get("/events/talk"))


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOON, f"{FREE} \N{MIDDLE DOT} 2 days left {FOLLOWS}"),
        (MIDNIGHT - DAY - SECOND, f"{FREE} \N{MIDDLE DOT} ends tomorrow {FOLLOWS}"),
        (MIDNIGHT - DAY, f"{FREE} \N{MIDDLE DOT} last day {FOLLOWS}"),
        (MIDNIGHT - SECOND, f"{FREE} \N{MIDDLE DOT} last day {FOLLOWS}"),
        (MIDNIGHT, PAID),
        (START - SECOND, PAID),
    ],
)
def test_the_card_says_what_it_costs_until_when_and_what_follows(
    client: FlaskClient, session: Session, at: SetClock, moment: datetime, shown: str
) -> None:
    """The countdown is in the days of a calendar."""
    make_event(session, slug="talk", offers=FREE_THEN_PAID)
    at(moment)
    fields = ASKED if PAID in shown else FIELDS
    assert look(client) == f"Register {shown} {PRESS} {fields}"


CLOSED = "Registration is closed"


@pytest.mark.parametrize(
    ("given", "people", "shown"),
    [
        (
            {"capacity": 2},
            1,
            f"Register Free until it starts 1 place left {PRESS} {FIELDS}",
        ),
        (
            {"capacity": 1},
            2,
            "All places are taken Free until it starts When a place comes free, the "
            f"next in line gets it and hears at once. Join the waiting list {FIELDS}",
        ),
        (
            {"capacity": 1, "waiting_limit": 1},
            2,
            f"{CLOSED} All places are taken, and the waiting list is full. "
            "Another date may suit you. See what else is on",
        ),
        (
            {"offers": [OfferDraft(closes_on=date(2030, 4, 29))]},
            0,
            f"{CLOSED} Registration ended on April 29, 2030. "
            "See what else is on Calendar entry",
        ),
        (
            {"offers": [OfferDraft(opens_on=date(2030, 5, 3))]},
            0,
            "Registration is not open yet It opens Friday, May 3, 2030, 12:00 am "
            "Eastern (UTC\N{MINUS SIGN}4) . Everyone, from May 3 Free Remind me when "
            "it opens",
        ),
        (
            {"offers": [OfferDraft(audience=Audience.MEMBERS)]},
            0,
            "For members Members of the association can register. Sign in if you are "
            "one. Members, until it starts Free Sign in as a member",
        ),
        (
            {"starts_at": NOON - DAY},
            0,
            "This event is over Registration ended when the event began. "
            "See what is on",
        ),
    ],
    ids=["few", "full", "list full", "closed", "not open", "for members", "past"],
)
def test_the_card_says_how_the_event_stands_and_what_to_do(
    client: FlaskClient,
    session: Session,
    given: dict[str, Any],
    people: int,
    shown: str,
) -> None:
    event = make_event(session, slug="talk", **given)
    for _ in range(people):
        make_registration(session, event)
    assert look(client) == shown


def test_a_cancelled_event_says_why_and_offers_no_registration(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    with writing(session):
        service.cancel_event(session, event.id, note="A storm.", now=NOON)
    assert look(client) == "This event is cancelled A storm. See what else is on"


def test_a_past_event_leads_to_its_recording(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    """Which nobody is given before it is over."""
    make_event(session, slug="talk", recording_url="https://v.example.org/talk")
    at(START + HOUR - SECOND)
    assert "v.example.org" not in client.get("/events/talk").text
    at(START + HOUR)
    page = client.get("/events/talk")
    assert 'href="https://v.example.org/talk"' in page.text
    assert card(page).startswith("Watch the recording")


def test_who_has_a_place_sees_it_and_which_mail_comes_next(
    app: Flask, session: Session
) -> None:
    event = make_event(session, slug="talk", capacity=1)
    holds, waits = make_account(session), make_account(session)
    for account in (holds, waits):
        make_registration(session, event, person_id=account.person_id)
    shown = [look(app.test_client(user=account)) for account in (holds, waits)]
    assert shown == [
        "You are registered Your next mail comes Saturday, May 4, 2030, 8:00 am "
        "Eastern (UTC\N{MINUS SIGN}4): a reminder. See your registration Join page "
        "Add to your calendar Also register colleagues Cancel your registration",
        "You are number 1 on the waiting list A mail tells you when a place comes "
        "free. See your registration Also register colleagues Cancel your registration",
    ]


def head_of(page: TestResponse) -> str:
    return unescape(page.text.partition("</head>")[0])


def preview_of(page: TestResponse) -> dict[str, str]:
    """Return what a link to a page shows where it is pasted."""
    found = re.findall(r'property="og:(\w+)"\s+content="([^"]*)"', page.text)
    return {name: unescape(content) for name, content in found}


def test_a_link_preview_shows_title_and_date(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk", title='Dispatch & "Fire"')
    assert preview_of(client.get("/events/talk")) == {
        "site_name": "CSD Events",
        "type": "website",
        "title": 'Dispatch & "Fire"',
        "description": "Saturday, May 11, 2030, 8:00 am Eastern "
        "(UTC\N{MINUS SIGN}4). One center for four towns.",
    }


def test_a_link_preview_shows_nothing_private(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    """Whoever pastes their own link shows neither themselves nor the room."""
    event = make_event(session, slug="talk")
    receipt = send_form(client, "talk").location
    made = make_registration(
        session, event, full_name="Ada Sample", email="ada@example.org"
    )
    with app.app_context():
        own, join = (
            links().token(each, made.id, 1)
            for each in (Purpose.REGISTRATION, Purpose.JOIN)
        )
    at(START)
    paths = ["/events/talk", f"/registrations/{own}", f"/join/{join}"]
    heads = [head_of(client.get(path)) for path in paths]
    at(NOON + HOUR)
    heads.append(head_of(client.get(receipt)))
    private = ("Ada", "example.org", made.reference, "Town of Sample", "secret-room")
    assert [word for word in private for head in heads if word in head] == []
    assert ["Sharing dispatch" in head for head in heads] == [True] * 4


@pytest.fixture
def account(session: Session) -> Account:
    """Somebody with a place, one they gave back, and one at an event that is over."""
    account = make_account(session)
    for title, start in [("Next", 10), ("Later", 20), ("Given back", 5), ("Past", -1)]:
        event = make_event(session, title=title, starts_at=NOON + start * DAY)
        made = make_registration(
            session, event, person_id=account.person_id, at=NOON - 2 * DAY
        )
        if title == "Given back":
            with writing(session):
                service.cancel(session, made.id, now=NOON)
    return account


def own_rows(page: TestResponse) -> list[tuple[str, str]]:
    row = (
        r'<a href="/registrations/[\w-]{32}">(.*?)</a>.*?<span class="badge[^>]*>(.*?)<'
    )
    return [tuple(each) for each in re.findall(row, page.text, re.DOTALL)]


def test_my_page_lists_what_comes_the_nearest_first_and_apart_what_was(
    app: Flask, account: Account
) -> None:
    browser = app.test_client(user=account)
    assert own_rows(browser.get("/me")) == [
        ("Given back", "Cancelled"),
        ("Next", "You are registered"),
        ("Later", "You are registered"),
    ]
    assert own_rows(browser.get("/me?past=1")) == [("Past", "You are registered")]


def test_my_page_shows_nothing_until_the_address_was_confirmed(
    app: Flask, session: Session, account: Account
) -> None:
    """Anybody may have registered with it."""
    session.execute(update(Person).values(email_confirmed_at=None))
    session.commit()
    page = app.test_client(user=account).get("/me")
    assert own_rows(page) == []
    assert "shows here once the address is confirmed" in words(page)


def test_my_page_shows_nobody_elses_registrations(
    app: Flask, session: Session, account: Account
) -> None:
    other = make_account(session)
    assert account.person_id != other.person_id
    assert own_rows(app.test_client(user=other).get("/me")) == []


def test_the_page_says_what_a_program_asks_before_it_and_what_completes_it(
    client: FlaskClient, session: Session
) -> None:
    first = make_event(session, slug="first", title="First talk")
    walls = [datetime(2030, 5, day, 8) for day in (11, 18, 25)]  # noqa: DTZ001
    make_event(
        session,
        slug="program",
        kind=Kind.TRAINING,
        sessions=[
            SessionDraft(wall_start=wall, zone="America/New_York") for wall in walls
        ],
        prerequisites=[first.id],
        prerequisite_note="Bring a service.",
        completes_after=2,
        completion_note="Hand in a draft.",
    )
    page = client.get("/events/program")
    said = words(page)
    assert "Attend first: First talk" in said
    assert 'href="/events/first"' in page.text
    assert "Bring a service." in said
    complete = "Attend at least 2 of the 3 sessions. Hand in a draft."
    assert f"To complete it: {complete}" in said


def test_the_page_says_which_share_of_the_time_completes_a_program(
    client: FlaskClient, session: Session
) -> None:
    walls = [datetime(2030, 5, day, 8) for day in (11, 18, 25)]  # noqa: DTZ001
    make_event(
        session,
        slug="program",
        kind=Kind.TRAINING,
        sessions=[
            SessionDraft(
                wall_start=wall,
                wall_end=wall + timedelta(minutes=35),
                zone="America/New_York",
            )
            for wall in walls
        ],
        completes_share=80,
    )
    said = words(client.get("/events/program"))
    assert "Attend at least 80% of the time: 84 of 105 minutes." in said


def test_the_page_says_everything_that_staff_wrote(
    client: FlaskClient, session: Session
) -> None:
    people = [
        Contributor(
            role=Role.PRESENTER,
            name="Ada Sample",
            title="Manager",
            organization="Sample County",
        ),
        Contributor(role=Role.MODERATOR, name="Bob Sample", organization="Town of A"),
        Contributor(role=Role.CO_PRODUCER, name="Sample Alliance"),
        Contributor(role=Role.UNDERWRITER, name="Sample Works"),
    ]
    make_event(
        session,
        slug="talk",
        description="Bring your **numbers**.",
        contributors=people,
        areas=["dispatch_911", "fire_ems"],
        audience="Managers",
        accessibility="Captions; ask desk@example.org",
        contact="desk@example.org",
    )
    said = words(client.get("/events/talk"))
    expected = [
        "Bring your numbers .",
        "Ada Sample Manager, Sample County",
        "Bob Sample \N{MIDDLE DOT} moderator Town of A",
        "Who it is for Managers",
        "About 911 dispatch , Fire and emergency medical",
        "Accessibility Captions; ask desk@example.org",
        "Questions to desk@example.org",
        "Co-produced by Sample Alliance",
        "Underwritten by Sample Works",
    ]
    assert [each for each in expected if each not in said] == []


def test_an_event_names_what_to_read_with_it_until_that_is_retired(
    client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    desk = make_desk(tmp_path)
    ours = make_publication(session, desk, title="Sharing a mower")
    draft = make_publication(session, desk, file=None, title="Not out yet")
    work = make_citation(session, title="Costs of mowing")
    names = f"publication-{ours.id}", f"publication-{draft.id}", f"citation-{work.id}"
    make_event(session, slug="mowing", resources=names)
    page = words(client.get("/events/mowing"))
    shown = [
        each in page for each in ("Sharing a mower", "Not out yet", "Costs of mow")
    ]
    assert shown == [True, False, True]
    session.execute(update(Citation).values(retired_at=NOON))
    session.commit()
    assert "Costs of mowing" not in words(client.get("/events/mowing?anew=1"))


def test_who_waits_at_a_price_reads_that_they_pay_less_by_now(
    app: Flask, session: Session
) -> None:
    """Whoever typed their address: a stranger is asked the price of others."""
    event = make_event(
        session,
        slug="talk",
        offers=[
            OfferDraft(audience=Audience.OTHERS, price_cents=7550, quota=0),
            OfferDraft(audience=Audience.MEMBERS),
        ],
    )
    member = make_member(session)
    email = session.get_one(Person, member.person_id).email
    make_registration(session, event, email=email)
    better = (
        "You wait at USD 75.50. For you it is free: leave the waiting list, and "
        "register again."
    )
    assert better in look(app.test_client(user=member))
    plain = make_account(session)
    make_registration(session, event, person_id=plain.person_id)
    assert "For you" not in look(app.test_client(user=plain))
