"""Every page of the site, in its states, as a browser sees it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response, Route
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from csd_events.core.db import Base, db
from tests.browser.looking import Ear, faults_of, heavy_parts
from tests.browser.scenes import Scene, build, session_cookie
from tests.factories import NOON

pytestmark = pytest.mark.browser

REGISTER, WAIT = "Register for this webinar", "Join the waiting list"


@dataclass(frozen=True, slots=True)
class Look:
    """One page, who looks at it, and what is pressed on it first.

    Attributes:
        name: What the test is called.
        path: Its address; names in braces are filled in from the scene.
    """

    name: str
    path: str
    who: str | None = None
    status: int = 200
    press: str | None = None


LOOKS = [
    Look("front page", "/"),
    Look("front page, signed in", "/", "member"),
    Look("catalog", "/events"),
    Look(
        "catalog, narrowed", "/events?kind=webinar&area=dispatch_911&free=1&q=dispatch"
    ),
    Look("catalog, past", "/events?past=1"),
    Look("catalog, nothing", "/events?q=zebra"),
    Look("event, free", "/events/sharing-dispatch"),
    Look("event, free, signed in", "/events/sharing-dispatch", "account"),
    Look("event, registered", "/events/sharing-dispatch", "member"),
    Look("event, conference", "/events/fire-together"),
    Look("event, sessions", "/events/managing-shared-services"),
    Look("event, recording", "/events/worth-the-effort"),
    Look("event, long past", "/events/right-for-me"),
    Look("event, last day", "/events/last-day"),
    Look("event, not open", "/events/not-open"),
    Look("event, closed", "/events/closed"),
    Look("event, members only", "/events/members-only"),
    Look("event, members only, signed in", "/events/members-only", "account"),
    Look("event, full", "/events/full"),
    Look("event, full, signed in", "/events/full", "account"),
    Look("event, on the waiting list", "/events/full", "member"),
    Look("event, waiting list full", "/events/full-up"),
    Look("event, over", "/events/over"),
    Look("event, running", "/events/live"),
    Look("event, cancelled", "/events/called-off"),
    Look("event, long words", "/events/long-word"),
    Look("recording", "/events/worth-the-effort/recording"),
    Look("form", "/events/sharing-dispatch/register"),
    Look(
        "form, empty", "/events/sharing-dispatch/register", status=422, press=REGISTER
    ),
    Look("form, waiting list", "/events/full/register"),
    Look("form, waiting list, empty", "/events/full/register", status=422, press=WAIT),
    Look("refused, closed", "/events/closed/register"),
    Look("refused, not open", "/events/not-open/register"),
    Look("refused, members only", "/events/members-only/register"),
    Look("refused, full", "/events/full-up/register"),
    Look("refused, cancelled", "/events/called-off/register"),
    Look("receipt", "/registrations/{receipt}"),
    Look("receipt, maybe waiting", "/registrations/{maybe_waiting}"),
    Look("change of address", "/registrations/{receipt}/address"),
    Look("registration", "/registrations/{registered}"),
    Look("registration, signed in", "/registrations/{registered}", "member"),
    Look("registration, address not confirmed", "/registrations/{unconfirmed}"),
    Look("registration, waiting", "/registrations/{waiting}"),
    Look("registration, cancelled", "/registrations/{cancelled}"),
    Look("registration, event cancelled", "/registrations/{off}"),
    Look("registration, over", "/registrations/{over}"),
    Look("cancelling", "/registrations/{registered}/cancel"),
    Look("cancelling, waiting", "/registrations/{waiting}/cancel"),
    Look("what to read next", "/registrations/{registered}/next"),
    Look("join, early", "/join/{join_registered}"),
    Look("join, open", "/join/{join_open}"),
    Look("joining", "/join/{join_open}", press="Join now"),
    Look("join, over", "/join/{join_over}"),
    Look("join, waiting", "/join/{join_waiting}"),
    Look("join, cancelled", "/join/{join_cancelled}"),
    Look("join, event cancelled", "/join/{join_off}"),
    Look("sign in", "/sign-in"),
    Look("sign in, empty", "/sign-in", status=422, press="Sign in"),
    Look("my registrations", "/me", "member"),
    Look("my registrations, none", "/me", "account"),
    Look("roster", "/me/organizations/{city}", "member"),
    Look("library", "/library"),
    Look("case studies", "/library/case-studies"),
    Look("case studies, narrowed", "/library/case-studies?area=dispatch_911"),
    Look("case study", "/library/case-studies/dakota-911"),
    Look("decision tool", "/worksheets"),
    Look("privacy", "/privacy"),
    Look("accessibility", "/accessibility"),
    Look("not signed in", "/me", status=401),
    Look("not allowed", "/staff/outbox", "account", status=403),
    Look("not found", "/events/nothing-here", status=404),
    Look("desk", "/staff", "staff"),
    Look("staff's events", "/staff/events", "staff"),
    Look("staff's event", "/staff/events/{event}", "staff"),
    Look("staff's draft", "/staff/events/{draft}", "staff"),
    Look("preview", "/staff/events/{draft}/preview", "staff"),
    Look("new event", "/staff/events/new", "staff"),
    Look("new event, empty", "/staff/events/new", "staff", 422, "Save and publish"),
    Look("editing", "/staff/events/{event}/edit", "staff"),
    Look("moving", "/staff/events/{event}/move", "staff"),
    Look("calling off", "/staff/events/{event}/cancel", "staff"),
    Look("people", "/staff/events/{event}/registrations", "staff"),
    Look("people, waiting", "/staff/events/{full}/registrations", "staff"),
    Look("association", "/staff/association", "staff"),
    Look("organizations", "/staff/organizations", "staff"),
    Look("organizations, nothing", "/staff/organizations?q=zebra", "staff"),
    Look("organization", "/staff/organizations/{city}", "staff"),
    Look("new organization", "/staff/organizations/new", "staff"),
    Look("new organization, empty", "/staff/organizations/new", "staff", 422, "Save"),
    Look("changing an organization", "/staff/organizations/{city}/edit", "staff"),
    Look("new person", "/staff/organizations/{city}/people/new", "staff"),
    Look(
        "new person, empty",
        "/staff/organizations/{city}/people/new",
        "staff",
        422,
        "Save",
    ),
    Look("person", "/staff/organizations/{city}/people/{stay}", "staff"),
    Look("new membership", "/staff/memberships/new?organization={city}", "staff"),
    Look("own membership", "/staff/memberships/new?person={person}", "staff"),
    Look("membership", "/staff/memberships/{membership}", "staff"),
    Look("membership types", "/staff/membership-types", "staff"),
    Look("new type", "/staff/membership-types/new", "staff"),
    Look("new type, empty", "/staff/membership-types/new", "staff", 422, "Save"),
    Look("membership type", "/staff/membership-types/{membership_type}", "staff"),
    Look("import", "/staff/organizations/import", "staff"),
    Look(
        "import, no file",
        "/staff/organizations/import",
        "staff",
        422,
        "Upload and choose columns",
    ),
    Look("columns", "/staff/organizations/imports/{import_matching}/columns", "staff"),
    Look(
        "import, under way",
        "/staff/organizations/imports/{import_comparing}?still=1",
        "staff",
    ),
    Look("import, ready", "/staff/organizations/imports/{import_ready}", "staff"),
    Look("import, stopped", "/staff/organizations/imports/{import_failed}", "staff"),
    Look("import, done", "/staff/organizations/imports/{import_done}", "staff"),
    Look("import, undone", "/staff/organizations/imports/{import_undone}", "staff"),
    Look("mails", "/staff/outbox", "staff"),
    Look("mail", "/staff/outbox/{mail}", "staff"),
]
#: What is no page, what it is, and who may have it.
FILES: dict[str, tuple[str | None, str, str | None]] = {
    "events.calendar": ("/events/sharing-dispatch.ics", "text/calendar", None),
    "registrations.invitation": (
        "/registrations/{registered}/invitation.ics",
        "text/calendar",
        None,
    ),
    "home.healthz": ("/healthz", "application/json", None),
    "home.readyz": ("/readyz", "application/json", None),
    "static": (None, "text/css", None),
    "organizations_staff.import_report": (
        "/staff/organizations/imports/{import_done}/report.csv",
        "text/csv",
        "staff",
    ),
}


@pytest.fixture(scope="module")
def scene(app: Flask) -> Iterator[Scene]:
    """The program of all these tests, which only look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "CLOCK", lambda: NOON)
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            yield build(app, session)
        with engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())


def test_every_route_is_looked_at(app: Flask, scene: Scene) -> None:
    urls = app.url_map.bind(app.config["SERVER_NAME"])
    paths = [look.path.format(**scene.values).partition("?")[0] for look in LOOKS]
    seen = {urls.match(path)[0] for path in paths}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if _is_read(rule)}
    assert routes - seen == set(FILES)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_page_is_light_and_in_order_at_every_width(
    browser: Browser, app: Flask, server: str, scene: Scene, look: Look
) -> None:
    with browser.new_context(base_url=server) as context:
        if look.who is not None:
            context.add_cookies([session_cookie(app, server, scene.people[look.who])])
        page = context.new_page()
        ear = Ear(page)
        answer = page.goto(look.path.format(**scene.values))
        heavy = heavy_parts(page)
        if look.press:
            answer = _press(page, look.press)
        status = answer.status if answer else None
        seen = status, heavy, faults_of(page), ear.complaints
        assert seen == (look.status, [], [], [])


@pytest.mark.parametrize("endpoint", FILES)
def test_a_file_is_what_it_says(
    app: Flask, page: Page, scene: Scene, server: str, endpoint: str
) -> None:
    path, kind, who = FILES[endpoint]
    if who is not None:
        cookie = session_cookie(app, server, scene.people[who])
        page.context.add_cookies([cookie])
    path = path or f"{app.static_url_path}/css/site.css"
    answer = page.request.get(path.format(**scene.values))
    assert answer.headers["content-type"].partition(";")[0] == kind


def _is_read(rule: Rule) -> bool:
    return "GET" in (rule.methods or set())


def _press(page: Page, button: str) -> Response | None:
    page.route("**/join/*", _stay)
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name=button, exact=True).click()
    return navigation.value


def _stay(route: Route) -> None:
    """Hold a page that would lead on by itself."""
    answer = route.fetch()
    headers = {k: v for k, v in answer.headers.items() if k != "refresh"}
    route.fulfill(response=answer, headers=headers)
