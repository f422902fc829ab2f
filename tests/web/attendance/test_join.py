"""The join page: looking changes nothing, the button lets people in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import Kind, SessionDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_conference,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
START = NOON + 10 * DAY
ROOM = "https://rooms.example.org/secret-room"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=1)


@pytest.fixture
def registration(session: Session, event: Event) -> Registration:
    return make_registration(session, event, full_name="Ada Sample")


def path_of(app: Flask, registration: Registration) -> str:
    with app.app_context():
        version = registration.link_version
        token = links().token(Purpose.JOIN, registration.id, version)
    return f"/join/{token}"


@pytest.fixture
def join(app: Flask, registration: Registration) -> str:
    return path_of(app, registration)


def visits(session: Session) -> list[datetime]:
    session.rollback()
    return list(session.scalars(select(Visit.joined_at).order_by(Visit.id)))


def test_join_before_the_window_tells_when_and_records_nothing(
    client: FlaskClient, session: Session, join: str, at: SetClock
) -> None:
    at(START - HOUR - SECOND)
    page = client.get(join)
    assert heading(page) == "The room is not open yet"
    assert "It opens Saturday, May 11, 2030, 7:00 am Eastern" in words(page)
    assert "Join now" not in page.text
    assert client.post(join).status_code == 409
    assert visits(session) == []


@pytest.mark.parametrize(
    "moment", [START - HOUR, START, START + HOUR, START + 2 * HOUR - SECOND]
)
def test_join_during_an_overrun_works_too(
    client: FlaskClient, session: Session, join: str, at: SetClock, moment: datetime
) -> None:
    at(moment)
    page = client.get(join)
    assert heading(page) == "The room is open"
    assert visits(session) == []
    answer = client.post(join)
    assert answer.status_code == 200
    assert answer.headers["Refresh"] == f"0; url={ROOM}"
    assert f'href="{ROOM}"' in answer.text
    assert visits(session) == [moment]


def test_rejoin_after_a_drop_is_another_visit_of_the_same_person(
    client: FlaskClient, session: Session, join: str, at: SetClock
) -> None:
    for minutes in (0, 20, 40):
        at(START + minutes * MINUTE)
        client.post(join)
    assert visits(session) == [START + n * MINUTE for n in (0, 20, 40)]
    session.rollback()
    assert len(set(session.scalars(select(Visit.registration_id)))) == 1


def test_join_after_the_end_is_over(
    client: FlaskClient, session: Session, join: str, at: SetClock
) -> None:
    at(START + 2 * HOUR)
    page = client.get(join)
    assert heading(page) == "This session is over"
    # Nobody is thanked for having been where they were not.
    assert "Thank you for being there" not in words(page)
    assert client.post(join).status_code == 409
    assert visits(session) == []


def test_after_the_end_the_recording_is_there_once_there_is_one(
    client: FlaskClient, session: Session, join: str, at: SetClock
) -> None:
    at(START + 2 * HOUR)
    recording = "https://video.example.org/talk"
    assert recording not in client.get(join).text
    session.execute(update(Event).values(recording_url=recording))
    session.commit()
    assert f'href="{recording}"' in client.get(join).text


def test_join_page_for_a_guest_without_account_works(
    client: FlaskClient, join: str, at: SetClock
) -> None:
    at(START)
    page = client.get(join)
    assert "This link is for Ada Sample" in words(page)
    assert "Set-Cookie" not in page.headers


def test_join_token_of_a_cancelled_registration_is_refused_with_an_explanation(
    client: FlaskClient,
    session: Session,
    registration: Registration,
    join: str,
    at: SetClock,
) -> None:
    with writing(session):
        service.cancel(session, registration.id, now=NOON)
    at(START)
    for page in (client.get(join), client.post(join)):
        assert heading(page) == "This link does not lead in"
        assert "This registration is cancelled. You can register again." in words(page)
        assert "See your registration" in words(page)
    assert client.post(join).status_code == 409
    assert visits(session) == []


def test_who_waits_is_refused_with_the_reason(
    app: Flask, client: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    join = path_of(app, make_registration(session, event))
    at(START)
    assert "You are on the waiting list." in words(client.get(join))
    assert client.post(join).status_code == 409
    assert visits(session) == []


def test_a_cancelled_event_is_refused_with_staffs_own_words(
    client: FlaskClient, session: Session, event: Event, join: str, at: SetClock
) -> None:
    with writing(session):
        service.cancel_event(session, event.id, note="100% {sorry}.", now=NOON)
    at(START)
    assert "This event is cancelled. 100% {sorry}." in words(client.get(join))
    assert client.post(join).status_code == 409
    assert visits(session) == []


def test_join_token_of_a_transferred_registration_is_refused_with_an_explanation(
    client: FlaskClient, session: Session, join: str, at: SetClock
) -> None:
    """Whoever had the link before is not told who has the place now."""
    session.execute(update(Registration).values(link_version=3))
    session.commit()
    at(START)
    for page in (client.get(join), client.post(join)):
        assert (page.status_code, heading(page)) == (410, "This link has ended")
        assert "Newer links went to the address that holds" in words(page)
        assert "Ada" not in page.text
    assert visits(session) == []


def test_a_link_changed_five_minutes_before_is_the_one_given_out(
    client: FlaskClient, session: Session, join: str, at: SetClock
) -> None:
    at(START - 5 * MINUTE)
    client.get(join)
    session.execute(update(Event).values(platform_url="https://rooms.example.org/new"))
    session.commit()
    answer = client.post(join)
    assert answer.headers["Refresh"] == "0; url=https://rooms.example.org/new"
    assert "secret-room" not in answer.text


@pytest.mark.parametrize("moment", [NOON, START - HOUR, START, START + 2 * HOUR])
def test_the_platforms_address_is_on_no_page_before_the_button(
    app: Flask,
    client: FlaskClient,
    registration: Registration,
    join: str,
    at: SetClock,
    moment: datetime,
) -> None:
    at(moment)
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, registration.id, 1)
    own = f"/registrations/{token}"
    paths = [
        "/",
        "/events",
        "/events/talk",
        "/events/talk/register",
        "/events/talk.ics",
        own,
        f"{own}/cancel",
        f"{own}/next",
        f"{own}/invitation.ics",
        join,
    ]
    pages = {path: client.get(path) for path in paths}
    assert {path for path, page in pages.items() if "secret-room" in page.text} == set()
    assert {page.status_code for page in pages.values()} <= {200, 303}


def test_the_platforms_address_is_in_no_mail(
    app: Flask, session: Session, registration: Registration, at: SetClock
) -> None:
    sent = deliver(app)
    for lead in (7 * DAY, DAY, HOUR):
        at(START - lead)
        with writing(session):
            service.queue_reminders(session, now=START - lead)
        sent += deliver(app)
    with writing(session):
        service.cancel(session, registration.id, now=START - HOUR)
    sent += deliver(app)
    assert len(sent) == 5
    whole = [
        part.get_payload(decode=True)
        for mail in sent
        for part in mail.walk()
        if not part.is_multipart()
    ]
    assert [each for each in whole if b"secret-room" in each] == []


def test_an_event_in_a_room_says_where_instead_of_a_button(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    forum = make_event(
        session,
        kind=Kind.FORUM,
        conference_id=make_conference(session),
        place="Room 5, City Hall",
        platform_url=None,
    )
    join = path_of(app, make_registration(session, forum))
    for moment in (NOON, START):
        at(moment)
        page = client.get(join)
        assert heading(page) == "This link does not lead in"
        assert "it takes place at Room 5, City Hall." in words(page)
        assert "Join now" not in page.text
        assert client.post(join).status_code == 409
    assert visits(session) == []


def test_where_nothing_is_known_of_the_place_the_way_leads_to_the_events_page(
    app: Flask, client: FlaskClient, session: Session, now: datetime
) -> None:
    training = make_event(session, kind=Kind.TRAINING)
    training.platform_url = None
    session.commit()

    page = client.get(path_of(app, make_registration(session, training)))

    assert "There is no link to join. See the event's page for where." in words(page)
    assert f'href="/events/{training.slug}"' in page.text


def test_each_session_of_a_program_is_visited_by_itself(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    walls = [datetime(2030, 5, day, 8) for day in (11, 12)]  # noqa: DTZ001
    drafts = [SessionDraft(wall_start=wall, zone="America/New_York") for wall in walls]
    training = make_event(session, kind=Kind.TRAINING, sessions=drafts)
    join = path_of(app, make_registration(session, training))
    for moment in (START, START + DAY):
        at(moment)
        client.post(join)
    ids = session.scalars(select(EventSession.id).order_by(EventSession.position)).all()
    session.rollback()
    assert session.scalars(select(Visit.session_id).order_by(Visit.id)).all() == ids


def test_what_is_watched_on_demand_is_open_at_any_time(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    video = "https://video.example.org/film"
    film = make_event(
        session, on_demand=True, sessions=[], recording_url=video, platform_url=None
    )
    join = path_of(app, make_registration(session, film))
    at(NOON + 1000 * DAY)
    assert client.post(join).headers["Refresh"] == f"0; url={video}"
