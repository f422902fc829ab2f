"""The mail as staff see it."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.outbox import service
from csd_events.outbox.message import Body
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import PER_PAGE
from csd_events.outbox.rules import State
from tests.desk import fields_of
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver
from tests.mailing import KIND, people, queue
from tests.visitors import errors_on, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
LIST = "/staff/outbox"
TEXT = "See <b>you</b>: https://csd.test/registrations/abcdef"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    """The browser of someone who schedules."""
    return app.test_client(user=make_account(session, role=Role.SCHEDULER))


def newest(session: Session) -> int:
    session.expire_all()
    query = select(OutboxMessage.id).order_by(OutboxMessage.id.desc())
    found = session.scalars(query).first()
    session.rollback()
    assert found
    return found


def put(session: Session, message_id: int, **values: object) -> None:
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values)
    )
    session.commit()


def addresses(page: str) -> list[str]:
    cells = re.findall(r'<td class="address">(.*?)</td>', page)
    return [cell.replace("<wbr>", "") for cell in cells]


def send_again(browser: FlaskClient, message_id: int) -> tuple[int, str]:
    page = browser.get(f"{LIST}/{message_id}").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    path = f"{LIST}/{message_id}/send-again"
    answer = browser.post(path, data={"csrf_token": token[1]})
    return answer.status_code, answer.headers.get("Location", "")


def test_visitors_and_members_do_not_see_the_mail(app: Flask, session: Session) -> None:
    member = app.test_client(user=make_account(session))
    statuses = [each.get(LIST).status_code for each in (app.test_client(), member)]
    assert statuses == [401, 403]


def test_a_mail_on_its_way_shows_no_time_but_now(
    browser: FlaskClient, session: Session
) -> None:
    """What its row holds then is the end of a lease."""
    queue(session, "ada@example.org")
    mail = newest(session)
    put(session, mail, state=State.SENDING, due_at=NOON + timedelta(minutes=5))
    page = browser.get(LIST).text
    assert re.search(r"Sending</span>\s*</td>\s*<td>\s*now\s*</td>", page)
    assert "Next try" not in browser.get(f"{LIST}/{mail}").text


def test_the_list_shows_the_newest_first_and_leads_on(
    browser: FlaskClient, session: Session
) -> None:
    queue(session, *people(PER_PAGE + 2))
    top = browser.get(LIST).text
    assert addresses(top)[0] == f"person{PER_PAGE + 2}@example.org"
    older = re.search(r'rel="next"\s+href="([^"]+)"', top)
    assert older
    rest = browser.get(html.unescape(older[1])).text
    assert addresses(rest) == ["person2@example.org", "person1@example.org"]
    newer = re.search(r'rel="prev"\s+href="([^"]+)"', rest)
    assert newer
    assert addresses(browser.get(html.unescape(newer[1])).text) == addresses(top)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=failed", ["person2@example.org"]),
        ("attention=1", ["person2@example.org"]),
        (f"kind={KIND}", ["person2@example.org", "person1@example.org"]),
        (f"kind={KIND}&state=queued", ["person1@example.org"]),
        ("state=sent", []),
        ("before=x&after=%2B1", ["person2@example.org", "person1@example.org"]),
        ("before=9999999999999999999", ["person2@example.org", "person1@example.org"]),
    ],
)
def test_filters_are_part_of_the_address(
    browser: FlaskClient, session: Session, query: str, shown: list[str]
) -> None:
    queue(session, *people(2))
    put(session, newest(session), state=State.FAILED)
    answer = browser.get(f"{LIST}?{query}")
    assert (answer.status_code, addresses(answer.text)) == (200, shown)


@pytest.mark.parametrize("query", ["state=lost", "kind=none.such"])
def test_a_filter_that_names_nothing_is_not_found(
    browser: FlaskClient, query: str
) -> None:
    assert browser.get(f"{LIST}?{query}").status_code == 404


def test_a_mail_is_shown_as_it_went_with_its_links_dead(
    browser: FlaskClient, session: Session, now: datetime
) -> None:
    queue(session, "ada@example.org")
    message_id = newest(session)
    body = Body(subject="Hello", text=TEXT, headers={"To": "Ada <ada@example.org>"})
    service.keep_body(session, message_id, body, now=now)
    put(session, message_id, state=State.SENT, sent_at=now, note="250 taken")
    page = browser.get(f"{LIST}/{message_id}").text
    letter = re.search(r'<div class="letter"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert letter
    assert letter[1] == html.escape(TEXT)
    assert "Ada &lt;ada@example.org&gt;" in page


def test_a_mail_that_waits_has_no_words_yet_and_says_why(
    browser: FlaskClient, session: Session
) -> None:
    queue(session, "ada@example.org")
    page = browser.get(f"{LIST}/{newest(session)}").text
    written = "It is written when it goes, so that it says what is true by then."
    assert (written in page, "Its words are not kept." in page) == (True, False)


def test_a_mail_whose_words_are_not_kept_says_so(
    browser: FlaskClient, session: Session
) -> None:
    queue(session, "ada@example.org", kind="accounts.sign_in_link")
    put(session, newest(session), state=State.SENT)
    page = browser.get(f"{LIST}/{newest(session)}").text
    assert ("Its words are not kept." in page, "Send again" in page) == (True, False)


def test_a_mail_that_is_not_there_is_not_found(browser: FlaskClient) -> None:
    paths = [f"{LIST}/1", f"{LIST}/{2**63}", f"{LIST}/1/send-again"]
    assert [browser.get(path).status_code for path in paths] == [404, 404, 405]


def test_sending_again_leads_to_the_new_mail_and_is_offered_once(
    browser: FlaskClient, session: Session
) -> None:
    queue(session, "ada@example.org")
    first = newest(session)
    put(session, first, state=State.FAILED)
    answer = send_again(browser, first)
    second = newest(session)
    assert answer == (303, f"{LIST}/{second}")
    assert "on its way again" in browser.get(answer[1]).text
    offers = [
        "Send again" in browser.get(f"{LIST}/{each}").text for each in (first, second)
    ]
    assert offers == [False, False]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": State.QUEUED}, "This mail is still on its way."),
        ({"kind": "accounts.sign_in_link"}, "This mail held a private link."),
    ],
)
def test_a_button_pressed_too_late_says_why_nothing_was_sent(
    browser: FlaskClient, session: Session, change: dict[str, object], words: str
) -> None:
    queue(session, "ada@example.org")
    message_id = newest(session)
    put(session, message_id, state=State.SENT)
    page = browser.get(f"{LIST}/{message_id}").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    put(session, message_id, **change)
    path = f"{LIST}/{message_id}/send-again"
    answer = browser.post(path, data={"csrf_token": token[1]}, follow_redirects=True)
    assert words in answer.text
    assert newest(session) == message_id


def press(browser: FlaskClient, what: str, **typed: str) -> TestResponse:
    session_keys = fields_of(browser.get(LIST).text)
    return browser.post(f"{LIST}/{what}", data=session_keys | typed)


def test_mail_that_staff_hold_waits_and_goes_when_they_let_it(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    for _ in range(2):
        make_registration(session, event)
    answer = press(browser, "hold")
    assert answer.location == LIST
    assert deliver(app) == []
    page = words(browser.get(LIST))
    assert "No mail goes" in page
    assert "has held it since Wed, May 1, 8:00 am ET" in page
    assert "All mail is held back" in words(browser.get("/staff"))
    press(browser, "let-go")
    assert len(deliver(app)) == 2
    session.rollback()
    trail = select(AuditEntry.action).where(AuditEntry.subject_kind == "mail")
    assert session.scalars(trail.order_by(AuditEntry.id)).all() == [
        "mail.held", "mail.let_go",
    ]  # fmt: skip


def test_holding_again_changes_nothing(browser: FlaskClient, session: Session) -> None:
    for _ in range(2):
        press(browser, "hold")
    session.rollback()
    held = select(AuditEntry.id).where(AuditEntry.action == "mail.held")
    assert len(session.scalars(held).all()) == 1


def test_an_administrator_says_how_many_mails_go_in_a_minute(
    app: Flask, session: Session, at: SetClock
) -> None:
    account = make_account(session, role=Role.ADMINISTRATOR)
    browser = app.test_client(user=account)
    press(browser, "rate", per_minute="3")
    event = make_event(session)
    for _ in range(8):
        make_registration(session, event)
    gone = []
    for seconds in (0, 1, 59, 61, 90, 121, 300):
        at(NOON + timedelta(seconds=seconds))
        gone.append(len(deliver(app)))
    assert gone == [3, 0, 0, 3, 0, 2, 0]
    press(browser, "rate", per_minute="")
    for _ in range(9):
        make_registration(session, event)
    assert len(deliver(app)) == 9


def test_a_number_of_mails_that_is_none_is_said_beside_it(
    app: Flask, session: Session
) -> None:
    browser = app.test_client(user=make_account(session, role=Role.ADMINISTRATOR))
    answer = press(browser, "rate", per_minute="many")
    assert answer.status_code == 422
    assert errors_on(answer) == {
        "per_minute": "Mails a minute, at most must be a whole number from 1 to 100,000"
    }


def test_who_schedules_reads_how_fast_mail_goes_and_does_not_say_it(
    browser: FlaskClient, session: Session
) -> None:
    with writing(session):
        service.set_rate(session, 20, now=NOON, actor_id=None)
    page = browser.get(LIST)
    assert "At most 20 mails go in a minute." in words(page)
    assert 'name="per_minute"' not in page.text
    assert browser.post(f"{LIST}/rate").status_code == 403


def test_a_failed_mail_goes_to_another_address_by_correcting_the_registrations(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    made = make_registration(session, make_event(session), email="ada@exmaple.org")
    deliver(app)
    number = newest(session)
    way = f'href="/staff/registrations/{made.id}/address"'
    assert way not in browser.get(f"{LIST}/{number}").text
    put(session, number, state=State.FAILED, sent_at=None, note="550 no such user")
    assert way in browser.get(f"{LIST}/{number}").text

    form = fields_of(browser.get(f"/staff/registrations/{made.id}/address").text)
    typed = form | {"email": "ada@example.org", "tell": "y"}
    browser.post(f"/staff/registrations/{made.id}/address", data=typed)

    to = [str(mail["To"]).rpartition("<")[2].rstrip(">") for mail in deliver(app)]
    assert sorted(to) == ["ada@example.org", "ada@exmaple.org"]


def test_a_failed_mail_whose_links_are_for_one_address_goes_to_no_other(
    browser: FlaskClient, session: Session
) -> None:
    queue(session, *people(1), kind="accounts.sign_in_link")
    number = newest(session)
    put(session, number, state=State.FAILED, note="550 no such user")
    page = browser.get(f"{LIST}/{number}").text
    assert "It goes to no other address" in page
    assert "Send to another address" not in page
