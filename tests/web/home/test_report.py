"""What became of an event, in numbers, and the sheet for the day."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.attendance.service import record_visit
from csd_events.events.models import Event
from csd_events.events.rules import Contributor, Kind, OfferDraft, Role, SessionDraft
from csd_events.home.words.report import growth_of
from csd_events.organizations.models import Affiliation, Organization
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import read_via
from csd_events.registrations.service import cancel
from tests.announcing import settle_in
from tests.desk import staff_browser
from tests.factories import NOON, make_event, make_registration, writing
from tests.letters import deliver
from tests.rosters import make_city
from tests.statements import counted
from tests.visitors import hidden_on, send_form, words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def desk(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


def report(desk: FlaskClient, event: Event) -> str:
    return words(desk.get(f"/staff/events/{event.id}/report"))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("newsletter", "newsletter"),
        (" Spring-2026 ", "spring-2026"),
        ("a", "a"),
        ("", None),
        (None, None),
        ("-x", None),
        ("<b>", None),
        ("a b", None),
        ("x" * 41, None),
    ],
)
def test_a_word_of_an_address_is_letters_and_digits(
    given: str | None, read: str | None
) -> None:
    assert read_via(given) == read


def test_who_came_by_an_address_of_its_own_is_counted_there(
    desk: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    page = client.get("/events/talk?via=Newsletter")
    assert 'href="/events/talk/register?via=newsletter"' in page.text
    form = client.get("/events/talk/register?via=newsletter")
    send_form(
        client,
        "talk",
        ticket=hidden_on(form, "ticket"),
        via=hidden_on(form, "via"),
    )
    send_form(client, "talk", email="bea@example.org")
    send_form(client, "talk", email="cyd@example.org", via="<script>")
    frame = client.get("/embed/talk")
    send_form(
        client,
        "talk",
        email="dee@example.org",
        ticket=hidden_on(frame, "ticket"),
        framed="1",
        via=hidden_on(frame, "via"),
    )
    said = report(desk, event)
    assert "Share The event's own page 2 50 % ?via=newsletter 1 25 %" in said
    assert "The form on your own site 1 25 %" in said


def test_a_form_from_memory_keeps_the_address_it_was_opened_by(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="talk")
    for _ in range(2):  # the second from memory
        form = client.get("/events/talk/register?via=newsletter")
        assert hidden_on(form, "via") == "newsletter"
        assert hidden_on(client.get("/events/talk/register"), "via") == ""


def test_people_are_told_by_offer_state_size_and_kind(
    desk: FlaskClient, session: Session
) -> None:
    event = make_event(session, offers=[OfferDraft()])
    placed = [make_registration(session, event) for _ in range(4)]
    cancelled = make_registration(session, event)
    with writing(session):
        cancel(session, cancelled.id, now=NOON)
    city = make_city(session, "Sample city")
    with writing(session):
        session.execute(
            update(Organization)
            .where(Organization.id == city)
            .values(kind="city", population_class="10k-25k")
        )
        for each in placed[:3]:
            session.add(
                Affiliation(
                    person_id=each.person_id,
                    organization_id=city,
                    from_on=date(2020, 1, 1),
                )
            )
        ids = [each.id for each in placed[:2]]
        of_two = update(Registration).where(Registration.id.in_(ids))
        session.execute(of_two.values(us_state="NC"))
    said = report(desk, event)
    assert "By state Registered Share North Carolina 2 50 % Not known 2 50 %" in said
    assert "10,000 to 24,999 3 75 % Not known 1 25 %" in said
    assert "Registered Share City 3 75 % Not known 1 25 %" in said
    assert "Everyone 4 100 %" in said
    assert "Cancelled 1" in said


def test_somebody_of_two_organizations_is_one_person(
    desk: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    placed = make_registration(session, event)
    with writing(session):
        for name in ("Sample city", "Sample county"):
            session.add(
                Affiliation(
                    person_id=placed.person_id,
                    organization_id=make_city(session, name),
                    from_on=date(2020, 1, 1),
                )
            )
    assert "Not known 1 100 %" in report(desk, event)


def test_days_are_those_of_the_events_zone() -> None:
    late = datetime(2030, 3, 9, 23, 50, tzinfo=UTC)  # of March 10 in Kathmandu
    quarters = {int(late.timestamp()) // 900: 2, int(late.timestamp()) // 900 + 96: 3}
    assert growth_of(quarters, "UTC").days == [
        ("March 9, 2030", 2, 2),
        ("March 10, 2030", 3, 5),
    ]
    assert growth_of(quarters, "Asia/Kathmandu").days[0] == ("March 10, 2030", 2, 2)


def test_registrations_are_told_by_day_as_the_database_counts_them(
    desk: FlaskClient, session: Session
) -> None:
    event = make_event(session)  # in New York, five hours behind
    for hours in (0, 1, 30):
        make_registration(session, event, at=NOON + timedelta(hours=hours))
    cancelled = make_registration(session, event)
    with writing(session):
        cancel(session, cancelled.id, now=NOON)
    said = report(desk, event)
    days = re.findall(r"(\w+ \d+, \d{4}) (\d+) (\d+)(?= |$)", said)
    assert [(new, total) for _day, new, total in days] == [("2", "2"), ("1", "3")]


def test_an_event_nobody_registered_for_says_so(
    desk: FlaskClient, session: Session
) -> None:
    said = report(desk, make_event(session))
    assert "Nobody has registered yet." in said
    assert "By offer" not in said


def test_who_joined_twice_is_counted_once(desk: FlaskClient, session: Session) -> None:
    start = NOON + timedelta(days=10)
    walls = [start.replace(tzinfo=None) + timedelta(days=n) for n in (0, 1)]
    event = make_event(
        session,
        kind=Kind.TRAINING,
        sessions=[
            SessionDraft(
                wall_start=wall, wall_end=wall + timedelta(hours=1), zone="UTC"
            )
            for wall in walls
        ],
        zone="UTC",
    )
    first, second = event.sessions
    people = [make_registration(session, event) for _ in range(4)]
    with writing(session):
        for person, sitting in (
            (people[0], first),
            (people[0], first),
            (people[0], second),
            (people[1], first),
        ):
            record_visit(
                session, registration_id=person.id, session_id=sitting.id, now=start
            )
    said = report(desk, event)
    assert "Session 1 of 2 2 50 % Session 2 of 2 1 25 % All 2 50 %" in said


def test_mails_are_told_by_kind_and_by_what_became_of_them(
    app: Flask, desk: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    send_form(client, "talk")
    deliver(app)
    send_form(client, "talk", email="bea@example.org")
    said = report(desk, event)
    assert re.search(r"Confirmation[^0-9]* 1 1 0 0", said)


def test_a_report_asks_the_same_of_two_and_of_twenty(
    app: Flask, desk: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    path = f"/staff/events/{event.id}/report"
    for _ in range(2):
        make_registration(session, event)
    desk.get(path)
    with counted(app) as few:
        desk.get(path)
    for _ in range(18):
        make_registration(session, event)
    with counted(app) as many:
        desk.get(path)
    assert len(few) == len(many) <= 22


def test_the_run_sheet_has_times_in_each_zone_links_and_who_does_what(
    app: Flask, desk: FlaskClient, session: Session
) -> None:
    settle_in(app, telephone="+1 555 0100", zone="America/Los_Angeles")
    start = NOON + timedelta(days=10)
    event = make_event(
        session,
        starts_at=start,
        contact="desk@example.org",
        contributors=[
            Contributor(role=Role.PRESENTER, name="Pat Sample", title="Chief"),
            Contributor(role=Role.UNDERWRITER, name="Sample Fund"),
        ],
    )
    said = words(desk.get(f"/staff/events/{event.id}/run-sheet"))
    assert "Pat Sample" in said
    assert "Sample Fund underwriter" in said
    assert "https://rooms.example.org/secret-room" in said
    assert "+1 555 0100" in said
    assert "Saturday, May 11, 2030, 8:00" in said
    assert "5:00\N{EN DASH}6:00 am PT" in said
    assert "desk@example.org" in said
    assert "The button to join opens for who is registered" in said
    assert "Nobody said that they need something" in said


def test_the_sheet_says_how_many_need_something_and_not_what(
    desk: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="talk")
    send_form(client, "talk", needs="A sign interpreter")
    page = desk.get(f"/staff/events/{event.id}/run-sheet")
    assert "1 person said what they need to take part." in words(page)
    assert "interpreter" not in page.text
