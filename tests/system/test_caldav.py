"""Our calendar files, in a CalDAV server that is none of ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from tests.caldav import Calendar, radicale
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    again,
    call_off,
    make_draft,
    make_event,
    make_registration,
    writing,
)
from tests.letters import calendars_in, deliver

pytestmark = pytest.mark.usefixtures("now")

START = NOON + 10 * DAY
MINUTE = timedelta(minutes=1)
#: Hours before and behind us, halves and quarters.
ZONES = ["America/New_York", "America/St_Johns", "Asia/Kathmandu", "UTC"]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with radicale(tmp_path_factory.mktemp("radicale")) as port:
        yield port


@pytest.fixture
def calendar(port: int, tmp_path: Path) -> Calendar:
    made = Calendar(port, tmp_path.name)
    made.create()
    return made


def download(app: Flask, registration: Registration) -> bytes:
    with app.app_context():
        about = registration.id, registration.link_version
        token = links().token(Purpose.REGISTRATION, *about)
    answer = app.test_client().get(f"/registrations/{token}/invitation.ics")
    return bytes(answer.data)


def mailed(app: Flask) -> list[bytes]:
    return [file for mail in deliver(app) for file in calendars_in(mail)]


def save(session: Session, event: Event, **given: Any) -> None:
    with writing(session):
        found = events.get(session, event.id)
        offers = [OfferDraft(id=offer.id) for offer in found.offers]
        draft = make_draft(kind=found.kind, offers=offers, **given)
        if "sessions" not in given:
            draft = replace(draft, sessions=again(found, draft.sessions))
        service.save_event(session, event.id, draft, version=found.version, now=NOON)


@pytest.mark.parametrize("zone", ZONES)
def test_the_entry_downloaded_is_found_at_its_time_and_at_no_other(
    app: Flask, session: Session, calendar: Calendar, zone: str
) -> None:
    event = make_event(session, zone=zone)
    made = make_registration(session, event)
    file, uid = download(app, made), f"{made.id}-{event.sessions[0].id}-1@csd.test"
    assert b"METHOD" not in file  # which RFC 4791 forbids, though this server takes it
    calendar.store(file, uid)
    end = START + HOUR
    assert calendar.between(START, START + MINUTE) == [uid]
    assert calendar.between(end - MINUTE, end) == [uid]
    assert calendar.between(START - DAY, START) == []
    assert calendar.between(end, end + DAY) == []


def test_an_update_moves_the_entry_and_a_cancel_takes_it_away(
    app: Flask, session: Session, calendar: Calendar
) -> None:
    event = make_event(session)
    made = make_registration(session, event)
    (request,) = mailed(app)
    uid = f"{made.id}-{event.sessions[0].id}-1@csd.test"
    calendar.store(download(app, made), uid)
    calendar.take(request)  # from the mail beside it: the same entry
    save(session, event, starts_at=START + 3 * HOUR)
    (update,) = mailed(app)
    for each in (update, request):  # also where the older mail is read last
        calendar.take(each)
        assert calendar.between(START + 3 * HOUR, START + 4 * HOUR) == [uid]
        assert calendar.between(START, START + HOUR) == []
    assert calendar.everything() == {uid: ("2030-05-11T11:00:00", 1)}
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    (cancel,) = mailed(app)
    calendar.take(cancel)
    assert calendar.everything() == {}


def test_an_event_called_off_leaves_the_calendar(
    app: Flask, session: Session, calendar: Calendar
) -> None:
    event = make_event(session)
    made = make_registration(session, event)
    calendar.take(*mailed(app))
    assert len(calendar.everything()) == 1
    call_off(session, event.id)
    calendar.take(*mailed(app))
    assert calendar.everything() == {}
    assert b"STATUS:CANCELLED" in download(app, made)


def test_who_registers_again_has_an_entry_that_no_earlier_mail_takes_away(
    app: Flask, session: Session, calendar: Calendar
) -> None:
    event = make_event(session)
    made = make_registration(session, event, email="ada@example.org")
    calendar.take(*mailed(app))
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    (cancel,) = mailed(app)
    calendar.take(cancel)
    make_registration(session, event, email="ada@example.org")
    calendar.take(*mailed(app))
    calendar.take(cancel)  # read once more
    uid = f"{made.id}-{event.sessions[0].id}-2@csd.test"
    assert list(calendar.everything()) == [uid]
    assert calendar.between(START, START + HOUR) == [uid]


def test_a_program_is_kept_session_by_session(
    app: Flask, session: Session, calendar: Calendar
) -> None:
    """One moves, one goes, one comes: the mail makes it what a new download is."""
    morning = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - on the wall
    sittings = [
        SessionDraft(
            title=f"Part {number}",
            wall_start=morning + number * 7 * DAY,
            wall_end=morning + number * 7 * DAY + HOUR,
            zone="America/New_York",
        )
        for number in range(4)
    ]
    moves, goes, stays, comes = sittings
    program = make_event(session, kind=Kind.TRAINING, sessions=[moves, goes, stays])
    made = make_registration(session, program)
    files = mailed(app)
    assert len(files) == 3
    calendar.fill(download(app, made))
    was = calendar.everything()
    first, second, third = (
        f"{made.id}-{each.id}-1@csd.test" for each in program.sessions
    )
    assert set(was) == {first, second, third}
    ids = [each.id for each in program.sessions]
    later = morning + 2 * HOUR
    save(
        session,
        program,
        sessions=[
            replace(moves, id=ids[0], wall_start=later, wall_end=later + HOUR),
            replace(stays, id=ids[2]),
            comes,
        ],
    )
    for file in mailed(app):
        calendar.take(file)
    held = calendar.everything()
    assert {uid: held.get(uid) for uid in (first, second, third)} == {
        first: ("2030-05-11T10:00:00", 1),
        second: None,
        third: was[third],
    }
    calendar.fill(download(app, made))
    assert calendar.everything() == held
    call_off(session, program.id)
    for file in mailed(app):
        calendar.take(file)
    assert calendar.everything() == {}
