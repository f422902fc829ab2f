"""What is watched on demand: the link at once, by who has registered alone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import MailedLink
from csd_events.accounts.service import Asking
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.events.rules import Afterwards, Audience, OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from tests.desk import fields_of, staff_browser
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, links_in, side
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
OURS = "/events/film/recording"
THEIRS = "https://video.example.org/film"
LAST = date(2030, 5, 31)  # ends with the first instant of June in New York
OVER = datetime.fromisoformat("2030-06-01T00:00-04:00")


def make_film(session: Session, **given: Any) -> Event:
    defaults: dict[str, Any] = {
        "slug": "film",
        "on_demand": True,
        "sessions": [],
        "platform_url": None,
        "recording_url": OURS,
        "offers": [OfferDraft(closes_on=LAST)],
    }
    return make_event(session, **defaults | given)


@pytest.fixture
def film(session: Session) -> Event:
    return make_film(session)


def join_of(app: Flask, registration: Any) -> str:
    with app.app_context():
        token = links().token(Purpose.JOIN, registration.id, registration.link_version)
    return f"/join/{token}"


def own_page_of(app: Flask, registration: Any) -> str:
    with app.app_context():
        own = Purpose.REGISTRATION, registration.id, registration.link_version
        return f"/registrations/{links().token(*own)}"


def test_a_guest_reads_that_the_link_is_in_the_mail_and_sees_none(
    app: Flask, client: FlaskClient, film: Event
) -> None:
    form = fields_of(client.get("/events/film/register").text)
    typed = form | {
        "full_name": "Ada Sample",
        "email": "ada@example.org",
        "organization": "Town",
    }
    page = client.post("/events/film/register", data=typed, follow_redirects=True)
    assert heading(page) == "You are registered"
    assert "The link to watch is in the mail that goes to ada@" in words(page)
    assert "A mail with your link to watch" in words(page)
    assert "/join/" not in page.text
    assert OURS not in page.text
    (mail,) = deliver(app)
    assert [each for each in links_in(mail) if "/join/" in each]


def test_a_member_watches_after_two_presses(
    app: Flask, session: Session, film: Event
) -> None:
    account = make_account(session)
    made = make_registration(session, film, person_id=account.person_id)
    browser = app.test_client(user=account)
    card = browser.get("/events/film")
    assert "You are registered Watch now" in words(card)
    assert "Add to your calendar" not in words(card)
    with app.app_context():
        own = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    page = browser.get(f"/registrations/{own}")
    assert "You are registered Watch now" in words(page)
    assert "Add to your calendar" not in words(page)
    assert "It is open to you. Watch it whenever you like." in words(page)


def test_the_confirmation_leads_to_the_link_and_says_nothing_of_a_day(
    app: Flask, session: Session, film: Event
) -> None:
    make_registration(session, film)
    (mail,) = deliver(app)
    text = side(mail, "text/plain")
    assert "On demand, whenever you like" in text
    assert "Watch here: " in text
    for words_of_a_day in ("On the day", "Cannot come", "place is booked", "2030"):
        assert words_of_a_day not in text
    assert ">Watch now</a>" in side(mail, "text/html")
    assert [part for part in mail.walk() if part.get_filename()] == []


def test_nobody_is_reminded_of_what_has_no_time(
    app: Flask, session: Session, film: Event
) -> None:
    make_registration(session, film)
    for moment in (NOON, NOON + DAY, OVER):
        with writing(session):
            assert service.queue_reminders(session, now=moment) == 0


def test_the_button_leads_to_a_page_of_ours_that_only_its_link_opens(
    app: Flask, client: FlaskClient, session: Session, film: Event
) -> None:
    join = join_of(app, make_registration(session, film))
    assert heading(client.get(join)) == "Watch now"
    answer = client.post(join)
    assert (answer.status_code, answer.location) == (303, f"{join}/watch")
    page = client.get(answer.location)
    assert "This is a sample: there is nothing to play." in words(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(OURS).status_code == 404
    assert client.get("/join/nonsense/watch").status_code == 404


def test_what_runs_elsewhere_is_named_on_the_answer_alone(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    film = make_film(session, recording_url=THEIRS)
    join = join_of(app, make_registration(session, film))
    assert "video.example.org" not in client.get(join).text
    assert client.post(join).headers["Refresh"] == f"0; url={THEIRS}"
    led = client.get(f"{join}/watch")
    assert (led.status_code, led.location) == (303, join)


def test_who_gave_it_back_watches_no_more(
    app: Flask, client: FlaskClient, session: Session, film: Event
) -> None:
    made = make_registration(session, film)
    with writing(session):
        service.cancel(session, made.id, now=NOON)
    join = join_of(app, made)
    mails = {mail["Subject"]: side(mail, "text/plain") for mail in deliver(app)}
    farewell = mails["Your registration is cancelled: Sharing dispatch"]
    own = client.get(own_page_of(app, made))
    gone = "The link that opened it to you has ended."
    assert (gone in farewell, gone in words(own)) == (True, True)
    assert ("back to the others" in farewell, "back to the others" in own.text) == (
        False,
        False,
    )
    assert heading(client.get(join)) == "This link does not lead in"
    assert client.post(join).status_code == 409
    assert client.get(f"{join}/watch").location == join


def test_after_its_window_it_is_closed_and_its_address_is_nobodys(
    app: Flask, client: FlaskClient, session: Session, film: Event, at: SetClock
) -> None:
    join = join_of(app, make_registration(session, film))
    assert "Free through May 31" in words(client.get("/events/film"))
    at(OVER)
    page = client.get("/events/film")
    assert "Registration is closed" in words(page)
    assert "This event is over" not in words(page)
    assert "Registration ended on May 31, 2030." in words(page)
    assert OURS not in page.text
    assert client.get(OURS).status_code == 404
    assert "Recording" not in words(client.get("/events?past=1"))
    # Who registered in time goes on watching.
    assert client.post(join).location == f"{join}/watch"


def test_after_its_window_the_recording_is_open_where_staff_said_so(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    make_film(session, afterwards=Afterwards.RECORDING)
    at(OVER)
    assert f'href="{OURS}"' in client.get("/events/film").text
    assert client.get(OURS).status_code == 200


def test_a_new_address_after_the_window_still_gets_the_link_to_watch(
    app: Flask, session: Session, film: Event
) -> None:
    me = make_account(session, email="old@example.org")
    make_registration(session, film, person_id=me.person_id)
    deliver(app)
    with writing(session):
        asking = Asking(email="new@example.org")
        accounts.ask_for_address(session, me.person_id, asking, now=OVER)
    link_id = session.scalars(select(MailedLink.id)).one()
    with writing(session):
        service.take_new_address(session, link_id, now=OVER + DAY)
    details = select(OutboxMessage.to_address).where(
        OutboxMessage.kind == "registration.details"
    )
    assert session.scalars(details).all() == ["new@example.org"]


def test_staff_send_the_link_to_watch_again_after_the_window(
    app: Flask, session: Session, film: Event, at: SetClock
) -> None:
    browser = staff_browser(app, session)
    made = make_registration(session, film, email="ada@example.org")
    deliver(app)
    at(OVER + DAY)
    page = f"/staff/people/{made.person_id}"
    assert f"/staff/registrations/{made.id}/resend" in browser.get(page).text
    form = fields_of(browser.get(page).text)
    browser.post(f"/staff/registrations/{made.id}/resend", data=form)
    (mail,) = deliver(app)
    assert [each for each in links_in(mail) if "/join/" in each]


def test_its_last_day_counts_to_the_last_instant_and_the_link_comes_at_once(
    app: Flask, client: FlaskClient, session: Session, film: Event, at: SetClock
) -> None:
    last = OVER - timedelta(microseconds=1)
    at(last)
    assert "Free through May 31 · last day" in words(client.get("/events/film"))
    made = make_registration(session, film, at=last)
    (mail,) = deliver(app)
    assert f"http://csd.test{join_of(app, made)}" in links_in(mail)


def test_it_goes_on_until_the_last_of_its_prices_ends(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    paid = OfferDraft(
        price_cents=2500, opens_on=date(2030, 6, 1), closes_on=date(2030, 6, 30)
    )
    make_film(session, offers=[OfferDraft(closes_on=LAST), paid])
    at(OVER)
    page = words(client.get("/events/film"))
    assert "USD 25.00" in page
    assert "Register for this webinar" in page
    assert "Sharing dispatch" in words(client.get("/events"))
    at(OVER + 30 * DAY)
    assert "Sharing dispatch" not in words(client.get("/events"))
    assert "Registration is closed" in words(client.get("/events/film"))


def test_what_has_no_last_day_never_ends(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    members = OfferDraft(closes_on=LAST, audience=Audience.MEMBERS)
    everyone = OfferDraft(price_cents=2500)
    make_film(session, offers=[members, everyone])
    at(OVER + 1000 * DAY)
    assert "Register for this webinar" in words(client.get("/events/film"))
    assert "Sharing dispatch" in words(client.get("/events"))


def test_the_page_in_its_place_says_that_it_is_a_sample(
    app: Flask, client: FlaskClient, session: Session, film: Event
) -> None:
    join = join_of(app, make_registration(session, film))
    assert "This is a sample: there is nothing to play." in words(
        client.get(f"{join}/watch")
    )
