"""A training program changes: calendars, mails and the join page follow by session."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session

from csd_events.audit.queries import list_about
from csd_events.core.db import db
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Contributor, Kind, Role, SessionDraft
from csd_events.registrations import service
from tests.desk import fields_of, said, send, staff_browser
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing
from tests.letters import deliver, side
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")

ZONE = "America/New_York"
START = NOON + 10 * DAY  # May 11, eight in the morning in New York
SetClock = Callable[[datetime], None]


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def program(session: Session) -> Event:
    """Four Saturdays from eight to nine."""
    return make_program(session, 4)


def make_program(session: Session, number: int, **given: Any) -> Event:
    walls = [datetime(2030, 5, 11, 8) + timedelta(weeks=n) for n in range(number)]  # noqa: DTZ001
    sittings = [
        SessionDraft(
            title=f"Part {n}",
            wall_start=wall,
            wall_end=wall + HOUR,
            zone=ZONE,
            contributors=[Contributor(role=Role.PRESENTER, name=f"Speaker {n}")],
        )
        for n, wall in enumerate(walls, start=1)
    ]
    return make_event(session, kind=Kind.TRAINING, sessions=sittings, **given)


def entries(mail: EmailMessage) -> dict[str, tuple[str, str, int]]:
    """Return method, summary and sequence of each calendar file by its UID."""
    found = {}
    for part in mail.walk():
        if part.get_filename():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            document = icalendar.Calendar.from_ical(content)
            (entry,) = document.walk("VEVENT")
            what = str(document["method"]), str(entry["summary"])
            found[str(entry["uid"])] = *what, int(str(entry["sequence"]))
    return found


def edit(browser: FlaskClient, event: Event, typed: dict[str, Any]) -> list[str]:
    return said(browser, send(browser, f"/staff/events/{event.id}/edit", typed))


def ids(session: Session, event: Event) -> list[int]:
    session.rollback()
    session.expire_all()
    return [each.id for each in events.get(session, event.id).sessions]


def times(number: int, month: int, day: int, clock: str = "8:00 am") -> dict[str, str]:
    name = f"sessions-{number}"
    return {
        f"{name}-starts_on-month": str(month),
        f"{name}-starts_on-day": str(day),
        f"{name}-starts_on-year": "2030",
        f"{name}-start_time": clock,
        f"{name}-end_time": "",
    }


def test_a_confirmation_has_one_calendar_file_a_session(
    app: Flask, session: Session, program: Event
) -> None:
    make_registration(session, program)
    (mail,) = deliver(app)
    found = entries(mail)
    assert list(found.values()) == [
        ("REQUEST", f"Sharing dispatch: Part {n}", 0) for n in (1, 2, 3, 4)
    ]
    assert len(found) == 4


def test_each_calendar_file_says_where_its_own_session_is_and_when_it_is_there(
    app: Flask, session: Session
) -> None:
    morning = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - on the wall
    program = make_event(
        session,
        kind=Kind.TRAINING,
        place="Town hall",
        sessions=[
            SessionDraft(wall_start=morning, wall_end=morning + HOUR, zone=ZONE),
            SessionDraft(
                wall_start=morning + 7 * DAY,
                wall_end=morning + 7 * DAY + 2 * HOUR,
                zone="America/Denver",
                place="Room 5",
            ),
        ],
    )
    make_registration(session, program)
    (mail,) = deliver(app)
    calendars = [
        icalendar.Calendar.from_ical(bytes(part.get_payload(decode=True)))
        for part in mail.walk()
        if part.get_filename()
    ]
    told = [
        (str(entry["location"]), entry["dtstart"].to_ical(), entry["dtend"].to_ical())
        for calendar in calendars
        for entry in calendar.walk("VEVENT")
    ]
    assert told == [
        ("Town hall", b"20300511T080000", b"20300511T090000"),
        ("Room 5", b"20300518T080000", b"20300518T100000"),
    ]
    zones = [str(each["tzid"]) for c in calendars for each in c.walk("VTIMEZONE")]
    assert zones == [ZONE, "America/Denver"]


def test_taking_out_the_middle_session_leaves_all_other_entries_untouched(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    made = make_registration(session, program)
    before = entries(deliver(app)[0])
    first, second, third, fourth = ids(session, program)

    done = edit(browser, program, {"sessions-1-left_out": "y"} | moved_on(2))
    assert done == [
        "Saved. 1 person is told at 8:05 am ET; until then you can undo it."
    ]

    (mail,) = deliver(app)
    gone = f"{made.id}-{second}-1@csd.test"
    assert entries(mail) == {gone: ("CANCEL", "Sharing dispatch: Part 2", 1)}
    assert gone in before
    assert ids(session, program) == [first, third, fourth]
    after = events.get(session, program.id).sessions
    assert [each.position for each in after] == [0, 1, 2]
    assert [each.sequence for each in after] == [0, 0, 0]
    assert mail["Subject"] == "Session taken out: Sharing dispatch"
    text = side(mail, "text/plain")
    assert "Taken out: Part 2, Saturday, May 18, 2030, 8:00 am Eastern" in text
    assert "<s " in side(mail, "text/html")


def moved_on(number: int) -> dict[str, str]:
    """Let who presents a session that goes present another one."""
    return {"presenters-1-sitting": str(number + 1)}


def test_sessions_that_change_places_keep_their_entries(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    made = make_registration(session, program)
    deliver(app)
    first, second, third, fourth = ids(session, program)

    edit(browser, program, times(0, 6, 8))

    assert ids(session, program) == [second, third, fourth, first]
    (mail,) = deliver(app)
    uid = f"{made.id}-{first}-1@csd.test"
    assert entries(mail) == {uid: ("REQUEST", "Sharing dispatch: Part 1", 1)}
    # Who presents it went along.
    found = events.get(session, program.id)
    people = {each.session_id: each.presenter for each in found.contributions}
    speaker = people[first]
    assert speaker is not None
    assert speaker.full_name == "Speaker 1"


def test_a_session_put_in_between_is_added_and_touches_no_other(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    make_registration(session, program)
    deliver(app)
    before = ids(session, program)
    path = f"/staff/events/{program.id}/edit"
    more = fields_of(send(browser, path, {"more": "sessions"}).text)
    typed = more | times(4, 5, 22) | {"sessions-4-title": "An extra", "action": "save"}
    foreseen = browser.post(path, data=typed)
    browser.post(path, data=fields_of(foreseen.text) | {"action": "save"})

    after = ids(session, program)
    assert [each for each in after if each in before] == before
    assert [each in before for each in after] == [True, True, False, True, True]
    (mail,) = deliver(app)
    ((uid, entry),) = entries(mail).items()
    assert (uid.split("-")[1], entry) == (
        str(after[2]),
        ("REQUEST", "Sharing dispatch: An extra", 0),
    )
    assert mail["Subject"] == "Session added: Sharing dispatch"
    assert "Added: An extra, Wednesday, May 22" in side(mail, "text/plain")


def test_a_new_title_of_a_session_tells_nobody(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    make_registration(session, program)
    deliver(app)
    assert edit(browser, program, {"sessions-1-title": "Else"}) == ["Saved."]
    assert deliver(app) == []
    session.rollback()
    assert [s.sequence for s in events.get(session, program.id).sessions] == [0] * 4
    (entry, *_before) = list_about(session, "event", program.id)
    assert list(entry.changes) == ["sessions"]


def test_the_trail_says_that_a_link_of_one_session_changed_and_never_the_link(
    browser: FlaskClient, session: Session, program: Event
) -> None:
    for address in ("https://a.example.org/1", "https://a.example.org/2"):
        edit(browser, program, {"sessions-1-platform_url": address})
    session.rollback()
    second, first, *_before = list_about(session, "event", program.id)
    links = [
        [each["own_link"] for each in side]
        for entry in (first, second)
        for side in entry.changes["sessions"]
    ]
    assert links == [["", "", "", ""], *[["", "…", "", ""]] * 3]
    assert "a.example.org" not in str([first.changes, second.changes])


def test_the_trail_says_that_the_links_of_an_event_changed_and_never_a_link(
    browser: FlaskClient, session: Session, program: Event
) -> None:
    typed = {
        "platform_url": "https://a.example.org/room",
        "recording_url": "https://b.example.org/film",
    }
    edit(browser, program, typed)
    edit(browser, program, dict.fromkeys(typed, "https://c.example.org/1"))
    session.rollback()
    second, first, *before = list_about(session, "event", program.id)
    assert [first.changes, second.changes] == [
        {"platform_url": ["…", "…"], "recording_url": ["", "…"]},
        {"platform_url": ["…", "…"], "recording_url": ["…", "…"]},
    ]
    assert "rooms.example.org" not in str([each.changes for each in before])


def test_each_changed_session_is_told_with_what_it_was_and_what_it_is(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    make_registration(session, program)
    deliver(app)
    edit(
        browser,
        program,
        {
            "sessions-1-start_time": "9:30 am",
            "sessions-1-end_time": "10:30 am",
            "sessions-2-place": "Room 5",
            "sessions-3-zone": "America/Denver",
        },
    )
    (mail,) = deliver(app)
    text = side(mail, "text/plain").splitlines()
    assert mail["Subject"] == "Changed: Sharing dispatch"
    eastern = "Eastern (UTC\N{MINUS SIGN}4)"
    assert text[:9] == [
        "Session 2 of 4: Part 2",
        f"Before: Saturday, May 18, 2030, 8:00 am {eastern}",
        f"Now: Saturday, May 18, 2030, 9:30 am {eastern}",
        "Session 3 of 4: Part 3",
        f"Before: Saturday, May 25, 2030, 8:00 am {eastern}",
        f"Now: Saturday, May 25, 2030, 8:00 am {eastern}, Room 5",
        "Session 4 of 4: Part 4",
        f"Before: Saturday, June 1, 2030, 8:00 am {eastern}",
        "Now: Saturday, June 1, 2030, 8:00 am Mountain (UTC\N{MINUS SIGN}6)",
    ]
    assert [entry[2] for entry in entries(mail).values()] == [1, 1, 1]
    html = side(mail, "text/html")
    assert html.count("<s ") == 3
    assert html.count("<strong") >= 3


def test_a_program_that_is_again_as_it_was_tells_nobody_of_it(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    """A slip that is put right before the mail about it has gone."""
    make_registration(session, program)
    deliver(app)
    edit(browser, program, {"sessions-1-place": "Room 5"})
    edit(browser, program, {"sessions-1-place": ""})
    assert deliver(app) == []


def test_a_reminder_names_its_session_its_number_and_its_place(
    app: Flask, browser: FlaskClient, session: Session, at: SetClock
) -> None:
    program = make_program(session, 4, platform_url=None, place="Town hall")
    edit(
        browser,
        program,
        {
            "sessions-1-place": "Room 5",
            "sessions-2-platform_url": "https://other.example.org/secret-room",
            "sessions-2-zone": "America/Denver",
        },
    )
    make_registration(session, program)
    deliver(app)
    said = []
    for week in range(3):
        moment = START + timedelta(weeks=week) - HOUR
        at(moment)
        with writing(session):
            service.queue_reminders(session, now=moment)
        mails = deliver(app)
        said += [(mail["Subject"], side(mail, "text/plain")) for mail in mails]
    subjects = [subject for subject, _text in said]
    assert subjects == [
        "Today, 8:00 am ET: Sharing dispatch, session 1 of 4",
        "Today, 8:00 am ET: Sharing dispatch, session 2 of 4",
        "Today, 8:00 am MT: Sharing dispatch, session 3 of 4",
    ]
    assert "Session 1 of 4: Part 1" in said[0][1]
    assert "Town hall" in said[0][1]
    assert "Session 2 of 4: Part 2" in said[1][1]
    assert "Room 5" in said[1][1]
    assert "/join/" not in said[1][1]


def join_of(app: Flask, registration: Any) -> str:
    with app.app_context():
        token = links().token(Purpose.JOIN, registration.id, registration.link_version)
    return f"/join/{token}"


def test_the_join_page_opens_for_the_session_that_is_on_with_its_own_link(
    app: Flask,
    client: FlaskClient,
    browser: FlaskClient,
    session: Session,
    program: Event,
    at: SetClock,
) -> None:
    join = join_of(app, make_registration(session, program))
    page = client.get(join)
    assert heading(page) == "The room is not open yet"
    assert "Session 1 of 4: Part 1" in words(page)

    at(START - HOUR)
    page = client.get(join)
    assert heading(page) == "The room is open"
    assert "Session 1 of 4: Part 1" in words(page)
    assert "The next session: Saturday, May 18, 2030, 8:00 am Eastern" in words(page)
    address = client.post(join).headers["Refresh"]
    assert address == "0; url=https://rooms.example.org/secret-room"

    at(START + 3 * HOUR)
    assert "It opens Saturday, May 18, 2030, 7:00 am Eastern" in words(client.get(join))
    assert client.post(join).status_code == 409

    own = "https://other.example.org/room"
    edit(browser, program, {"sessions-1-platform_url": own})
    at(START + 7 * DAY)
    assert "Session 2 of 4: Part 2" in words(client.get(join))
    assert "other.example.org" not in client.get(join).text
    assert client.post(join).headers["Refresh"] == f"0; url={own}"

    at(START + 21 * DAY)
    page = client.get(join)
    assert "The next session" not in words(page)
    at(START + 21 * DAY + 3 * HOUR)
    assert heading(client.get(join)) == "This session is over"


def test_the_join_page_shows_time_and_place_of_the_session_it_opens_for(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    morning = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - on the wall
    program = make_event(
        session,
        kind=Kind.TRAINING,
        sessions=[
            SessionDraft(wall_start=morning, wall_end=morning + HOUR, zone=ZONE),
            SessionDraft(
                wall_start=morning + 7 * DAY, zone="America/Denver", place="Room 5"
            ),
        ],
    )
    join = join_of(app, make_registration(session, program))
    at(START + 7 * DAY + 2 * HOUR)  # eight in Denver
    page = words(client.get(join))
    assert "Saturday, May 18, 2030, 8:00 am Mountain" in page
    assert "Room 5" in page
    assert "May 11" not in page


def test_a_session_in_a_room_says_where_while_others_are_joined_by_a_link(
    app: Flask,
    client: FlaskClient,
    browser: FlaskClient,
    session: Session,
    at: SetClock,
) -> None:
    program = make_program(session, 2, platform_url=None, place="Town hall")
    edit(
        browser,
        program,
        {
            "sessions-1-platform_url": "https://a.example.org",
            "sessions-0-place": "Room 1",
        },
    )
    join = join_of(app, make_registration(session, program))
    at(START)
    page = client.get(join)
    assert "it takes place at Room 1." in words(page)
    assert "Session 1 of 2: Part 1" in words(page)
    at(START + 7 * DAY)
    assert client.post(join).headers["Refresh"] == "0; url=https://a.example.org"


def test_the_page_of_a_program_says_which_session_is_next_and_who_presents_it(
    client: FlaskClient, session: Session, program: Event, at: SetClock
) -> None:
    path = f"/events/{program.slug}"
    page = words(client.get(path))
    assert "Session 1 of 4: Part 1 (next) Saturday, May 11, 2030" in page
    assert page.count("(next)") == 1
    assert "Speaker 2" in page
    at(START)
    page = words(client.get(path))
    assert "Session 1 of 4: Part 1 (on now)" in page
    assert "Session 2 of 4: Part 2 (next)" in page
    at(START + 2 * HOUR)
    page = words(client.get(path))
    assert "Session 1 of 4: Part 1 (over)" in page
    assert client.get(path).text.count("data-zone") >= 4


def test_staff_see_each_session_with_its_next_reminder(
    browser: FlaskClient, program: Event
) -> None:
    page = words(browser.get(f"/staff/events/{program.id}"))
    first = "Session 1 of 4: Part 1 Sat, May 11, 8:00 am ET join page Sat, May 4"
    # A week before the second session people sit in the first.
    second = "Session 2 of 4: Part 2 Sat, May 18, 8:00 am ET join page Fri, May 17"
    assert (first in page, second in page) == (True, True)


@pytest.mark.parametrize("path", ["/events/{slug}", "/staff/events/{id}", "{edit}"])
def test_pages_ask_the_database_as_often_for_one_session_as_for_twelve(
    app: Flask, browser: FlaskClient, session: Session, path: str
) -> None:
    programs = [make_program(session, number) for number in (1, 12)]
    where = [
        path.format(slug=each.slug, id=each.id, edit=f"/staff/events/{each.id}/edit")
        for each in programs
    ]
    browser.get(where[0])  # what a process keeps for some seconds is read once
    one, twelve = (statements(app, browser, each) for each in where)
    assert one == twelve


def statements(app: Flask, browser: FlaskClient, path: str) -> int:
    asked = []

    def note(_connection: object, _cursor: object, words: str, *_rest: object) -> None:
        asked.append(words)

    with app.app_context():
        engine = db.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_move_keeps_each_sessions_own_zone_and_moves_the_others(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    edit(browser, program, {"sessions-2-zone": "America/Denver"})
    path = f"/staff/events/{program.id}/move"
    assert "Part 3, Mountain (Denver)" in words(browser.get(path))
    before = ids(session, program)
    send(browser, path, {"zone": "America/Chicago", "zone_change": "clock"})
    assert ids(session, program) == before
    sessions = events.get(session, program.id).sessions
    central, mountain = "America/Chicago", "America/Denver"
    assert [each.zone for each in sessions] == [central, central, mountain, central]
    assert [each.wall_start.hour for each in sessions] == [8, 8, 8, 8]
    assert [each.sequence for each in sessions] == [1, 1, 1, 1]


def test_a_zone_that_no_list_has_stays_when_the_form_is_saved(
    app: Flask, browser: FlaskClient, session: Session, program: Event
) -> None:
    """It may have been written by an import, say."""
    zone = "America/Indiana/Knox"
    assert edit(browser, program, {"sessions-2-zone": zone}) == ["Saved."]
    assert edit(browser, program, {"sessions-1-title": "Else"}) == ["Saved."]
    session.rollback()
    assert events.get(session, program.id).sessions[2].zone == zone
