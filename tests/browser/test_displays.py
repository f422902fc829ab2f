"""The same pages on other displays: magnified, on paper, in forced colors, at rest."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events.rules import Audience, OfferDraft, SessionDraft
from csd_events.organizations import service
from csd_events.organizations.rules import Term
from csd_events.organizations.service import NewOrganization
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service as registrations
from tests.browser.looking import faults_of
from tests.browser.scenes import SignIn
from tests.factories import (
    NOON,
    make_account,
    make_event,
    make_member,
    make_registration,
    writing,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]

#: What stands on the page and can be seen, each text once.
SHOWN = """() => [...document.querySelectorAll("main *")].filter((e) =>
    e.children.length == 0 && e.textContent.trim() && e.checkVisibility())
    .map((e) => e.textContent.trim())"""
#: Words of tables that are broken over two lines, but for what is folded away.
BROKEN = """() => [...document.querySelectorAll(".table *:not(details *)")]
    .flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType == Node.TEXT_NODE)
    .flatMap((n) => [...n.data.matchAll(/[\\w@.]+/g)].filter((word) => {
        const range = new Range();
        range.setStart(n, word.index);
        range.setEnd(n, word.index + word[0].length);
        return range.getClientRects().length > 1;
    }).map((word) => word[0]))"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
SOME = (Audience.MEMBERS, Audience.OTHERS)
MOVING = """() => document.getAnimations().length + [...document.querySelectorAll("*")]
    .filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0.01).length"""


def test_at_twice_the_size_nothing_is_lost(
    browser: Browser, server: str, session: Session
) -> None:
    """A window of 1280 pixels at 200 % is one of 640 with two dots to a pixel."""
    event = make_event(session)
    shown = []
    for width, scale in ((1280, 1), (640, 2)):
        window: ViewportSize = {"width": width, "height": 800 // scale}
        with browser.new_context(
            base_url=server, viewport=window, device_scale_factor=scale
        ) as context:
            page = context.new_page()
            page.goto(f"/events/{event.slug}")
            shown.append(sorted(page.evaluate(SHOWN)))
            button = page.get_by_role("link", name="Register for this webinar")
            button.scroll_into_view_if_needed()
            expect(button).to_be_in_viewport(ratio=1)
    assert shown[0] == shown[1]


def test_text_at_twice_the_size_stays_within_the_page(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.goto(f"/events/{event.slug}/register")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert faults_of(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/events",
        "/events/talk",
        "/events/talk/register",
        "/events/off/register",
        "/library/research-summary",
    ],
)
def test_text_at_twice_the_size_stays_within_a_phone(
    page: Page, session: Session, path: str
) -> None:
    """Also a word as long as *Cancelled*, a price, and what wants to stay on a line."""
    prices = [OfferDraft(audience=each, price_cents=4900) for each in SOME]
    start = SessionDraft(wall_start=datetime(2030, 5, 11, 8), zone="America/New_York")  # noqa: DTZ001 - a wall clock
    title = "Managing Collaboration"
    make_event(session, slug="talk", title=title, offers=prices, sessions=[start])
    off = make_event(session, slug="off", title=title)
    with writing(session):
        registrations.cancel_event(session, off.id, note="", now=NOON)
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("width", [640, 470, 375, 320])
def test_forms_of_the_staff_at_twice_the_size_scroll_nowhere_sideways(
    page: Page, session: Session, sign_in: SignIn, width: int
) -> None:
    """The three boxes of a date go below each other where they have no room."""
    event = make_event(session, title="Managing Collaboration")
    sign_in(make_account(session, role=Role.ADMINISTRATOR))
    page.set_viewport_size({"width": width, "height": 900})
    at = f"/staff/events/{event.id}"
    forms = [f"{at}/{name}" for name in ("edit", "repeat", "copy", "move", "postpone")]
    forms += ["/staff/events/new/webinar", "/staff/events/new/training", "/staff/audit"]
    sideways = {}
    for path in forms:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        sideways[path] = page.evaluate(SIDEWAYS)
    page.goto(f"{at}/repeat")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.get_by_label("How many more times").fill("3")
    page.get_by_role("button", name="Show the days").click()
    expect(page.get_by_role("heading", name="3 days")).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    sideways["the days"] = page.evaluate(SIDEWAYS)
    assert {path: by for path, by in sideways.items() if by > 0} == {}


def test_a_table_on_a_phone_keeps_words_and_addresses_whole(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    event = make_event(session)
    make_registration(session, event, email="alexandra.samplewell@example.org")
    sign_in(make_account(session, role=Role.ADMINISTRATOR))
    page.set_viewport_size({"width": 375, "height": 812})
    broken = {}
    for path in (f"/staff/events/{event.id}/registrations", "/staff/audit"):
        page.goto(path)
        broken[path] = page.evaluate(BROKEN)
    assert [words for words in broken.values() if words] == []


def test_tables_of_the_staff_show_their_last_column_on_a_small_desktop(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    """At 1280 pixels no column of the desk, a list of people or a person is cut."""
    event = make_event(
        session, title="Sharing 911 Dispatch Without Losing Sleep", capacity=1500
    )
    member = make_member(session, email="alexandra.samplewell@example.org")
    make_registration(session, event, person_id=member.person_id, email=member.email)
    with writing(session):
        mail = select(func.max(OutboxMessage.id)).scalar_subquery()
        failed = {"state": MailState.FAILED, "note": "550 5.1.1 no such mailbox here"}
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id == mail).values(failed)
        )
    sign_in(make_account(session, role=Role.ADMINISTRATOR))
    page.set_viewport_size({"width": 1280, "height": 900})
    cut = {}
    for path in (
        "/staff",
        "/staff/events",
        f"/staff/events/{event.id}/registrations",
        f"/staff/people/{member.person_id}",
    ):
        page.goto(path)
        assert page.locator(".table-wrap").count() > 0
        cut[path] = max(
            page.locator(".table-wrap").evaluate_all(
                "(boxes) => boxes.map((box) => box.scrollWidth - box.clientWidth)"
            )
        )
    assert {path: by for path, by in cut.items() if by} == {}
    page.goto("/staff")
    problem = page.get_by_text("Last problem: 550 5.1.1 no such mailbox here")
    expect(problem).to_be_visible()


def test_filters_fold_into_a_line_on_a_phone_and_stand_open_where_there_is_room(
    page: Page, session: Session
) -> None:
    """The line says what is chosen, so that folding hides no choice."""
    make_event(session)
    page.goto("/events?kind=webinar&free=1")
    choice = page.get_by_role("link", name="Training programs")
    line = page.get_by_text("Filters: Webinars, Free now")
    expect(choice).to_be_visible()
    expect(line).to_be_hidden()
    page.set_viewport_size({"width": 375, "height": 812})
    expect(choice).to_be_hidden()
    expect(page.get_by_role("listitem").get_by_role("heading")).to_be_in_viewport()
    line.click()
    expect(choice).to_be_visible()


def test_a_roster_on_a_phone_is_read_without_scrolling_sideways(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    contact = make_account(session, email="alexandra.samplewell@example.org")
    with writing(session):
        city = service.create_organization(
            session, NewOrganization("City of X", state="NC"), now=NOON
        )
        service.affiliate(
            session,
            person_id=contact.person_id,
            organization_id=city,
            term=Term(NOON.date()),
            now=NOON,
            is_contact=True,
            position="Assistant to the city manager",
        )
    sign_in(contact)
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(f"/me/organizations/{city}")
    box = page.get_by_role("region", name="Roster")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    expect(page.get_by_role("rowheader")).to_have_count(1)


def test_nothing_moves_for_who_asked_for_rest(page: Page, session: Session) -> None:
    event = make_event(session)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/events/{event.slug}")
    assert page.evaluate(MOVING) == 0


def test_forced_colors_leave_the_button_and_the_state(
    page: Page, session: Session
) -> None:
    event = make_event(session)
    page.emulate_media(forced_colors="active")
    page.goto(f"/events/{event.slug}")
    button = page.get_by_role("link", name="Register for this webinar")
    border = button.evaluate("e => getComputedStyle(e).borderTopWidth")
    page.goto("/events")
    expect(page.get_by_text("Free until")).to_be_visible()
    assert border == "2px"


def test_a_registration_on_paper_holds_what_it_is_kept_for(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    event, member = make_event(session, title="Sharing dispatch"), make_member(session)
    held = make_registration(
        session, event, person_id=member.person_id, email=member.email
    )
    sign_in(member)
    page.goto("/me")
    page.get_by_role("link", name="Sharing dispatch").click()
    page.wait_for_url("**/registrations/*")
    page.emulate_media(media="print")
    expect(page.get_by_text(held.reference)).to_be_visible()
    expect(page.get_by_role("heading", name="Sharing dispatch")).to_be_visible()
    assert page.locator(".button:visible, nav:visible, .account:visible").count() == 0
