"""Getting out of announcements: by the mail program, by the page, signed in."""

import re
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.announcements.models import Subscription
from csd_events.audit.models import AuditEntry
from csd_events.core.errors import RefusedError
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from tests import announcing
from tests.announcing import leave, send, settle_in
from tests.desk import errors_in, fields_of
from tests.desk import send as fill_in
from tests.factories import make_event, make_member, make_registration
from tests.letters import by_address, deliver, links_in, side
from tests.visitors import heading, send_form, words

pytestmark = pytest.mark.usefixtures("now")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def association(app: Flask, session: Session) -> None:
    settle_in(app, announcements_a_week=7)


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, slug="talk", title="Sharing dispatch")
    member = make_member(session, email="ada@example.org", full_name="Ada Sample")
    make_registration(session, event, person_id=member.person_id, email=member.email)
    return event


def announce(app: Flask, event: Event | None = None) -> list[EmailMessage]:
    """Announce something, and return what went."""
    send(app, announcing.write(app, event))
    leave(app)
    return [mail for mail in deliver(app) if mail["List-Id"]]


def way_out(mail: EmailMessage) -> str:
    """Return the path by which a mail program unsubscribes."""
    found = re.fullmatch(r"<http://csd\.test(/[^>]+)>", str(mail["List-Unsubscribe"]))
    assert found
    return found[1]


def test_bulk_mail_has_list_unsubscribe_and_its_post_needs_no_cookie_or_redirect(
    app: Flask, session: Session, client: FlaskClient, event: Event
) -> None:
    """Case 39: it unsubscribes with its body alone; GET does nothing."""
    for audience, name in ((event, f"event-{event.id}"), (None, "members")):
        (mail,) = announce(app, audience)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == f"<{name}.announcements.csd.test>"
        path = way_out(mail)
        whole = f"\r\nList-Unsubscribe: <http://csd.test{path}>\r\n"
        assert whole.encode() in mail.as_bytes()
        looked = client.get(path)
        assert (looked.status_code, heading(looked)) == (200, "Unsubscribe?")
        assert len(announce(app, audience)) == 1
        for form in ("application/x-www-form-urlencoded", "multipart/form-data"):
            browser = app.test_client()
            answer = browser.post(path, data=ONE_CLICK, content_type=form)
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
        session.rollback()
        rows = select(Subscription.list_key).where(
            Subscription.unsubscribed_at.is_not(None)
        )
        assert name in session.scalars(rows).all()
    assert announce_nobody(app, event)
    assert announce_nobody(app, None)


def announce_nobody(app: Flask, event: Event | None) -> bool:
    """Tell whether nobody would get an announcement."""
    try:
        announce(app, event)
    except RefusedError:
        return True
    return False


def test_transactional_mails_survive_unsubscribing_from_announcements(
    app: Flask, session: Session, client: FlaskClient, event: Event
) -> None:
    """Case 40."""
    for audience in (event, None):
        (mail,) = announce(app, audience)
        client.post(way_out(mail), data=ONE_CLICK)
    make_event(session, slug="another")
    send_form(client, "another", email="ada@example.org")
    (mail,) = deliver(app)
    assert by_address([mail]) == {"ada@example.org": mail}
    assert mail["Subject"] == "You are registered: Sharing dispatch"
    assert mail["List-Unsubscribe"] is None


def test_the_link_names_one_list_and_one_person_and_opens_nothing_else(
    app: Flask, session: Session, client: FlaskClient, event: Event
) -> None:
    (mail,) = announce(app, event)
    token = way_out(mail).rpartition("/")[2]
    for path in ("/registrations/{}", "/join/{}", "/registrations/{}/cancel"):
        assert client.get(path.format(token)).status_code == 404
    session.rollback()
    row = session.scalars(select(Subscription)).one()
    with app.app_context():
        others = [
            links().token(purpose, row.id, 1)
            for purpose in Purpose
            if purpose is not Purpose.UNSUBSCRIBE
        ]
        unknown = links().token(Purpose.UNSUBSCRIBE, row.id + 1, 1)
    for other in (*others, unknown, "A" * 32, "example"):
        assert client.get(f"/unsubscribe/{other}").status_code == 404
        assert client.post(f"/unsubscribe/{other}", data=ONE_CLICK).status_code == 404
    page = client.get(way_out(mail))
    assert "ada@example.org" not in page.text
    assert "a•••@example.org" in page.text
    assert "Announcements about Sharing dispatch" in words(page)


def test_the_page_behind_the_link_has_a_button_and_says_what_still_comes(
    app: Flask, client: FlaskClient, event: Event
) -> None:
    (mail,) = announce(app, event)
    page = client.get(way_out(mail))
    done = client.post(way_out(mail), data=fields_of(page.text))
    assert heading(done) == "You are unsubscribed"
    assert "Confirmations, reminders and changes" in words(done)
    again = client.get(way_out(mail))
    assert heading(again) == "You are unsubscribed"
    assert "One-Click" not in again.text


def test_the_link_of_an_event_shows_its_list_and_the_members_and_switches_both(
    app: Flask, session: Session, client: FlaskClient, event: Event
) -> None:
    (mail,) = announce(app, event)
    path = f"{way_out(mail)}/preferences"
    page = client.get(path)
    assert fields_of(page.text)["lists"] == [f"event-{event.id}", "members"]
    assert "ada@example.org" not in page.text
    saved = client.post(path, data={"lists": ["members"]})
    assert saved.status_code == 200
    assert fields_of(saved.text)["lists"] == ["members"]
    assert announce_nobody(app, event)
    assert len(announce(app)) == 1
    client.post(path, data={"lists": [f"event-{event.id}"]})
    assert announce_nobody(app, None)
    assert len(announce(app, event)) == 1
    refused = client.post(path, data={"lists": ["event-999999"]})
    assert (refused.status_code, errors_in(refused)) == (422, ["Choose from the list"])
    session.rollback()
    done = select(AuditEntry.action, AuditEntry.actor_id).where(
        AuditEntry.subject_kind == "person"
    )
    assert session.execute(done.order_by(AuditEntry.id)).all() == [
        ("person.unsubscribed", None),
        ("person.subscribed_again", None),
        ("person.unsubscribed", None),
    ]


def test_who_is_signed_in_chooses_among_the_members_list_and_their_events(
    app: Flask, session: Session, event: Event
) -> None:
    other = make_event(session, slug="other", title="Not theirs")
    ada = announcing.find_account(session, "ada@example.org")
    browser = app.test_client(user=ada)
    page = browser.get("/me/announcements")
    assert fields_of(page.text)["lists"] == [f"event-{event.id}", "members"]
    assert other.title not in page.text
    answer = fill_in(browser, "/me/announcements", {"lists": [f"event-{event.id}"]})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert announce_nobody(app, None)
    assert len(announce(app, event)) == 1
    assert 'href="/me/announcements"' in browser.get("/me").text


def test_the_events_of_an_address_that_nobody_confirmed_show_nowhere(
    app: Flask, session: Session, event: Event
) -> None:
    ada = announcing.find_account(session, "ada@example.org")
    ada.person.email_confirmed_at = None
    session.commit()
    page = app.test_client(user=ada).get("/me/announcements")
    assert fields_of(page.text)["lists"] == "members"
    assert event.title not in page.text


def test_the_mail_says_why_it_came_how_to_get_out_and_where_the_association_is(
    app: Flask, event: Event
) -> None:
    for audience, why in (
        (event, "because of your registration for Sharing dispatch"),
        (None, "because you are a member of Association of Local Governments"),
    ):
        (mail,) = announce(app, audience)
        for kind in ("text/plain", "text/html"):
            shown = " ".join(side(mail, kind).split())
            assert "ada@example.org" in shown
            assert why in shown
            assert f"http://csd.test{way_out(mail)}" in shown
            assert announcing.ADDRESS in shown
        assert f"http://csd.test{way_out(mail)}" in links_in(mail)
