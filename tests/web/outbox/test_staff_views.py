"""The mail as staff see it."""

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.outbox import service
from csd_events.outbox.message import Body
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import PER_PAGE
from csd_events.outbox.rules import State
from tests.factories import NOON, make_account
from tests.mailing import KIND, people, queue

pytestmark = pytest.mark.usefixtures("now")

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
