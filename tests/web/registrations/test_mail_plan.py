"""Staff see of each person what was sent, what is planned, and why something is not."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.registrations import service
from csd_events.registrations.models import Registration
from tests.desk import staff_browser
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    call_off,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver

MINUTE = timedelta(minutes=1)
SetClock = Callable[[datetime], None]


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def made(session: Session) -> Registration:
    """A place at an event in ten days."""
    return make_registration(session, make_event(session, slug="talk"))


def rows(browser: FlaskClient, made: Registration) -> list[list[str]]:
    """Read what is planned for somebody, row by row."""
    page = browser.get(f"/staff/registrations/{made.id}/mails").text
    table = page.partition('id="plan"')[2].partition("</table>")[0]
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]:
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        plain = [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]
        found.append([" ".join(cell.split()) for cell in plain])
    return found


def sent(browser: FlaskClient, made: Registration) -> list[str]:
    page = browser.get(f"/staff/registrations/{made.id}/mails").text
    so_far = page.partition('id="plan"')[0]
    return re.findall(r'href="/staff/outbox/\d+">(.*?)</a>', so_far)


def test_what_was_sent_and_what_is_planned(
    app: Flask, browser: FlaskClient, made: Registration
) -> None:
    deliver(app)
    assert sent(browser, made) == ["Confirmation"]
    assert rows(browser, made) == [
        ["Reminder, 7 days before", "Sat, May 4, 8:00 am ET", "Yes"],
        ["Reminder, 1 day before", "Fri, May 10, 8:00 am ET", "Yes"],
        ["Reminder, 1 hour before", "Sat, May 11, 7:00 am ET", "Yes"],
        ["After the event", "Sun, May 12, 9:00 am ET", "Yes"],
    ]


def test_a_notice_that_can_still_be_undone_is_planned_until_it_is_told(
    app: Flask, browser: FlaskClient, session: Session, made: Registration
) -> None:
    with writing(session):
        service.cancel_event(session, made.event_id, note="", now=NOON)
    notice = ["Event cancelled", "Wed, May 1, 8:05 am ET", "Yes"]
    assert rows(browser, made)[0] == notice
    with writing(session):
        service.tell_of_cancellations(session, now=NOON + 5 * MINUTE)
    assert notice[0] not in [row[0] for row in rows(browser, made)]
    assert notice[0] in sent(browser, made)


def test_a_reminder_that_has_gone_is_no_plan_any_more(
    app: Flask, browser: FlaskClient, session: Session, made: Registration, at: SetClock
) -> None:
    at(NOON + 3 * DAY)
    with writing(session):
        service.queue_reminders(session, now=NOON + 3 * DAY)
    deliver(app)
    assert sent(browser, made) == ["Confirmation", "Reminder"]
    assert [row[0] for row in rows(browser, made)] == [
        "Reminder, 1 day before",
        "Reminder, 1 hour before",
        "After the event",
    ]


def test_why_something_is_not_sent_is_said(
    browser: FlaskClient, session: Session, made: Registration
) -> None:
    with writing(session):
        service.switch_reminders(
            session, made.id, link_version=made.link_version, off=True
        )
    off = "No. They switched the mails around this event off."
    assert [row[2] for row in rows(browser, made)] == [off] * 4
    call_off(session, made.event_id)
    assert [row[2] for row in rows(browser, made)] == [
        "No. The event is cancelled."
    ] * 4


def test_the_plan_holds_what_a_run_at_each_moment_sends(
    app: Flask, browser: FlaskClient, session: Session, made: Registration, at: SetClock
) -> None:
    planned = rows(browser, made)
    for lead in (7 * DAY, DAY, DAY / 24):
        moment = NOON + 10 * DAY - lead
        at(moment)
        with writing(session):
            assert service.queue_reminders(session, now=moment) == 1
        assert [row[0] for row in rows(browser, made)] == [
            row[0] for row in planned[1:]
        ]
        planned = planned[1:]
    moment = NOON + 11 * DAY + HOUR  # 9 am where it took place
    at(moment)
    with writing(session):
        assert service.queue_follow_ups(session, now=moment - MINUTE) == 0
        assert service.queue_follow_ups(session, now=moment) == 1
    assert ([row[0] for row in planned], rows(browser, made)) == (
        ["After the event"],
        [],
    )


def test_the_list_of_people_leads_to_the_mails_of_each(
    browser: FlaskClient, made: Registration
) -> None:
    page = browser.get(f"/staff/events/{made.event_id}/registrations").text
    assert f'href="/staff/registrations/{made.id}/mails"' in page


def test_announcements_are_said_to_be_elsewhere_and_one_link_away(
    browser: FlaskClient, made: Registration
) -> None:
    page = browser.get(f"/staff/registrations/{made.id}/mails").text

    assert "Announcements are not among these." in page
    assert f'href="/staff/people/{made.person_id}"' in page
