"""Staff write an announcement, see whom it reaches, try it, send it and watch it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.announcements.models import Announcement, Recipient
from csd_events.announcements.rules import Stage
from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.core.tokens import DEAD
from csd_events.events.models import Event
from csd_events.outbox.models import OutboxMessage
from tests import announcing
from tests.announcing import leave, settle_in
from tests.desk import (
    blamed,
    errors_in,
    fields_of,
    said,
    send,
    staff_browser,
)
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_member,
    make_registration,
)
from tests.letters import deliver, links_in, side
from tests.statements import counted
from tests.visitors import heading, hidden_on, words

pytestmark = pytest.mark.usefixtures("now")
Clock = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)
TYPED = {"subject": "Bring a map", "body": "Hello {name},\n\nsee {registration_link}"}


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    settle_in(app)
    return staff_browser(app, session)


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, slug="talk", title="Sharing dispatch", capacity=2)
    for name in ("ada", "bo", "cy"):
        make_registration(session, event, email=f"{name}@example.org", full_name=name)
    return event


def new_path(event: Event | None) -> str:
    return f"/staff/events/{event.id}/announcements/new" if event else NEW


NEW = "/staff/announcements/new"


def press(browser: FlaskClient, path: str, act: str) -> TestResponse:
    """Press a button of an announcement's page, as it stands there."""
    page = browser.get(path)
    data = {name: hidden_on(page, name) for name in ("csrf_token", "version")}
    return browser.post(f"{path}/{act}", data=data)


def row_of(session: Session) -> Announcement:
    session.rollback()
    newest = select(Announcement).order_by(Announcement.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one()


def test_a_newcomer_writes_sees_who_gets_it_tries_it_and_sends_it(
    app: Flask, session: Session, browser: FlaskClient, event: Event
) -> None:
    deliver(app)
    start = browser.get(f"/staff/events/{event.id}/messages")
    assert f'href="{new_path(event)}"' in start.text
    saved = send(browser, new_path(event), TYPED | {"states": ["confirmed"]})
    assert said(browser, saved) == ["Saved as a draft. Nobody has been written to."]
    path = saved.location
    page = browser.get(path)
    assert "Get it 2" in words(page) or "2 Get it" in words(page)
    assert "It leaves at once." in words(page)
    assert "ada@example.org" in words(page)
    assert "cy@example.org" not in words(page)
    assert "Send to 2 people" in words(page)

    tested = press(browser, path, "test")
    assert "Nobody else gets it." in said(browser, tested)[0]
    (test,) = deliver(app)
    assert test["Subject"] == "Test: Bring a map"
    assert "@example.org" in test["To"]
    assert "ada@" not in str(test["To"])

    sent = press(browser, path, "send")
    assert said(browser, sent) == ["Leaving now."]
    leave(app)
    assert sorted(mail["To"] for mail in deliver(app)) == [
        "ada <ada@example.org>",
        "bo <bo@example.org>",
    ]
    done = browser.get(path)
    assert "2 of 2 done (100 %)" in words(done)
    assert "Send to" not in words(done)


def test_the_number_beside_each_state_says_how_many_are_in_it(
    browser: FlaskClient, event: Event
) -> None:
    page = words(browser.get(new_path(event)))
    for state in ("Registered (2)", "A place is held for them (0)"):
        assert state in page
    assert "On the waiting list (1)" in page


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"subject": ""}, {"subject": "Enter the subject of the mail"}),
        ({"body": ""}, {"body": "Enter what the mail says"}),
        ({"states": []}, {"states": "Choose to whom it goes"}),
        (
            {"body": "Hi {nmae}"},
            {"body": "There is no {nmae} in this mail. Did you mean {name}?"},
        ),
        (
            {"subject": "On {zzz}"},
            {
                "subject": "There is no {zzz} in this mail. Choose from the list on "
                "this page"
            },
        ),
        (
            {"body": "Hi {nmae}, at {zzz} with {evnet}"},
            {
                "body": "There is no {nmae} in this mail. Did you mean {name}? There "
                "is no {zzz} in this mail. Choose from the list on this page. There "
                "is no {evnet} in this mail. Did you mean {event}?"
            },
        ),
        (
            {"subject": "See {registration_link}"},
            {"subject": "No address can stand in a subject. Write it below"},
        ),
        (
            {"body": "Hi {name"},
            {
                "body": "A brace stands alone at “{name”. Close it, or write it "
                "twice: {{"
            },
        ),
        *(
            (
                {"body": f"See [this]({target})"},
                {
                    "body": f"The link to “{target}” leads nowhere. Links begin with "
                    "https:// or mailto:, or are a name that ends with _link"
                },
            )
            for target in ("{name}", "/events", "http://csd.test")
        ),
        (
            {"subject": "x" * 201},
            {"subject": "Subject must be 200 characters or fewer"},
        ),
    ],
)
def test_what_is_wrong_with_the_words_is_said_beside_them_and_nothing_is_lost(
    session: Session,
    browser: FlaskClient,
    event: Event,
    typed: dict[str, Any],
    errors: dict[str, str],
) -> None:
    given = {"states": ["confirmed"]} | TYPED | typed
    answer = send(browser, new_path(event), given)
    assert (answer.status_code, blamed(answer)) == (422, errors)
    kept = fields_of(answer.text)
    assert (kept["subject"], kept["body"]) == (given["subject"], given["body"])
    session.rollback()
    assert session.scalars(select(Announcement)).all() == []


def test_a_name_of_an_event_means_nothing_to_members(browser: FlaskClient) -> None:
    answer = send(browser, NEW, {"subject": "On {event}", "body": "See {events_link}"})
    assert list(blamed(answer)) == ["subject"]


def test_two_who_save_one_draft_see_each_others_words_and_lose_neither(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    made = announcing.write(app, subject="First")
    path = f"/staff/announcements/{made}/edit"
    opened = fields_of(browser.get(path).text)
    send(staff_browser(app, session), path, {"subject": "Second"})
    answer = browser.post(path, data=opened | {"subject": "Third"})
    assert answer.status_code == 409
    assert "Second" in words(answer)
    kept = fields_of(answer.text)
    assert kept["subject"] == "Third"
    browser.post(path, data=kept)
    assert row_of(session).subject == "Third"


def test_what_is_sent_is_what_was_seen(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    make_member(session)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    opened = fields_of(browser.get(path).text)
    send(staff_browser(app, session), f"{path}/edit", {"subject": "Another"})
    answer = browser.post(f"{path}/send", data=opened)
    assert "somebody has changed it since" in said(browser, answer)[0]
    assert row_of(session).stage is Stage.DRAFT


def test_mail_to_more_than_twenty_stands_under_when_it_leaves_with_a_stop(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    announcing.make_crowd(session, 21)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    page = words(browser.get(path))
    assert "It leaves at 8:05 am ET. Until then you can stop it." in page
    sent = press(browser, path, "send")
    assert said(browser, sent) == ["Leaving at 8:05 am ET."]
    waiting = browser.get(path)
    assert "Leaving at 8:05 am ET" in words(waiting)
    assert "Refresh" not in waiting.headers
    stopped = press(browser, path, "call-back")
    assert said(browser, stopped) == ["Nobody was written to. It is a draft again."]
    assert leave(app, now=NOON + 10 * MINUTE) == 0
    assert "Send to 21 people" in words(browser.get(path))


def test_at_night_the_page_says_of_many_that_they_wait_and_that_it_can_be_stopped(
    app: Flask, session: Session, browser: FlaskClient, at: Clock
) -> None:
    announcing.make_crowd(session, 21)
    made = announcing.write(app)
    at(NOON - timedelta(hours=2))
    page = words(browser.get(f"/staff/announcements/{made}"))
    assert (
        "It leaves at 8:00 am ET. Until then you can stop it. "
        "Announcements leave between 8 am and 6 pm." in page
    )


def test_pressed_at_night_it_waits_until_eight_and_the_page_says_so(
    app: Flask, session: Session, browser: FlaskClient, at: Clock
) -> None:
    make_member(session)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    at(NOON - timedelta(hours=2))
    page = words(browser.get(path))
    assert "It leaves at 8:00 am ET." in page
    assert "Announcements leave between 8 am and 6 pm." in page
    press(browser, path, "send")
    at(NOON + timedelta(hours=12))
    assert leave(app, now=NOON + timedelta(hours=12)) == 0
    later = announcing.write(app)
    evening = words(browser.get(f"/staff/announcements/{later}"))
    assert "It leaves Thu, May 2, 8:00 am ET." in evening


def test_who_is_left_out_and_why_is_said_before_it_is_sent(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    make_member(session)
    unproven = make_member(session)
    unproven.person.email_confirmed_at = None
    session.commit()
    made = announcing.write(app)
    page = words(browser.get(f"/staff/announcements/{made}"))
    assert "Left out: 1 person has not confirmed the address" in page
    assert "Send to 1 person" in page


def test_progress_is_rows_done_of_rows_known_and_survives_a_reload(
    app: Flask, session: Session, browser: FlaskClient, at: Clock
) -> None:
    announcing.make_crowd(session, 30)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    press(browser, path, "send")
    moment = NOON + 5 * MINUTE
    at(moment)
    leave(app, now=moment, pieces=1)
    under_way = browser.get(path)
    assert "0 of 30 done (0 %)" in words(under_way)
    assert under_way.headers["Refresh"] == "3"
    assert "Refresh" not in browser.get(f"{path}?still=1").headers
    leave(app, now=moment)
    assert len(deliver(app)) == 30
    for _ in range(2):
        assert "30 of 30 done (100 %)" in words(browser.get(path))


def test_pause_go_on_and_stop_by_their_buttons(
    app: Flask, session: Session, browser: FlaskClient, at: Clock
) -> None:
    announcing.make_crowd(session, 30)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    press(browser, path, "send")
    moment = NOON + 5 * MINUTE
    at(moment)
    leave(app, now=moment, pieces=1)
    assert said(browser, press(browser, path, "pause")) == [
        "Paused. What has not left waits."
    ]
    assert "Paused" in words(browser.get(path))
    assert said(browser, press(browser, path, "resume")) == [
        "It goes on. Nobody gets it twice."
    ]
    ask = browser.get(f"{path}/stop")
    assert heading(ask) == "Stop this announcement for good?"
    assert "30 people will not get it." in words(ask)
    token = {"csrf_token": hidden_on(ask, "csrf_token")}
    stopped = browser.post(f"{path}/stop", data=token)
    assert said(browser, stopped) == ["Stopped for good. 0 people have it."]
    page = words(browser.get(path))
    assert "done (" not in page  # what was left out is not done
    assert "Left out 30" in page
    again = browser.post(f"{path}/stop", data=token)
    assert said(browser, again) == [
        "This announcement has moved on since. See how it stands."
    ]
    session.rollback()
    actions = select(AuditEntry.action).where(AuditEntry.subject_kind == "announcement")
    assert session.scalars(actions.order_by(AuditEntry.id)).all() == [
        "announcement.written",
        "announcement.sent_off",
        "announcement.paused",
        "announcement.resumed",
        "announcement.stopped",
    ]


def test_without_a_postal_address_the_page_says_where_to_enter_it(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    make_member(session)
    settle_in(app, postal_address="")
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    page = browser.get(path)
    assert "The association has no postal address" in words(page)
    assert "Send to" not in words(page)
    answer = press(browser, path, "send")
    assert "Nothing was sent: the association has no postal" in said(browser, answer)[0]
    administrator = staff_browser(app, session, role=Role.ADMINISTRATOR)
    assert "/staff/association#postal_address" in administrator.get(path).text


def test_preview_and_delivery_are_written_by_one_function(
    app: Flask, session: Session, browser: FlaskClient, event: Event
) -> None:
    """But for the secrets of links, which open nothing before it is delivered."""
    deliver(app)
    made = announcing.write(app, event, **TYPED)
    path = f"/staff/announcements/{made}"
    shown = browser.get(f"{path}/preview").text
    press(browser, path, "test")
    (test,) = deliver(app)
    press(browser, path, "send")
    leave(app)
    mail = next(mail for mail in deliver(app) if "ada@" in str(mail["To"]))
    secrets = {link.rpartition("/")[2] for link in links_in(mail)}
    assert len(secrets) == 2
    html, text = side(mail, "text/html"), side(mail, "text/plain")
    for secret in secrets:
        assert secret not in shown + side(test, "text/plain") + side(test, "text/html")
        html, text = html.replace(secret, DEAD), text.replace(secret, DEAD)
    assert html.replace("\r\n", "\n").strip() == shown.strip()
    assert side(test, "text/html") == html
    assert side(test, "text/plain") == text
    assert {link.rpartition("/")[2] for link in links_in(test)} == {DEAD}


def test_a_preview_runs_nothing_and_is_kept_by_nobody(
    app: Flask, browser: FlaskClient
) -> None:
    made = announcing.write(app, body="<script>alert(1)</script> {name}")
    answer = browser.get(f"/staff/announcements/{made}/preview")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>" not in answer.text


def test_staff_look_at_it_as_the_next_person_gets_it(
    app: Flask, session: Session, browser: FlaskClient, event: Event
) -> None:
    made = announcing.write(app, event)
    path = f"/staff/announcements/{made}"
    first = browser.get(path)
    assert "To ada, from" in words(first)
    link = first.text.partition(f"{path}?person=")[2].partition("#")[0]
    second = browser.get(f"{path}?person={link}")
    assert "To bo, from" in words(second)
    assert "As the next person" not in words(second)
    assert browser.get(f"{path}?person=999999").status_code == 404


def test_the_history_shows_what_went_what_waits_what_failed_and_who_was_left_out(
    app: Flask, session: Session, browser: FlaskClient, event: Event
) -> None:
    make_member(session)
    unproven = make_member(session)
    unproven.person.email_confirmed_at = None
    session.commit()
    announcing.send(app, announcing.write(app, subject="To members"))
    leave(app)
    deliver(app)
    announcing.write(app, event, subject="To registrants")
    page = browser.get("/staff/announcements")
    shown = words(page)
    assert "To members All members Sent Wed, May 1, 8:00 am ET 1 0 0 1" in shown
    assert "To registrants Sharing dispatch: registered Draft" in shown
    own = browser.get(f"/staff/events/{event.id}/announcements")
    assert "To registrants" in words(own)
    assert "To members" not in words(own)
    on_event = browser.get(f"/staff/events/{event.id}/messages")
    assert f'href="/staff/events/{event.id}/announcements"' in on_event.text


@pytest.mark.parametrize("path", ["/staff/announcements", "/staff/announcements/{}"])
def test_the_statements_of_a_page_do_not_grow_with_what_is_on_it(
    app: Flask, session: Session, browser: FlaskClient, path: str
) -> None:
    numbers = []
    browser.get("/staff/announcements")  # who the association is, it knows by then
    for crowd in (2, 60):
        announcing.make_crowd(session, crowd, prefix=f"of-{crowd}")
        made = 0
        for _ in range(crowd // 10 + 1):
            made = announcing.write(app)
        with counted(app) as said_to_the_database:
            assert browser.get(path.format(made)).status_code == 200
        numbers.append(len(said_to_the_database))
    assert numbers[0] == numbers[1]


def test_the_cap_is_set_by_administrators_where_they_set_the_association(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    administrator = staff_browser(app, session, role=Role.ADMINISTRATOR)
    path = "/staff/association"
    assert fields_of(administrator.get(path).text)["announcements_a_week"] == "2"
    typed = {"announcements_a_week": "1", "reply_address": "a@example.org"}
    assert send(administrator, path, typed).status_code == 303
    make_member(session)
    press(browser, f"/staff/announcements/{announcing.write(app)}", "send")
    leave(app)
    second = browser.get(f"/staff/announcements/{announcing.write(app)}")
    assert "1 person has had as many this week as one person may get" in words(second)
    wrong = send(administrator, path, typed | {"announcements_a_week": "99"})
    assert errors_in(wrong) == ["Choose one from the list"]


def test_two_of_the_staff_who_press_send_send_it_once(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    make_member(session)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    opened = fields_of(browser.get(path).text)
    for words_said in (
        "Leaving now.",
        "This announcement was sent off before. See how it stands.",
    ):
        pressed = browser.post(f"{path}/send", data=opened)
        assert said(browser, pressed) == [words_said]
    leave(app)
    session.rollback()
    assert len(session.scalars(select(Recipient)).all()) == 1
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_a_member_of_no_staff_cannot_open_them(
    app: Flask, session: Session, event: Event
) -> None:
    visitor = app.test_client(user=make_account(session))
    for path in (NEW, new_path(event), "/staff/announcements"):
        assert visitor.get(path).status_code == 403


def test_every_name_is_filled_for_its_reader(app: Flask, session: Session) -> None:
    """With the clock of a reader who has chosen a zone, and with no empty greeting."""
    settle_in(app)
    member = make_member(session, email="west@example.org", full_name="Wes Sample")
    member.person.zone = "America/Denver"
    session.commit()
    film = make_event(
        session,
        slug="film",
        title="A film",
        on_demand=True,
        sessions=[],
        recording_url="https://films.example.org/1",
    )
    for each in (film, make_event(session, slug="soon", title="A talk")):
        make_registration(
            session,
            each,
            person_id=member.person_id,
            email=member.email,
            full_name="Wes Sample",
        )
        make_registration(session, each, email="ad@example.org", full_name="buy.it")
        deliver(app)
        body = "{name} | {event} | {when} | {registration_link}"
        announcing.send(app, announcing.write(app, each, body=body))
        leave(app)
        mails = {str(m["To"]): side(m, "text/plain") for m in deliver(app)}
        told = {to: text.splitlines()[0].split(" | ") for to, text in mails.items()}
        when = {
            "A film": "On demand, whenever you like",
            "A talk": "Saturday, May 11, 2030, 8:00 am Eastern (UTC\N{MINUS SIGN}4)",
        }[each.title]
        yours = "" if each is film else " (6:00 am your time)"
        found = {to: parts[:3] for to, parts in told.items()}
        assert found == {
            "Wes Sample <west@example.org>": ["Wes Sample", each.title, when + yours],
            "ad@example.org": ["there", each.title, when],
        }
        links = {parts[3] for parts in told.values()}
        assert len(links) == 2
        for link in links:
            assert app.test_client().get(link).status_code == 200


def test_what_was_sent_off_is_not_edited_any_more(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    make_member(session)
    made = announcing.write(app)
    path = f"/staff/announcements/{made}"
    opened = fields_of(browser.get(f"{path}/edit").text)
    press(browser, path, "send")
    looked = browser.get(f"{path}/edit")
    assert (looked.status_code, looked.location) == (303, path)
    browser.get(path)
    answer = browser.post(f"{path}/edit", data=opened | {"subject": "Another"})
    assert said(browser, answer) == [
        "This announcement was sent off before. See how it stands."
    ]
    assert row_of(session).subject == "A map"


def test_what_is_wrong_with_a_draft_that_is_saved_again_is_said_too(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    made = announcing.write(app, areas=("fire_ems", "police"))
    path = f"/staff/announcements/{made}/edit"
    refused = send(browser, path, {"subject": ""})
    assert blamed(refused) == {"subject": "Enter the subject of the mail"}
    assert send(browser, path).status_code == 303
    assert row_of(session).version == 1
    shown = words(browser.get("/staff/announcements"))
    assert "Members, about Fire and emergency medical, Police" in shown
    actions = select(AuditEntry.action).where(AuditEntry.subject_kind == "announcement")
    assert session.scalars(actions).all() == ["announcement.written"]


def test_who_presses_stop_twice_is_told_that_it_has_moved_on(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    announcing.make_crowd(session, 21)
    path = f"/staff/announcements/{announcing.write(app)}"
    press(browser, path, "send")
    opened = fields_of(browser.get(path).text)
    for told in (
        "Nobody was written to. It is a draft again.",
        "This announcement has moved on since. See how it stands.",
    ):
        answer = browser.post(f"{path}/call-back", data=opened)
        assert said(browser, answer) == [told]


def test_a_page_that_was_open_for_long_sends_nothing(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    make_member(session)
    path = f"/staff/announcements/{announcing.write(app)}"
    answer = browser.post(f"{path}/send", data={"version": "1", "csrf_token": "old"})
    assert "Nothing was sent." in said(browser, answer)[0]
    assert row_of(session).stage is Stage.DRAFT


def test_an_announcement_that_is_not_there_is_not_found(
    app: Flask, browser: FlaskClient
) -> None:
    path = f"/staff/announcements/{announcing.write(app)}"
    opened = fields_of(browser.get(path).text)
    for page in ("", "/edit", "/preview", "/stop"):
        assert browser.get(f"/staff/announcements/999999{page}").status_code == 404
    for act in ("send", "test", "pause", "resume", "stop", "call-back"):
        answer = browser.post(f"/staff/announcements/999999/{act}", data=opened)
        assert answer.status_code == 404


def test_the_history_goes_on_page_by_page(app: Flask, browser: FlaskClient) -> None:
    for number in range(21):
        announcing.write(app, subject=f"Number {number:02}")
    first = browser.get("/staff/announcements")
    assert "Number 20" in words(first)
    assert "Number 00" not in words(first)
    older = re.search(r'href="(/staff/announcements\?after=\d+)"', first.text)
    assert older
    assert "Number 00" in words(browser.get(older[1]))


def test_where_nobody_would_get_it_the_page_says_what_to_change(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    talk = make_event(session, slug="talk")
    to_event, to_members = announcing.write(app, talk), announcing.write(app)

    assert "wait until somebody registers" in words(
        browser.get(f"/staff/announcements/{to_event}")
    )
    page = words(browser.get(f"/staff/announcements/{to_members}"))
    assert "Nobody would get it: write to other members, or to all." in page
    assert "registers" not in page
