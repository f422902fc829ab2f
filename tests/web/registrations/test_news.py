"""What changed stands first in a calendar entry, in the words of its mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import NOTICE_WAITS
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    again,
    call_off,
    make_account,
    make_draft,
    make_event,
    make_registration,
    writing,
)
from tests.letters import calendars_in, deliver, deliver_now, entry_in, entry_of, side

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
START = NOON + 10 * DAY
MINUTE = timedelta(minutes=1)
EIGHT, NINE, TEN = (
    f"Saturday, May 11, 2030, {hour}:00 am Eastern (UTC\N{MINUS SIGN}4)"
    for hour in (8, 9, 10)
)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


def save(session: Session, event: Event, *, now: datetime = NOON, **given: Any) -> int:
    """Save an event as staff do, and return the change by which it can be undone."""
    with writing(session):
        found = events.get(session, event.id)
        offers = [OfferDraft(id=offer.id) for offer in found.offers]
        draft = make_draft(**{"offers": offers} | given)
        draft = replace(draft, sessions=again(found, draft.sessions))
        service.save_event(session, event.id, draft, version=found.version, now=now)
        last = events.find_last_change(session, event.id)
    assert last is not None
    return last.id


def news(entry: Any) -> str:
    return str(entry["description"]).splitlines()[0]


def news_in(mail: EmailMessage) -> str:
    return news(entry_of(mail))


def invitation(app: Flask, registration: Registration) -> str:
    with app.app_context():
        about = registration.id, registration.link_version
        token = links().token(Purpose.REGISTRATION, *about)
    return f"/registrations/{token}/invitation.ics"


def own_feed(app: Flask, session: Session, email: str) -> str:
    account = make_account(session, email=email)
    with app.app_context():
        token = links().token(Purpose.FEED, account.id, account.feed_version)
    return f"/feeds/{token}.ics"


def test_the_first_line_of_an_update_says_what_changed_in_the_words_of_the_mail(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    assert news_in(deliver(app)[0]).startswith("Join here: ")
    save(session, event, starts_at=START + HOUR)
    (mail,) = deliver(app)
    assert news_in(mail) == f"Moved from {EIGHT} to {NINE}"
    lines = side(mail, "text/plain").splitlines()
    assert lines[:2] == [f"Before: {EIGHT}", f"Now: {NINE}"]


def test_the_first_line_says_where_it_is_now(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    deliver(app)
    save(session, event, place="Room 6")
    assert news_in(deliver(app)[0]) == "Now at Room 6"
    save(session, event, place="Room 7")
    (mail,) = deliver(app)
    assert news_in(mail) == "Now at Room 7, no longer at Room 6"
    assert f"Before: {EIGHT}, Room 6" in side(mail, "text/plain")


def test_the_first_line_compares_with_what_its_reader_last_heard(
    app: Flask, session: Session, event: Event
) -> None:
    """Two changes before the notice leaves are one; what was told is told no more."""
    make_registration(session, event)
    deliver(app)
    save(session, event, starts_at=START + HOUR)
    save(session, event, starts_at=START + 2 * HOUR)
    (mail,) = deliver(app)
    assert news_in(mail) == f"Moved from {EIGHT} to {TEN}"
    save(session, event, starts_at=START + HOUR, now=NOON + HOUR)
    assert news_in(deliver(app)[0]) == f"Moved from {TEN} to {NINE}"


def test_who_heard_of_a_change_that_was_undone_reads_that_it_moved_back(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    change_id = save(session, event, starts_at=START + HOUR)
    at(NOON + MINUTE)
    make_registration(session, event, at=NOON + MINUTE)
    (confirmed,) = deliver_now(app)
    at(NOON + 2 * MINUTE)
    with writing(session):
        service.undo(session, event.id, change_id, now=NOON + 2 * MINUTE, actor_id=None)
    (corrected,) = deliver_now(app)
    assert news_in(corrected) == f"Moved from {NINE} to {EIGHT}"
    assert entry_of(corrected)["sequence"] > entry_of(confirmed)["sequence"]


def test_the_first_line_of_a_cancellation_says_that_it_is_one(
    app: Flask, session: Session, event: Event
) -> None:
    mine, _other = (make_registration(session, event) for _ in range(2))
    deliver(app)
    with writing(session):
        service.cancel(session, mine.id, now=NOON)
    (mail,) = deliver(app)
    assert news_in(mail) == "Your registration is cancelled."
    call_off(session, event.id)
    (mail,) = deliver(app)
    assert news_in(mail) == "This event is cancelled."
    for each in ("Join here", "Change or cancel"):
        assert each not in side(mail, "text/calendar")


def test_an_entry_of_a_life_that_ended_says_so_though_they_have_registered_again(
    app: Flask, session: Session, event: Event
) -> None:
    made = make_registration(session, event, email="ada@example.org")
    deliver(app)
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    make_registration(session, event, email="ada@example.org")
    ended, anew = map(news_in, deliver(app))
    assert ended == "Your registration is cancelled."
    assert anew.startswith("Join here: ")


def test_the_files_of_a_program_say_each_what_became_of_its_session(
    app: Flask, session: Session
) -> None:
    morning = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - on the wall
    parts = [
        SessionDraft(
            title=f"Part {n + 1}",
            wall_start=morning + n * 7 * DAY,
            wall_end=morning + n * 7 * DAY + HOUR,
            zone="America/New_York",
        )
        for n in range(3)
    ]
    program = make_event(session, kind=Kind.TRAINING, sessions=parts)
    make_registration(session, program)
    deliver(app)
    ids = [each.id for each in program.sessions]
    first, second, third = map(replace, parts)
    with writing(session):
        found = events.get(session, program.id)
        draft = make_draft(
            kind=Kind.TRAINING,
            offers=[OfferDraft(id=offer.id) for offer in found.offers],
            sessions=[
                replace(first, id=ids[0], wall_start=morning - HOUR),
                replace(third, id=ids[2]),
                replace(second, title="An extra"),
            ],
        )
        service.save_event(session, program.id, draft, version=found.version, now=NOON)
    (mail,) = deliver(app)
    said = [news(entry_in(each)) for each in calendars_in(mail)]
    eastern = "Eastern (UTC\N{MINUS SIGN}4)"
    assert said == [
        f"Moved from Saturday, May 11, 2030, 8:00 am {eastern} to "
        f"Saturday, May 11, 2030, 7:00 am {eastern}",
        f"Added: An extra, Saturday, May 18, 2030, 8:00 am {eastern}",
        f"Taken out: Part 2, Saturday, May 18, 2030, 8:00 am {eastern}",
    ]
    text = side(mail, "text/plain")
    assert [each in text for each in said[1:]] == [True, True]


def test_what_is_fetched_says_how_it_is_and_not_how_it_was(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    """Nobody knows what its reader last saw; that an event is off they may know."""
    feed = own_feed(app, session, "ada@example.org")
    made = make_registration(session, event, email="ada@example.org")
    download = invitation(app, made)
    save(session, event, starts_at=START + HOUR)
    for path in (feed, download, "/events/talk.ics", "/events.ics"):
        shown = client.get(path).text
        assert "T090000" in shown
        assert "Moved" not in shown
    call_off(session, event.id)
    for path in (download, "/events/talk.ics"):
        entry = entry_in(client.get(path).data)
        assert news(entry) == "This event is cancelled."


def test_the_stamp_of_an_entry_is_the_last_change_and_never_ahead(
    app: Flask, client: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    """Notices of a change wait for five minutes; the calendars know it at once."""
    feed = own_feed(app, session, "ada@example.org")
    made = make_registration(session, event, email="ada@example.org")
    paths = [feed, invitation(app, made), "/events/talk.ics", "/events.ics"]
    changed_at = NOON + HOUR
    save(session, event, starts_at=START + HOUR, now=changed_at)
    leaves_at = changed_at + NOTICE_WAITS
    for moment in (changed_at, changed_at + MINUTE, leaves_at, leaves_at + HOUR):
        at(moment)
        entries = [entry_in(client.get(path).data) for path in paths]
        stamps = [entry.decoded("dtstamp") for entry in entries]
        assert stamps == [min(moment, leaves_at)] * 4
