"""What people need to take part: told once, read by few, kept for a while."""

import csv
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.core.tokens import Purpose
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import AccessibilityNeed, Registration
from csd_events.registrations.rules import Said
from tests.architecture.files import SOURCES, named
from tests.desk import fields_of, send, staff_browser
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver
from tests.visitors import TYPED, errors_on, send_form, words

pytestmark = pytest.mark.usefixtures("now")

NEEDS = "An interpreter for zebra whispers"


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


def kept(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AccessibilityNeed.words)))


def looked(session: Session) -> list[tuple[int, int | None]]:
    """Return which event's needs were read, and by whom."""
    session.rollback()
    rows = select(AuditEntry.subject_id, AuditEntry.actor_id).where(
        AuditEntry.action == "event.needs_read"
    )
    return [(subject, actor) for subject, actor in session.execute(rows)]


@pytest.mark.usefixtures("event")
def test_a_guest_says_what_they_need_and_reads_who_sees_it(
    client: FlaskClient, session: Session
) -> None:
    page = words(client.get("/events/talk/register"))
    assert "Do you need anything to take part? (optional)" in page
    assert "Only the staff who arrange it read this" in page
    send_form(client, "talk", needs=f"  {NEEDS}\r\nand step-free access ")
    assert kept(session) == [f"{NEEDS}\nand step-free access"]


@pytest.mark.usefixtures("event")
def test_nothing_is_kept_of_who_needs_nothing(
    client: FlaskClient, session: Session
) -> None:
    send_form(client, "talk", needs="  ")
    assert kept(session) == []


@pytest.mark.usefixtures("event")
def test_too_many_words_are_said_to_be_so_and_kept_on_the_page(
    client: FlaskClient, session: Session
) -> None:
    page = send_form(client, "talk", needs="x" * 1001)
    message = "Do you need anything to take part? must be 1000 characters or fewer"
    assert errors_on(page) == {"needs": message}
    assert fields_of(page.text)["needs"] == "x" * 1001


def test_a_signed_in_person_and_staff_can_say_so_too(
    app: Flask, session: Session, event: Event
) -> None:
    browser = app.test_client(user=make_account(session))
    typed = fields_of(browser.get("/events/talk").text) | {"needs": NEEDS}
    browser.post("/events/talk/register", data=typed)
    by_hand = f"/staff/events/{event.id}/registrations/new"
    send(staff_browser(app, session), by_hand, TYPED | {"needs": "A ramp"})
    assert sorted(kept(session)) == ["A ramp", NEEDS]


def test_the_page_says_how_many_and_shows_what_only_by_its_button(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event, full_name="Ada", said=Said(needs=NEEDS))
    make_registration(session, event)
    gone = make_registration(session, event, said=Said(needs="Cancelled needs"))
    with writing(session):
        service.cancel(session, gone.id, now=NOON)
    staff = make_account(session, role=Role.SCHEDULER)
    browser = app.test_client(user=staff)
    path = f"/staff/events/{event.id}/accessibility"
    page = browser.get(path)
    assert "1 person needs something to take part." in words(page)
    assert (NEEDS in page.text, looked(session)) == (False, [])
    shown = browser.post(path, data=fields_of(page.text))
    assert shown.status_code == 200
    assert NEEDS in words(shown)
    assert "Cancelled needs" not in shown.text
    assert looked(session) == [(event.id, staff.person_id)]
    history = words(browser.get(f"/staff/events/{event.id}/settings"))
    assert "Accessibility needs read" in history


def test_the_file_for_who_arranges_it_is_written_to_the_trail_too(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event, full_name="Ada", said=Said(needs="=HYPER"))
    browser = staff_browser(app, session)
    path = f"/staff/events/{event.id}/accessibility"
    token = fields_of(browser.get(path).text)
    answer = browser.post(f"{path}.csv", data=token)
    _headings, row = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert row[:2] == ["Ada", "'=HYPER"]
    assert len(looked(session)) == 1
    assert browser.get(f"{path}.csv").status_code == 405


def test_an_event_that_is_not_there_is_not_found(app: Flask, session: Session) -> None:
    browser = staff_browser(app, session)
    assert browser.get("/staff/events/999999/accessibility").status_code == 404


def _everywhere(
    app: Flask, session: Session, made: Registration
) -> Iterator[tuple[str, str]]:
    """Yield every page, file and mail that shows something of a registration."""
    event_id, person_id = made.event_id, made.person_id
    token = app.extensions["csd_links"].token(
        Purpose.REGISTRATION, made.id, made.link_version
    )
    join = app.extensions["csd_links"].token(Purpose.JOIN, made.id, made.link_version)
    registration_id = made.id
    mails = session.scalars(select(OutboxMessage.id)).all()
    session.rollback()
    staff = staff_browser(app, session, role=Role.ADMINISTRATOR)
    for path in (
        "/staff",
        "/staff/events",
        f"/staff/events/{event_id}",
        f"/staff/events/{event_id}/messages",
        f"/staff/events/{event_id}/attendance",
        f"/staff/events/{event_id}/settings",
        f"/staff/events/{event_id}/registrations",
        f"/staff/events/{event_id}/registrations?q=zebra",
        f"/staff/events/{event_id}/registrations.csv",
        f"/staff/events/{event_id}/accessibility",
        f"/staff/events/{event_id}/edit",
        f"/staff/events/{event_id}/cancel",
        f"/staff/registrations/{registration_id}/cancel",
        f"/staff/people/{person_id}",
        "/staff/people?q=zebra",
        "/staff/audit",
        "/staff/outbox",
        *(f"/staff/outbox/{each}" for each in mails),
        "/events/talk",
        f"/registrations/{token}",
        f"/registrations/{token}/next",
        f"/registrations/{token}/cancel",
        f"/registrations/{token}/invitation.ics",
        f"/join/{join}",
    ):
        answer = staff.get(path)
        assert answer.status_code == 200, path
        yield path, answer.text


def test_what_somebody_needs_stands_nowhere_else(
    app: Flask,
    client: FlaskClient,
    session: Session,
    event: Event,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither on another page, nor in another file, a mail or a log."""
    caplog.set_level(0)
    receipt = send_form(client, "talk", needs=NEEDS)
    session.rollback()
    found = select(Registration).order_by(Registration.id.desc())
    made = session.scalars(found).first()
    assert made is not None
    mails = [mail.as_string() for mail in deliver(app)]
    texts = {"receipt": client.get(receipt.location).text}
    texts |= dict(_everywhere(app, session, made))
    texts |= {f"mail {n}": text for n, text in enumerate(mails)}
    telling = [where for where, text in texts.items() if "zebra whispers" in text]
    assert (telling, "zebra" in caplog.text, len(mails)) == ([], False, 1)
    assert kept(session) == [NEEDS]


def test_one_module_alone_reads_the_words() -> None:
    """The model itself, and where they are handed over, name no word of them."""
    reading = {
        named(path)
        for path in SOURCES
        if "AccessibilityNeed" in path.read_text(encoding="utf-8")
    }
    assert reading == {
        "csd_events/registrations/models/__init__.py",
        "csd_events/registrations/models/saying.py",
        "csd_events/registrations/service/answering.py",
        "csd_events/registrations/service/needing.py",
    }
    answering = next(p for p in SOURCES if named(p).endswith("service/answering.py"))
    assert "words" not in answering.read_text(encoding="utf-8")


def _forget(session: Session, after: timedelta) -> list[str]:
    with writing(session):
        service.forget_old_needs(session, now=NOON + after)
    return kept(session)


def test_thirty_days_after_the_event_its_needs_are_deleted(
    session: Session, event: Event
) -> None:
    make_registration(session, event, said=Said(needs=NEEDS))
    end = 10 * DAY + HOUR
    assert _forget(session, end + 30 * DAY - timedelta(seconds=1)) == [NEEDS]
    assert _forget(session, end + 30 * DAY) == []
    count = select(func.count(Registration.id))
    assert session.scalars(count).one() == 1


def test_needs_of_who_gave_their_place_up_are_deleted_at_the_next_turn(
    session: Session, event: Event
) -> None:
    made = make_registration(session, event, said=Said(needs=NEEDS))
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    assert _forget(session, timedelta()) == []


def test_where_an_event_has_no_end_they_are_deleted_thirty_days_after_they_were_told(
    session: Session,
) -> None:
    film = make_event(
        session,
        sessions=[],
        on_demand=True,
        platform_url=None,
        recording_url="https://film.example.org/1",
    )
    make_registration(session, film, said=Said(needs=NEEDS))
    assert _forget(session, 30 * DAY - timedelta(seconds=1)) == [NEEDS]
    assert _forget(session, 30 * DAY) == []
