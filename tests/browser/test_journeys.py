"""What people come for, from the first page to the last, counted as they feel it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.access import Role
from csd_events.events.rules import OfferDraft
from csd_events.registrations.models import Registration
from tests.browser.looking import faults_of
from tests.browser.scenes import SignIn
from tests.factories import (
    DAY,
    NOON,
    PASSWORD,
    make_account,
    make_event,
    make_member,
    make_registration,
)
from tests.letters import deliver, links_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]

At = Callable[[datetime], None]
WANTED = {
    "Full name": "Ada Sample",
    "Email": "ada@example.org",
    "Municipality or organization": "Town of Sample",
}


class Steps:
    """Counts the pages a browser opens, and what it asks a server for them."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.resource_type == "document":
            self.requests.append(f"{request.method} {urlsplit(request.url).path}")

    @property
    def shapes(self) -> list[str]:
        """The requests without what differs from run to run."""
        return [step.rpartition("/")[0] or step for step in self.requests]


def test_a_guest_registers_on_one_page_with_three_fields(
    page: Page, app: Flask, session: Session
) -> None:
    make_event(session, slug="sharing-dispatch", title="Sharing dispatch")
    page.goto("/events")
    steps = Steps(page)
    page.get_by_role("link", name="Sharing dispatch").click()
    page.get_by_role("link", name="Register for this webinar").click()
    _fill_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
    assert steps.requests[:3] == [
        "GET /events/sharing-dispatch",
        "GET /events/sharing-dispatch/register",
        "POST /events/sharing-dispatch/register",
    ]
    assert steps.shapes[3:] == ["GET /registrations"]
    assert _told(app) == ["ada@example.org"]


def test_the_link_in_the_mail_opens_the_registration_and_confirms_the_address(
    page: Page, app: Flask, session: Session
) -> None:
    event = make_event(session)
    _register(page, event.slug)
    expect(page.get_by_role("link", name="Cancel your registration")).to_have_count(0)
    page.goto(_path_in(deliver(app)[0], "/registrations/"))
    assert page.get_by_text("CSD-").count() == 1
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page.get_by_text("Is this your address?")).to_have_count(0)


def test_who_cancels_makes_room_for_the_next_who_hears_of_it(
    page: Page, app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    _register(page, event.slug)
    (mail,) = deliver(app)
    make_registration(session, event, email="next@example.org")
    deliver(app)
    page.goto(_path_in(mail, "/registrations/"))
    page.get_by_role("link", name="Cancel your registration").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Your registration is cancelled"
    )
    assert _told(app) == ["ada@example.org", "next@example.org"]


def test_a_scanner_that_opens_every_link_of_a_mail_changes_nothing(
    page: Page, app: Flask, session: Session
) -> None:
    event = make_event(session)
    _register(page, event.slug)
    (mail,) = deliver(app)
    before = _standing(session)
    for link in links_in(mail):
        page.request.get(_here(link))
    assert _standing(session) == before
    assert deliver(app) == []


def test_a_member_registers_with_two_clicks_and_types_nothing(
    page: Page, session: Session
) -> None:
    make_event(session, slug="sharing-dispatch", title="Sharing dispatch")
    member = make_member(session)
    _sign_in(page, member.email)
    page.goto("/events")
    steps = Steps(page)
    page.get_by_role("link", name="Sharing dispatch").click()
    page.get_by_role("button", name="Register for this webinar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
    assert steps.shapes == [
        "GET /events",
        "POST /events/sharing-dispatch",
        "GET /registrations",
    ]
    assert page.get_by_text("CSD-").count() == 1


def test_everything_works_with_scripts_off(
    browser: Browser, server: str, app: Flask, session: Session
) -> None:
    event = make_event(session)
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"/events/{event.slug}/register")
        page.get_by_role("button", name="Register for this webinar").click()
        expect(page).to_have_title(re.compile("^Error: "))
        _fill_in(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
        page.goto(_path_in(deliver(app)[0], "/registrations/"))
        page.get_by_role("button", name="Yes, it is mine").click()
        page.get_by_role("link", name="Cancel your registration").click()
        page.get_by_role("button", name="Yes, cancel it").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Your registration is cancelled")


def test_a_member_signs_in_and_registers_with_scripts_off(
    browser: Browser, server: str, session: Session
) -> None:
    event, member = make_event(session), make_member(session)
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        page = context.new_page()
        _sign_in(page, member.email)
        page.goto(f"/events/{event.slug}")
        page.get_by_role("button", name="Register for this webinar").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")
        page.locator("summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in")).to_have_count(1)


def test_the_join_page_works_for_a_guest_and_leads_into_the_room(
    page: Page, app: Flask, session: Session, at: At
) -> None:
    event = make_event(session, starts_at=NOON + DAY)
    _register(page, event.slug)
    (mail,) = deliver(app)
    page.context.route(
        "https://rooms.example.org/**", lambda route: route.fulfill(body="The room")
    )
    page.goto(_path_in(mail, "/join/"))
    expect(page.get_by_role("button", name="Join now")).to_have_count(0)
    at(NOON + DAY - timedelta(minutes=5))
    page.reload()
    page.get_by_role("button", name="Join now").click()
    page.wait_for_url("https://rooms.example.org/secret-room")


def test_a_form_that_was_open_too_long_loses_nothing(
    page: Page, session: Session, at: At
) -> None:
    event = make_event(session, offers=[OfferDraft(closes_on=NOON.date())])
    at(datetime(2030, 5, 2, 3, 30, tzinfo=NOON.tzinfo))  # half past eleven in New York
    page.goto(f"/events/{event.slug}/register")
    expect(page.get_by_text("You can send this form until")).to_have_count(1)
    at(datetime(2030, 5, 2, 4, 16, tzinfo=NOON.tzinfo))
    _fill_in(page)
    for words in WANTED.values():
        expect(page.locator("main")).to_contain_text(words)
    assert faults_of(page) == []


def test_a_token_of_another_day_loses_nothing(page: Page, session: Session) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}/register")
    page.evaluate("document.querySelector('[name=ticket]').value = 'of another day'")
    _fill_in(page)
    expect(page.get_by_role("alert")).to_contain_text("open for a long time")
    kept = {label: page.get_by_label(label).input_value() for label in WANTED}
    assert (kept, faults_of(page)) == (WANTED, [])
    page.get_by_role("button", name="Register for this webinar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")


def test_staff_publish_a_webinar_with_nine_fields_on_one_page(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    sign_in(make_account(session, role=Role.SCHEDULER))
    page.goto("/staff")
    steps = Steps(page)
    page.get_by_role("link", name="New event").first.click()
    page.get_by_role("link", name="Webinar, live").click()
    _fill_in_nine(page)
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Published: everybody can see it.")).to_be_visible()
    assert steps.shapes == [
        "GET /staff/events",
        "GET /staff/events/new",
        "POST /staff/events/new",
        "GET /staff/events",
    ]
    page.goto("/events")
    row = page.get_by_role("listitem").filter(has_text="Sharing dispatch")
    expect(row).to_contain_text("Free until Jun 5")
    expect(row).to_contain_text("Wed, Jun 12, 2:00 pm ET")


def _fill_in_nine(page: Page) -> None:
    """Type what it takes to publish a webinar; a date is one field of three boxes."""
    fields = {
        "Title": "Sharing dispatch",
        "Summary": "What three counties learned from one dispatch center.",
        "Starts at": "2:00 pm",
        "Ends at": "3 pm",
        "Platform link": "https://meet.example.org/dispatch",
        "Places": "500",
        "Price": "0",
    }
    for label, words in fields.items():
        page.get_by_role("textbox", name=re.compile(f"^{label}")).first.fill(words)
    for legend, day in {"Date": (6, 12, 2030), "Last day": (6, 5, 2030)}.items():
        boxes = page.get_by_role("group", name=re.compile(f"^{legend}")).first
        for box, number in zip(boxes.get_by_role("textbox").all(), day, strict=True):
            box.fill(str(number))


def _register(page: Page, slug: str) -> None:
    page.goto(f"/events/{slug}/register")
    _fill_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are registered")


def _fill_in(page: Page) -> None:
    """Type what the three required fields ask, and press the form's button."""
    for label, words in WANTED.items():
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Register for this webinar").click()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _told(app: Flask) -> list[str]:
    """Deliver what is due, and return whom it went to."""
    return sorted(parseaddr(mail["To"])[1] for mail in deliver(app))


def _standing(session: Session) -> list[tuple[object, ...]]:
    columns = (
        Registration.state,
        Registration.sequence,
        Registration.life,
        Person.email_confirmed_at,
    )
    session.rollback()
    return [tuple(row) for row in session.execute(select(*columns).join(Person))]


def _path_in(mail: EmailMessage, start: str) -> str:
    """Return the path of a mail's first link of a kind."""
    return next(
        path for link in links_in(mail) if (path := _here(link)).startswith(start)
    )


def _here(link: str) -> str:
    """Return the path of a link: the tests' server has another address than ours."""
    return urlsplit(link).path
