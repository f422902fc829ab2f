"""What staff type is kept by a script, and nothing is lost by closing the page."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import TypedForm
from csd_events.core.access import Role
from tests.browser.scenes import session_cookie
from tests.factories import make_account, make_event

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]


@pytest.fixture
def desk(
    app: Flask, browser: Browser, server: str, session: Session
) -> Iterator[BrowserContext]:
    """A browser in which somebody of the staff is signed in."""
    account = make_account(session, role=Role.SCHEDULER)
    with browser.new_context(base_url=server) as context:
        context.add_cookies([session_cookie(app, server, account)])
        yield context


def titles(session: Session) -> list[str]:
    session.rollback()
    session.expire_all()
    return [row.said("title") for row in session.scalars(select(TypedForm))]


def open_form(desk: BrowserContext, session: Session) -> Page:
    event = make_event(session, slug="talk", draft=True)
    page = desk.new_page()
    page.goto(f"/staff/events/{event.id}/edit")
    return page


def test_what_is_typed_is_kept_after_twenty_seconds_and_only_if_it_changed(
    desk: BrowserContext, session: Session
) -> None:
    page = open_form(desk, session)
    page.clock.install()
    page.reload()
    page.clock.run_for(21_000)
    assert titles(session) == []
    page.get_by_label("Title", exact=True).first.fill("Half a tit")
    page.clock.run_for(21_000)
    expect(page.locator("[data-kept]")).to_have_text(
        "What you typed is kept since 8:00 am, and not saved yet."
    )
    assert titles(session) == ["Half a tit"]


def test_leaving_the_page_keeps_it_and_coming_back_offers_it(
    desk: BrowserContext, session: Session
) -> None:
    page = open_form(desk, session)
    page.get_by_label("Title", exact=True).first.fill("Half a tit")
    form = page.url
    page.goto("/staff/events")
    page.wait_for_function(
        "async form => (await (await fetch(form)).text()).includes('Take it back')",
        arg=form,
    )
    page.goto(form)
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_label("Title", exact=True).first).to_have_value("Half a tit")


def test_what_is_saved_is_not_kept_as_well(
    desk: BrowserContext, session: Session
) -> None:
    page = open_form(desk, session)
    page.get_by_label("Title", exact=True).first.fill("A whole title")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", name="A whole title")).to_be_visible()
    assert titles(session) == []


def test_what_somebody_else_saved_meanwhile_keeps_its_lines_to_be_copied(
    desk: BrowserContext, session: Session
) -> None:
    """A block of a mail needs a line of its own: run together they say nothing."""
    event = make_event(session, slug="talk")
    mine, theirs = desk.new_page(), desk.new_page()
    for page in (mine, theirs):
        page.goto(f"/staff/events/{event.id}/words/registration.confirmed")
    words = theirs.get_by_label("Words", exact=True)
    typed = f"# Theirs\n\n{words.input_value()}"
    words.fill(typed)
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("Saved. Mails say it from now on.")).to_be_visible()
    same = mine.get_by_label("Words", exact=True)
    same.fill(f"{same.input_value()}\n\nMine.")
    mine.get_by_role("button", name="Save", exact=True).click()
    shown = mine.get_by_role("alert").get_by_role("definition")
    assert shown.inner_text().split("\n") == typed.split("\n")
