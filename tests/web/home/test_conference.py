"""Conferences, programs and presenters as everybody sees them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event as listening
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import db
from csd_events.events import service
from csd_events.events.models import Event, Partner, Presenter
from csd_events.events.rules import (
    ConferenceDraft,
    Contributor,
    Kind,
    ProgramDraft,
    Role,
    SessionDraft,
)
from csd_events.library.service import built_in_document, import_cases
from csd_events.registrations import service as registrations
from tests.desk import staff_browser
from tests.factories import (
    LONG_AGO,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")

CHICAGO = "America/Chicago"
DASH = "\N{EN DASH}"
CONFERENCE = ConferenceDraft(
    name="Annual Conference",
    summary="Three days among colleagues.",
    first_on=date(2030, 6, 10),
    last_on=date(2030, 6, 12),
    place="Lakeview",
    zone=CHICAGO,
    booth="Booth 100",
    website="https://conference.example.org/register",
    published=True,
    partners=(Contributor(role=Role.CO_PRODUCER, name="League of Cities"),),
)
PAGE = "/conferences/annual-conference"
ADA = Contributor(role=Role.PRESENTER, name="Ada", title="Chief", organization="Town")


@pytest.fixture
def conference(session: Session) -> int:
    with writing(session):
        return service.create_conference(session, CONFERENCE, now=LONG_AGO)


def make_forum(session: Session, conference_id: int, wall: str, **given: Any) -> Event:
    """A forum of an hour, at a time of Chicago's clocks."""
    start = datetime.fromisoformat(wall)
    sitting = SessionDraft(
        wall_start=start,
        wall_end=start + timedelta(hours=1),
        zone=given.pop("zone", CHICAGO),
        place=given.pop("room", ""),
    )
    defaults: dict[str, Any] = {
        "kind": Kind.FORUM,
        "place": "Hall",
        "platform_url": None,
        "capacity": 60,
        "zone": sitting.zone,
    }
    return make_event(
        session,
        sessions=[sitting],
        conference_id=conference_id,
        **defaults | given,
    )


def days(client: FlaskClient) -> dict[str, list[str]]:
    """Return the titles of the schedule by the words of their days."""
    page = client.get(PAGE).text
    found: dict[str, list[str]] = {}
    for part in re.split(r'<h3 class="list-title', page)[1:]:
        day = re.search(r">(.*?)</h3>", part, re.DOTALL)
        titles = re.findall(r"<h4>\s*<a [^>]*>(.*?)</a>", part, re.DOTALL)
        found[day[1].strip() if day else ""] = [unescape(t) for t in titles]
    return found


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_an_all_day_item_shows_the_same_date_in_every_zone(
    app: Flask, session: Session, zone: str
) -> None:
    """The days of a conference belong to no clock: the first and last are our limits.

    A calendar file holds no day without a time, which programs shift.
    """
    with writing(session):
        draft = replace(CONFERENCE, zone=zone)
        conference = service.create_conference(session, draft, now=LONG_AGO)
    make_forum(session, conference, "2030-06-10T00:30", zone=zone)
    make_forum(session, conference, "2030-06-12T22:30", zone=zone)
    for reader in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        account = make_account(session)
        account.person.zone = reader
        session.commit()
        browser = app.test_client(user=account)
        assert f"June 10{DASH}12, 2030" in words(browser.get(PAGE))
    file = app.test_client().get(f"{PAGE}.ics").text
    assert "VALUE=DATE" not in file
    starts = re.findall(rf"^DTSTART;TZID={zone}:(\w+)\r$", file, re.MULTILINE)
    assert starts == ["20300610T003000", "20300612T223000"]


def test_forums_stand_by_day_and_time_and_days_without_any_do_not_stand(
    client: FlaskClient, session: Session, conference: int
) -> None:
    make_forum(session, conference, "2030-06-12T09:00", title="Third")
    make_forum(session, conference, "2030-06-10T14:00", title="Second")
    make_forum(session, conference, "2030-06-10T10:00", title="First")
    make_forum(session, conference, "2030-06-10T10:00", title="Draft", draft=True)
    assert days(client) == {
        "Monday, June 10, 2030": ["First", "Second"],
        "Wednesday, June 12, 2030": ["Third"],
    }


def test_times_and_days_are_those_of_the_conference_s_zone(
    client: FlaskClient, session: Session, conference: int
) -> None:
    """A forum written in another zone stands on the day that Chicago has then."""
    make_forum(session, conference, "2030-06-11T00:30", zone="America/New_York")
    assert list(days(client)) == ["Monday, June 10, 2030"]
    page = client.get(PAGE)
    shown = 'data-zone="America/Chicago">11:30\N{NO-BREAK SPACE}pm</time>'
    assert shown in page.text
    assert "Times are those of the place: Central (Chicago)." in words(page)


def test_the_schedule_says_where_with_how_many_places_and_with_whom(
    client: FlaskClient, session: Session, conference: int
) -> None:
    moderator = Contributor(role=Role.MODERATOR, name="Bob", organization="Town")
    make_forum(
        session,
        conference,
        "2030-06-10T10:00",
        room="Room 2",
        contributors=[ADA, moderator],
        requires_conference=True,
    )
    shown = words(client.get(PAGE))
    assert f"10:00{DASH}11:00 am Sharing dispatch Room 2 · 60 places" in shown
    assert "For people registered for the conference. Ada , Bob (moderator)" in shown
    assert "Free until Jun 10" in shown


def test_each_session_of_a_forum_stands_with_its_title_its_room_and_who_presents_it(
    client: FlaskClient, session: Session, conference: int
) -> None:
    bob = Contributor(role=Role.PRESENTER, name="Bob")
    make_event(
        session,
        kind=Kind.FORUM,
        conference_id=conference,
        place="Hall",
        platform_url=None,
        contributors=[ADA],
        sessions=[
            SessionDraft(
                title=title,
                wall_start=datetime.fromisoformat(start),
                zone=CHICAGO,
                place=room,
                contributors=people,
            )
            for title, start, room, people in [
                ("Why share", "2030-06-10T10:00", "", []),
                ("How to share", "2030-06-12T14:00", "Room 2", [bob]),
            ]
        ],
    )
    shown = words(client.get(PAGE))
    first, _, second = shown.partition("Wednesday, June 12, 2030")
    assert "10:00 am Sharing dispatch Why share Hall Ada" in first
    assert "2:00 pm Sharing dispatch How to share Room 2 Ada , Bob" in second
    assert ("Bob" in first, "Why share" in second) == (False, False)


def test_a_conference_shows_booth_partners_and_the_way_to_its_own_registration(
    client: FlaskClient, conference: int
) -> None:
    page = client.get(PAGE)
    assert (heading(page), page.status_code) == ("Annual Conference", 200)
    shown = words(page)
    assert f"When June 10{DASH}12, 2030 Where Lakeview Our booth Booth 100" in shown
    assert "Co-produced by League of Cities" in shown
    assert "No forum is announced yet." in shown
    assert 'href="https://conference.example.org/register"' in page.text
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert conference


def test_a_conference_is_over_when_its_last_day_is_where_it_took_place(
    app: Flask, session: Session, conference: int, at: Callable[[datetime], None]
) -> None:
    make_forum(session, conference, "2030-06-10T10:00")
    at(datetime.fromisoformat("2030-06-12T23:59:59-05:00"))
    assert "This conference is over." not in words(app.test_client().get(PAGE))
    at(datetime.fromisoformat("2030-06-13T00:00:00-05:00"))
    page = app.test_client().get(PAGE)
    assert "This conference is over." in words(page)
    assert "conference.example.org" not in page.text


def test_one_s_own_place_is_marked_and_one_given_back_is_not(
    app: Flask, session: Session, conference: int
) -> None:
    account = make_account(session)
    who: dict[str, Any] = {
        "person_id": account.person_id,
        "email": account.person.email,
    }
    held = make_forum(session, conference, "2030-06-10T10:00", title="Held")
    back = make_forum(session, conference, "2030-06-10T12:00", title="Back")
    make_registration(session, held, **who)
    given_back = make_registration(session, back, **who)
    with writing(session):
        registrations.cancel(session, given_back.id, now=NOON)
    page = app.test_client(user=account).get(PAGE)
    shown = re.findall(r'badge-(\w+)">', page.text)
    assert shown == ["registered", "free"]
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_unpublished_conference_is_not_found_and_not_linked(
    client: FlaskClient, session: Session
) -> None:
    hidden = replace(CONFERENCE, published=False)
    with writing(session):
        made = service.create_conference(session, hidden, now=LONG_AGO)
    forum = make_forum(session, made, "2030-06-10T10:00")
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}.ics").status_code == 404
    page = client.get(f"/events/{forum.slug}")
    assert ("Annual Conference" in words(page), PAGE in page.text) == (True, False)


def test_staff_alone_see_a_conference_before_it_is_published(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    with writing(session):
        made = service.create_conference(
            session, replace(CONFERENCE, published=False), now=LONG_AGO
        )
    make_forum(session, made, "2030-06-10T10:00", title="Before anybody")
    path = f"/staff/conferences/{made}/preview"
    assert "Before anybody" not in client.get(path).text
    staff = staff_browser(app, session)
    page = staff.get(path)
    seen = words(page)
    assert ("Preview. Only staff see this page" in seen, "Before anybody" in seen) == (
        True,
        True,
    )
    assert ('content="noindex"' in page.text, f"{PAGE}.ics" in page.text) == (
        True,
        False,
    )
    assert f'href="{path}"' in staff.get(f"/staff/conferences/{made}/edit").text
    assert staff.get("/staff/conferences/999/preview").status_code == 404


def test_the_preview_of_a_published_conference_is_its_page(
    app: Flask, session: Session, conference: int
) -> None:
    staff = staff_browser(app, session)
    answer = staff.get(f"/staff/conferences/{conference}/preview")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Only staff see this page" not in staff.get(PAGE).text


def test_the_calendar_file_holds_published_forums_and_no_cancelled_one(
    client: FlaskClient, session: Session, conference: int
) -> None:
    assert client.get(f"{PAGE}.ics").status_code == 404
    make_forum(session, conference, "2030-06-10T10:00", title="Stays", room="Room 2")
    gone = make_forum(session, conference, "2030-06-10T12:00", title="Gone")
    with writing(session):
        registrations.cancel_event(session, gone.id, note="", now=NOON)
    file = Calendar.from_ical(client.get(f"{PAGE}.ics").data)
    entries = [
        (str(e["summary"]), str(e["location"]), e.decoded("dtstart").isoformat())
        for e in file.walk("VEVENT")
    ]
    assert entries == [("Stays", "Room 2", "2030-06-10T10:00:00-05:00")]
    assert str(file.get("method")) == "None"


def test_nothing_of_the_list_of_addresses_is_told(
    app: Flask, session: Session, conference: int
) -> None:
    with writing(session):
        service.save_addresses(
            session, conference, ("secret@example.org",), replace=False, now=NOON
        )
    forum = make_forum(
        session, conference, "2030-06-10T10:00", requires_conference=True
    )
    paths = [PAGE, f"{PAGE}.ics", f"/events/{forum.slug}", f"/events/{forum.slug}.ics"]
    pages = [app.test_client().get(path).text for path in paths]
    assert [page for page in pages if "secret@example.org" in page] == []


@pytest.fixture
def program(session: Session) -> int:
    draft = ProgramDraft(
        name="Sharing Services",
        summary="How governments share.",
        description="*Why* share?",
        areas=("dispatch_911",),
        partners=(Contributor(role=Role.UNDERWRITER, name="A Firm"),),
    )
    with writing(session):
        return service.create_program(session, draft, now=LONG_AGO)


def test_a_program_shows_its_events_and_who_stands_behind_it_and_them(
    client: FlaskClient, session: Session, program: int
) -> None:
    names = [
        Contributor(role=Role.UNDERWRITER, name="A Firm"),
        Contributor(role=Role.CO_PRODUCER, name="League"),
    ]
    make_event(session, title="Coming", program_id=program, contributors=names)
    make_event(
        session, title="Gone by", program_id=program, starts_at=NOON - timedelta(days=9)
    )
    make_event(session, title="Elsewhere")
    with writing(session):
        league = session.scalars(select(Partner).where(Partner.name == "League")).one()
        league.website = "https://league.example.org"
    page = client.get("/programs/sharing-services")
    titles = re.findall(r'<h3>\s*<a href="/events/[^"]*">(.*?)</a>', page.text)
    assert (heading(page), titles) == ("Sharing Services", ["Coming", "Gone by"])
    shown = words(page)
    assert "Co-produced by League Underwritten by A Firm An underwriter pays" in shown
    assert 'href="https://league.example.org"' in page.text
    assert "<em>Why</em> share?" in page.text
    assert 'href="/worksheets?area=dispatch_911"' in page.text


def test_a_program_names_what_staff_chose_to_read_and_that_a_vendor_paid(
    client: FlaskClient, session: Session
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    draft = ProgramDraft(name="Sharing Services", reading=("sandy-springs",))
    with writing(session):
        service.create_program(session, draft, now=LONG_AGO)
    page = client.get("/programs/sharing-services")
    assert 'href="/library/case-studies/sandy-springs"' in page.text
    assert "The vendor also paid for the ICMA program." in words(page)


def test_a_program_s_own_partner_is_named_without_events_and_a_draft_s_is_not(
    client: FlaskClient, session: Session, program: int
) -> None:
    secret = Contributor(role=Role.CO_PRODUCER, name="Not Announced Yet")
    make_event(session, program_id=program, contributors=[secret], draft=True)
    shown = words(client.get("/programs/sharing-services"))
    assert "Underwritten by A Firm" in shown
    assert "Not Announced Yet" not in shown


def test_a_program_without_events_leads_on(client: FlaskClient, program: int) -> None:
    page = client.get("/programs/sharing-services")
    assert "Nothing of this program is announced right now." in words(page)
    assert client.get("/programs/nothing").status_code == 404
    assert program


def test_a_long_program_shows_the_first_events_and_leads_to_the_catalog(
    client: FlaskClient, session: Session, program: int
) -> None:
    for number in range(7):
        make_event(session, title=f"Event {number}", program_id=program)
    page = client.get("/programs/sharing-services")
    assert page.text.count('<h3><a href="/events/') == 6
    assert "All 7 events" in words(page)
    catalog = client.get("/events?program=sharing-services")
    assert "7 events" in words(catalog)
    assert 'href="/programs/sharing-services">About Sharing Services</a>' in (
        catalog.text
    )


def test_the_catalog_is_narrowed_to_a_program(
    client: FlaskClient, session: Session, program: int
) -> None:
    make_event(session, title="Within", program_id=program)
    make_event(session, title="Without")
    shown = words(client.get("/events?program=sharing-services"))
    assert ("Within" in shown, "Without" in shown) == (True, False)
    assert "1 event " in shown
    assert "2 events" in words(client.get("/events?program=unknown"))


def test_the_front_page_and_the_event_lead_to_the_program(
    client: FlaskClient, session: Session, program: int
) -> None:
    assert "/programs/" not in client.get("/").text
    event = make_event(session, program_id=program)
    for path in ("/", f"/events/{event.slug}"):
        assert 'href="/programs/sharing-services"' in client.get(path).text


def test_a_presenter_has_a_page_once_an_event_of_theirs_is_public(
    app: Flask, session: Session
) -> None:
    draft = make_event(session, title="Secret", contributors=[ADA], draft=True)
    assert app.test_client().get("/presenters/ada").status_code == 404
    moderates = replace(ADA, role=Role.MODERATOR)
    shown = make_event(session, title="Shown", contributors=[moderates])
    make_event(
        session, title="Past", contributors=[ADA], starts_at=NOON - timedelta(days=9)
    )
    page = app.test_client().get("/presenters/ada")
    said = words(page)
    assert (heading(page), "Chief, Town" in said) == ("Ada", True)
    titles = re.findall(r'<h3>\s*<a href="/events/[^"]*">(.*?)</a>', page.text)
    assert titles == ["Shown", "Past"]
    assert "as moderator" in said
    assert draft.title not in said
    assert '<a href="/presenters/ada">Ada</a>' in (
        app.test_client().get(f"/events/{shown.slug}").text
    )


def test_what_is_said_of_a_presenter_is_shown_without_html_of_theirs(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, contributors=[ADA])
    with writing(session):
        (ada,) = session.scalars(select(Presenter)).all()
        ada.about = "Runs **fire**. <script>x</script>"
    page = client.get("/presenters/ada").text
    assert ("<strong>fire</strong>" in page, "<script>x" in page) == (True, False)


def test_an_old_address_leads_to_who_turned_out_to_be_the_same(
    client: FlaskClient, session: Session
) -> None:
    other = Contributor(role=Role.PRESENTER, name="A. Byron", organization="Town")
    make_event(session, contributors=[ADA, other])
    ids = {each.full_name: each.id for each in session.scalars(select(Presenter))}
    with writing(session):
        service.merge_contributors(
            session, Presenter, ids["A. Byron"], into_id=ids["Ada"], now=NOON
        )
    answer = client.get("/presenters/a-byron")
    assert (answer.status_code, answer.location) == (301, "/presenters/ada")


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    listening.listen(engine, "before_cursor_execute", note)
    yield seen
    listening.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("conference", "program")
@pytest.mark.parametrize(
    "path", ["/events", PAGE, "/programs/sharing-services", "/presenters/ada"]
)
def test_the_menu_counts_conferences_programs_and_presenters_among_the_events(
    client: FlaskClient, session: Session, path: str
) -> None:
    make_event(session, contributors=[ADA])
    menu = client.get(path).text.partition("</nav>")[0]
    assert re.findall(r'aria-current="[a-z]+">([^<]*)</a>', menu) == ["Events"]
