"""Every calendar file that people get, read back by two libraries of others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from csd_events.core import ical
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import NOTICE_WAITS, Newcomer
from csd_events.registrations.service import By
from tests.calendars.reading import Entry, Seen, by_ical_js, by_vobject
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    again,
    call_off,
    make_account,
    make_conference,
    make_draft,
    make_event,
    make_registration,
    writing,
)
from tests.letters import calendars_in, deliver

pytestmark = pytest.mark.usefixtures("now")

START = NOON + 10 * DAY
LEAVES = NOON + NOTICE_WAITS
OFFICE = ["Association of Local Governments", "mailto:events@csd.test"]

#: Half and quarter hours, clocks that change by half an hour, some that do no more.
ZONES = [
    "America/New_York",
    "America/Regina",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "UTC",
]
#: Of New York: over the hour that is skipped, over that which comes twice, a new year.
TURNS = [
    (datetime(2031, 3, 9, 6, 30, tzinfo=UTC), 2 * HOUR),
    (datetime(2030, 11, 3, 4, 30, tzinfo=UTC), 3 * HOUR),
    (datetime(2030, 12, 31, 23, 30, tzinfo=UTC), 9 * HOUR),
]
WORDS = {
    "marks": 'Fire, police; and a \\ back\\slash: "quoted", \\n, \\;',
    "long": "A name that is long " * 9 + "and ends with twenty.",
    "pictures": "\N{MAN}\N{ZERO WIDTH JOINER}\N{FIRE ENGINE}" * 30,
    "to the left": "שירותים משותפים, מים; وخدمات مشتركة",
    "accents": "Nguyễn Thị Ánh 李小龍 e\N{COMBINING ACUTE ACCENT}" * 4,
    "a file": "BEGIN:VALARM END:VEVENT",
}


def read(files: Sequence[bytes]) -> list[Seen]:
    """Read files by both libraries, which must agree."""
    seen = by_ical_js(files)
    assert by_vobject(files) == seen
    return seen


def seconds(instant: datetime) -> float:
    return instant.timestamp()


def public(event: Event, sitting: EventSession, **given: Any) -> Entry:
    """What the public file is to say of a session, from the rows alone."""
    title = f"{event.title}: {sitting.title}" if sitting.title else event.title
    ends_at = sitting.ends_at or sitting.starts_at + HOUR
    said: dict[str, Any] = {
        "uid": f"event-{sitting.id}@csd.test",
        "sequence": 0,
        "stamp": sitting.announced_at,
        "starts": seconds(sitting.starts_at),
        "ends": seconds(ends_at),
        "zone": sitting.zone,
        "wall": sitting.wall_start.isoformat(),
        "summary": title,
        "description": event.summary,
        "location": sitting.place or event.place or None,
        "url": f"http://csd.test/events/{event.slug}",
        "status": "CONFIRMED",
        "organizer": OFFICE,
        "attendees": [],
        "alarms": 0,
    }
    said |= given
    return Entry(**said | {"stamp": seconds(said["stamp"])})


@dataclass(frozen=True)
class Mine:
    """Whose files they are, and the links in them."""

    id: int
    name: str
    email: str
    page: str
    join: str

    @classmethod
    def of(cls, app: Flask, made: Registration) -> Self:
        with app.app_context():
            page, join = (
                links().token(purpose, made.id, made.link_version)
                for purpose in (Purpose.REGISTRATION, Purpose.JOIN)
            )
        person = made.full_name, made.person.email
        return cls(made.id, *person, f"/registrations/{page}", f"/join/{join}")


def own(
    mine: Mine, event: Event, sitting: EventSession, *, news: str = "", **given: Any
) -> Entry:
    """What a file of somebody's own is to say of a session."""
    page, join = f"http://csd.test{mine.page}", f"http://csd.test{mine.join}"
    words = [f"Join here: {join}", f"Change or cancel: {page}"]
    if given.get("status") == "CANCELLED":
        words = [f"Your registration: {page}"]
    said = {
        "uid": f"{mine.id}-{sitting.id}-1@csd.test",
        "stamp": NOON,
        "description": "\n".join([news, *words] if news else words),
        "location": sitting.place or event.place or "Online",
        "url": page,
        "attendees": [[mine.name.replace('"', "'"), f"mailto:{mine.email}"]],
    }
    return public(event, sitting, **said | given)


def save(session: Session, event: Event, **given: Any) -> Event:
    """Save an event as staff do; its sessions keep their rows."""
    with writing(session):
        found = events.get(session, event.id)
        offers = [OfferDraft(id=offer.id) for offer in found.offers]
        draft = make_draft(
            title=found.title, summary=found.summary, offers=offers, **given
        )
        if "sessions" not in given:
            draft = replace(draft, sessions=again(found, draft.sessions))
        service.save_event(session, event.id, draft, version=found.version, now=NOON)
    return fresh(session, event)


def fresh(session: Session, event: Event) -> Event:
    session.expire_all()
    return events.get(session, event.id)


def files(app: Flask) -> list[bytes]:
    """Return the calendar files of the one mail that is due."""
    (mail,) = deliver(app)
    return calendars_in(mail)


def fetch(app: Flask, *paths: str) -> list[bytes]:
    client: FlaskClient = app.test_client()
    return [client.get(path).data for path in paths]


def feed_of(app: Flask, session: Session, email: str) -> str:
    account = make_account(session, email=email)
    with app.app_context():
        token = links().token(Purpose.FEED, account.id, account.feed_version)
    return f"/feeds/{token}.ics"


def zones_of(zone: str) -> list[str]:
    return [] if zone == "UTC" else [zone]


CASES = [
    *(pytest.param(zone, START, HOUR, id=zone) for zone in ZONES),
    *(pytest.param("America/New_York", *turn, id=f"{turn[0]:%B}") for turn in TURNS),
]


@pytest.mark.parametrize(("zone", "starts_at", "length"), CASES)
def test_a_request_an_update_and_a_cancel_are_read_as_they_are_meant(
    app: Flask,
    session: Session,
    zone: str,
    starts_at: datetime,
    length: timedelta,
) -> None:
    times: dict[str, Any] = {"zone": zone, "length": length}
    event = make_event(session, starts_at=starts_at, **times)
    mine = Mine.of(app, make_registration(session, event))
    requested = own(mine, event, event.sessions[0])
    (request,) = files(app)
    place = "Room 5; second floor, left"
    event = save(session, event, starts_at=starts_at - DAY, place=place, **times)
    (update,) = files(app)
    moved = own(mine, event, event.sessions[0], sequence=1, stamp=LEAVES)
    with writing(session):
        service.cancel(session, mine.id, now=NOON)
    (cancel,) = files(app)
    event = fresh(session, event)
    gone = own(
        mine,
        event,
        event.sessions[0],
        news="Your registration is cancelled.",
        sequence=2,
        status="CANCELLED",
    )
    seen = read([request, update, cancel])
    assert [each.method for each in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [each.zones for each in seen] == [zones_of(zone)] * 3
    assert seen[0].entries == [requested]
    assert seen[2].entries == [gone]
    (told,) = seen[1].entries
    news, _line, words = told.description.partition("\n")
    assert news.startswith("Moved from ")
    assert news.endswith(place)
    assert replace(told, description=words) == moved
    assert told.starts == seconds(starts_at - DAY)


@pytest.mark.parametrize(("zone", "starts_at", "length"), CASES)
def test_what_is_fetched_is_read_as_it_is_meant(
    app: Flask,
    session: Session,
    zone: str,
    starts_at: datetime,
    length: timedelta,
) -> None:
    event = make_event(
        session, slug="talk", starts_at=starts_at, zone=zone, length=length
    )
    feed = feed_of(app, session, "ada@example.org")
    mine = Mine.of(app, make_registration(session, event, email="ada@example.org"))
    paths = [f"{mine.page}/invitation.ics", feed, "/events/talk.ics", "/events.ics"]
    download, followed, one, every = read(fetch(app, *paths))
    assert [each.zones for each in (download, followed, one, every)] == [
        zones_of(zone)
    ] * 4
    (sitting,) = event.sessions
    entry = own(mine, event, sitting)
    assert (download.method, download.entries) == (None, [entry])
    assert followed.method == "PUBLISH"
    assert followed.entries == [replace(entry, attendees=[])]
    assert (one.method, one.entries) == (None, [public(event, sitting)])
    assert (every.method, every.entries) == ("PUBLISH", [public(event, sitting)])


def test_an_entry_across_a_dst_change_keeps_its_local_time() -> None:
    """Also in a zone that gave the change up: the rules of that year count."""
    hours = {
        ("America/New_York", 2030): [18, 18, 19, 19],
        ("America/Sao_Paulo", 2018): [17, 17, 16, 16],
        ("America/Sao_Paulo", 2030): [17, 17, 17, 17],
    }
    for (zone, year), expected in hours.items():
        first = datetime(year, 10, 24, 14, tzinfo=ZoneInfo(zone))
        weeks = [first + number * 7 * DAY for number in range(4)]  # on the wall
        (seen,) = read([ical.calendar([entry_at(each, zone) for each in weeks])])
        shown = [each.wall.partition("T")[2] for each in seen.entries]
        assert shown == ["14:00:00"] * 4
        starts = [datetime.fromtimestamp(each.starts, UTC) for each in seen.entries]
        assert [each.hour for each in starts] == expected


def entry_at(start: datetime, zone: str, words: str = "Words") -> ical.Entry:
    return ical.Entry(
        uid=f"{start:%Y%m%d}@csd.test",
        sequence=0,
        stamp=NOON,
        starts_at=start.astimezone(UTC),
        ends_at=start.astimezone(UTC) + HOUR,
        zone=zone,
        summary=words,
        description=f"{words}\n{words}",
        location=words,
        url="http://csd.test/",
        organizer=ical.Party("Association", "events@example.org"),
    )


def test_a_program_has_one_file_a_session_and_one_with_all_to_download(
    app: Flask, session: Session
) -> None:
    """In three zones and over two years; one has no end."""
    walls = [datetime(2030, 5, 11, 8), datetime(2030, 11, 5, 9), datetime(2031, 5, 6)]  # noqa: DTZ001 - on the wall
    zones = ["America/New_York", "Asia/Kathmandu", "America/New_York"]
    program = make_event(
        session,
        kind=Kind.TRAINING,
        slug="program",
        place="Town hall",
        sessions=[
            SessionDraft(
                title=f"Part {number}",
                wall_start=wall,
                wall_end=wall + HOUR if number > 1 else None,
                zone=zone,
                place="" if number > 2 else f"Room {number}",
            )
            for number, (wall, zone) in enumerate(zip(walls, zones, strict=True), 1)
        ],
    )
    mine = Mine.of(app, make_registration(session, program))
    mailed = read(files(app))
    sittings = program.sessions
    assert [each.entries for each in mailed] == [
        [own(mine, program, each)] for each in sittings
    ]
    assert [(each.method, each.zones) for each in mailed] == [
        ("REQUEST", [zone]) for zone in zones
    ]
    download, shown = read(
        fetch(app, f"{mine.page}/invitation.ics", "/events/program.ics")
    )
    assert download.entries == [own(mine, program, each) for each in sittings]
    assert shown.entries == [public(program, each) for each in sittings]
    assert [each.method for each in (download, shown)] == [None, None]
    assert download.zones == shown.zones == sorted(set(zones))


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_names_and_words_are_read_as_they_were_typed(
    app: Flask, session: Session, words: str
) -> None:
    """However long, in whichever direction, and with every mark that files use.

    A name is no text there but a parameter, in which ical.js reads a backslash wrongly.
    """
    words, name = words[:200], words[:200].replace("\\", "/")
    event = make_event(
        session,
        slug="talk",
        title=words,
        summary=f"{words}\n\n{words}",
        place=words,
    )
    make_account(session, email="ada@example.org")  # whose name no mail holds back
    mine = Mine.of(
        app, make_registration(session, event, email="ada@example.org", full_name=name)
    )
    (request,) = files(app)
    read_back, shown = read([request, *fetch(app, "/events/talk.ics")])
    assert read_back.entries == [own(mine, event, event.sessions[0])]
    assert shown.entries == [public(event, event.sessions[0])]


def test_a_cancelled_event_is_read_as_cancelled(app: Flask, session: Session) -> None:
    event = make_event(session, slug="talk")
    mine = Mine.of(app, make_registration(session, event))
    deliver(app)
    call_off(session, event.id)
    (cancel,) = files(app)
    event = fresh(session, event)
    off = {"status": "CANCELLED", "sequence": 1, "stamp": NOON}
    words = "This event is cancelled."
    entry = own(mine, event, event.sessions[0], news=words, **off)
    shown = public(
        event, event.sessions[0], description=f"{words}\n{event.summary}", **off
    )
    paths = f"{mine.page}/invitation.ics", "/events/talk.ics", "/events.ics"
    seen = read([cancel, *fetch(app, *paths)])
    assert [(each.method, each.entries) for each in seen] == [
        ("CANCEL", [entry]),
        (None, [entry]),
        (None, [shown]),
        ("PUBLISH", []),
    ]


def test_what_takes_an_entry_out_is_read_as_a_cancel_of_that_entry(
    app: Flask, session: Session
) -> None:
    """Somebody comes instead, another address, a session that is no more."""
    morning = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - on the wall
    sittings = [
        SessionDraft(title=f"Part {n}", wall_start=morning + n * DAY, zone="UTC")
        for n in range(2)
    ]
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings, zone="UTC")
    stays, goes = (each.id for each in event.sessions)
    one, other = (make_registration(session, event).id for _ in range(2))
    put_in = entries_of([read(calendars_in(mail)) for mail in deliver(app)], "REQUEST")
    newcomer = Newcomer(full_name="Bo", email="bo@example.org", organization="Town")
    with writing(session):
        service.replace(session, one, newcomer, now=NOON, by=By())
        service.correct_address(session, other, "cy@example.org", now=NOON, by=By())
    handed = [read(calendars_in(mail)) for mail in deliver(app)]
    put_in |= entries_of(handed, "REQUEST")
    taken_out = entries_of(handed, "CANCEL")
    assert {each.description for each in taken_out.values()} == {
        "Somebody else comes in your place.",
        "Your registration goes by another address.",
    }
    save(
        session,
        event,
        kind=Kind.TRAINING,
        sessions=[replace(sittings[0], id=stays)],
        zone="UTC",
    )
    shortened = entries_of(
        [read(calendars_in(mail)) for mail in deliver(app)], "CANCEL"
    )
    assert {each.partition("-")[2] for each in shortened} == {f"{goes}-2@csd.test"}
    taken_out |= shortened
    assert len(taken_out) == 6
    for uid, each in taken_out.items():
        assert each.status == "CANCELLED"
        assert each.sequence > put_in[uid].sequence
        assert (each.starts, each.summary) == (put_in[uid].starts, put_in[uid].summary)


def entries_of(mails: Sequence[Sequence[Seen]], method: str) -> dict[str, Entry]:
    """Return the entries of a method's files in some mails, by their UID."""
    return {
        entry.uid: entry
        for files in mails
        for seen in files
        if seen.method == method
        for entry in seen.entries
    }


def test_the_schedule_of_a_conference_is_read_as_it_is_meant(
    app: Flask, session: Session
) -> None:
    conference = make_conference(session, published=True)
    forums = [
        make_event(
            session,
            slug=f"forum-{zone[-3:].lower()}",
            kind=Kind.FORUM,
            conference_id=conference,
            zone=zone,
            starts_at=START + hours * HOUR,
        )
        for hours, zone in enumerate(ZONES)
    ]
    (seen,) = read(fetch(app, "/conferences/sample-conference.ics"))
    assert (seen.method, seen.zones) == (None, sorted(set(ZONES) - {"UTC"}))
    known = (fresh(session, forum) for forum in forums)
    assert seen.entries == [public(forum, forum.sessions[0]) for forum in known]


#: What forms let in: no control characters.
typed = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"))


@settings(max_examples=10)
@given(texts=st.lists(typed, min_size=20, max_size=60))
def test_any_words_are_read_as_they_were_typed(texts: list[str]) -> None:
    zone = "America/New_York"
    entries = [
        replace(entry_at(START, zone, words), sequence=number)
        for number, words in enumerate(texts)
    ]
    (seen,) = read([ical.calendar(entries)])
    assert [
        (each.summary, each.description, each.location or "", each.sequence)
        for each in seen.entries
    ] == [
        (words, f"{words}\n{words}", words, number)
        for number, words in enumerate(texts)
    ]
