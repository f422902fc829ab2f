"""What somebody prefers takes effect: reading, times, reminders."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account, Person
from csd_events.accounts.rules import Preferences
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.events.rules import Kind, SessionDraft
from csd_events.matching.rules import Profile
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import queries, service
from csd_events.registrations.mail import profile_of
from csd_events.registrations.models import Registration
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, side
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

START = NOON + 10 * DAY  # 8:00 am in New York
EMAIL = "ada@example.org"


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, email=EMAIL)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk")


def prefer(session: Session, account: Account, **given: object) -> None:
    with writing(session):
        preferences = Preferences(**given)  # type: ignore[arg-type]
        accounts.save_preferences(session, account.person_id, preferences)


def path_of(app: Flask, made: Registration) -> str:
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    return f"/registrations/{token}"


def profile(session: Session, made: Registration) -> Profile:
    session.rollback()
    session.expire_all()
    return profile_of(session, queries.get(session, made.id), NOON)


AREAS = ("libraries", "fire_ems", "transit")


def test_preferred_areas_and_form_count_where_the_form_said_nothing(
    session: Session, account: Account, event: Event
) -> None:
    made = make_registration(session, event, email=EMAIL)
    prefer(session, account, areas=AREAS, form="public_private")
    assert profile(session, made) == Profile(areas=AREAS, form="public_private")
    session.execute(update(Registration).values(service_area="police"))
    session.commit()
    found = profile(session, made)
    assert found == Profile(areas=("police",), form="public_private")


def test_what_is_preferred_counts_only_once_the_address_is_known_to_be_theirs(
    session: Session, account: Account, event: Event
) -> None:
    made = make_registration(session, event, email=EMAIL)
    prefer(session, account, areas=AREAS, form="public_private")
    session.execute(update(Person).values(email_confirmed_at=None))
    session.commit()
    assert profile(session, made) == Profile()


def test_the_page_of_what_to_read_next_opens_the_worksheet_for_the_first_choice(
    app: Flask, client: FlaskClient, session: Session, account: Account, event: Event
) -> None:
    made = make_registration(session, event, email=EMAIL)
    before = client.get(f"{path_of(app, made)}/next").text
    prefer(session, account, areas=AREAS)
    after = client.get(f"{path_of(app, made)}/next").text
    assert ("area=dispatch_911" in before, "area=libraries" in after) == (True, True)


def test_who_wants_no_reminders_gets_none_and_no_page_promises_one(
    app: Flask, client: FlaskClient, session: Session, account: Account, event: Event
) -> None:
    made = make_registration(session, event, email=EMAIL)
    own = app.test_client(user=account)
    assert "Your next mail comes" in words(client.get(path_of(app, made)))
    prefer(session, account, wants_reminders=False)
    for page in (client.get(path_of(app, made)), own.get("/events/talk")):
        assert "You get no reminders, as you chose" in words(page)
        assert "A reminder by mail" not in words(page)
        assert "Your next mail comes" not in words(page)
    with writing(session):
        assert service.queue_reminders(session, now=START - DAY) == 0


def test_a_reminder_that_was_on_its_way_does_not_go_to_who_wants_none_by_then(
    app: Flask, session: Session, account: Account, event: Event, at: object
) -> None:
    make_registration(session, event, email=EMAIL)
    deliver(app)
    at(START - DAY)  # type: ignore[operator]
    with writing(session):
        assert service.queue_reminders(session, now=START - DAY) == 1
    prefer(session, account, wants_reminders=False)
    assert deliver(app) == []
    skipped = select(OutboxMessage.note).where(OutboxMessage.state == MailState.SKIPPED)
    session.rollback()
    assert "they want no reminders" in session.scalars(skipped).all()


@pytest.mark.parametrize(
    ("zone", "yours"),
    [
        ("America/Denver", " (6:00 am your time)"),
        ("Pacific/Guam", " (10:00 pm your time)"),
        ("America/Toronto", ""),
        (None, ""),
    ],
)
def test_mails_write_a_persons_own_time_beside_the_events(
    app: Flask,
    session: Session,
    account: Account,
    event: Event,
    zone: str | None,
    yours: str,
) -> None:
    prefer(session, account, zone=zone)
    make_registration(session, event, email=EMAIL)
    (mail,) = deliver(app)
    when = "Saturday, May 11, 2030, 8:00 am Eastern (UTC\N{MINUS SIGN}4)"
    for kind in ("text/plain", "text/html"):
        body = side(mail, kind)
        assert f"{when}{yours}" in body
        assert ("your time" in body) is bool(yours)


def test_every_session_of_a_program_has_the_readers_own_time_too(
    app: Flask, session: Session, account: Account
) -> None:
    first = (START - timedelta(hours=4)).replace(tzinfo=None)
    drafts = [
        SessionDraft(wall_start=first + n * DAY, zone="America/New_York")
        for n in range(2)
    ]
    event = make_event(session, kind=Kind.TRAINING, sessions=drafts)
    prefer(session, account, zone="Pacific/Guam")
    make_registration(session, event, email=EMAIL)
    (mail,) = deliver(app)
    assert "- Sun, May 12, 8:00 am ET (10:00 pm your time)" in side(mail, "text/plain")


def test_a_zone_of_somebody_else_shows_on_nobodys_page(
    app: Flask, client: FlaskClient, session: Session, account: Account, event: Event
) -> None:
    prefer(session, account, zone="Pacific/Guam")
    assert "your time" in words(app.test_client(user=account).get("/events/talk"))
    assert "your time" not in words(client.get("/events/talk"))
