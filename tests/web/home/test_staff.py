"""The desk, the list of events, and one event as staff see it."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.access import Role
from csd_events.events.models import EventOffer
from csd_events.events.rules import Audience, OfferDraft
from csd_events.home.staff_views.desk import MOST_SOON
from csd_events.outbox import service as outbox
from csd_events.outbox.models import Chore, OutboxMessage
from csd_events.outbox.queries import HEARTBEAT
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.desk import fill, make_event, staff_browser, utc, wall
from tests.factories import DAY, NOON, make_account
from tests.factories import make_event as make_past
from tests.statements import counted

SOON = wall(2030, 5, 9, 14)
PAGES = [
    ("GET", "/staff"),
    ("GET", "/staff/events"),
    ("GET", "/staff/events/new/webinar"),
    ("POST", "/staff/events/new/webinar"),
    ("GET", "/staff/calendar"),
    ("GET", "/staff/events/1"),
    ("GET", "/staff/events/1/messages"),
    ("GET", "/staff/events/1/attendance"),
    ("GET", "/staff/events/1/resources"),
    ("GET", "/staff/events/1/settings"),
    ("GET", "/staff/events/1/preview"),
    ("GET", "/staff/events/1/edit"),
    ("POST", "/staff/events/1/edit"),
    ("POST", "/staff/events/1/publish"),
    ("GET", "/staff/events/1/move"),
    ("POST", "/staff/events/1/move"),
    ("GET", "/staff/events/1/cancel"),
    ("POST", "/staff/events/1/cancel"),
    ("GET", "/staff/events/1/registrations"),
]


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def words(page: str) -> str:
    """Return a page's main part as plain words."""
    main = page[page.index("<main") : page.index("</main>")].replace("<wbr>", "")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def mail_about(
    session: Session, event_id: int, state: MailState = MailState.QUEUED
) -> None:
    """Queue a confirmation for everybody at an event."""
    for registration_id in session.scalars(
        select(Registration.id).where(Registration.event_id == event_id)
    ):
        outbox.enqueue(
            session,
            key=f"registration.confirmed:{registration_id}",
            kind="registration.confirmed",
            subject_id=registration_id,
            event_id=event_id,
            to_address="person@example.org",
            due_at=NOON,
            now=NOON,
        )
    note = "550 no such mailbox" if state is MailState.FAILED else None
    session.execute(update(OutboxMessage).values(state=state, note=note))
    session.commit()


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(("method", "path"), PAGES)
def test_every_page_of_the_desk_turns_away_who_is_not_staff(
    app: Flask, session: Session, method: str, path: str
) -> None:
    member = make_account(session, role=Role.NONE)
    # The token of the page is asked for first where no form of ours asks for it.
    early = {401, 400} if path.endswith("publish") else {401}
    assert app.test_client().open(path, method=method).status_code in early
    late = {403, 400} if path.endswith("publish") else {403}
    answer = app.test_client(user=member).open(path, method=method)
    assert answer.status_code in late


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.ADMINISTRATOR])
@pytest.mark.parametrize(("method", "path"), PAGES)
def test_every_page_of_the_desk_opens_for_both_roles_of_the_staff(
    app: Flask, session: Session, method: str, path: str, role: Role
) -> None:
    event_id = make_event(app)
    answer = staff_browser(app, session, role=role).open(
        path.replace("/1", f"/{event_id}"), method=method
    )
    # A form sent without its token comes back; there is no draft to preview.
    expected = {"GET": 303 if "preview" in path else 200}.get(method, 422)
    assert answer.status_code == (400 if path.endswith("publish") else expected)


@pytest.mark.parametrize(
    "number", ["1", "99999999999999999999", "9223372036854775807", "0", "-1", "x"]
)
@pytest.mark.parametrize(
    "page",
    [
        "",
        "/preview",
        "/edit",
        "/move",
        "/cancel",
        "/registrations",
        "/messages",
        "/attendance",
        "/resources",
        "/settings",
    ],
)
def test_an_unknown_event_is_not_found(
    browser: FlaskClient, number: str, page: str
) -> None:
    assert browser.get(f"/staff/events/{number}{page}").status_code == 404


@pytest.mark.parametrize("page", ["publish", "events"])
def test_what_changes_something_is_never_a_link(
    browser: FlaskClient, page: str
) -> None:
    paths = {"publish": "/staff/events/1/publish", "events": "/staff/events"}
    method = {"publish": "GET", "events": "POST"}[page]
    assert browser.open(paths[page], method=method).status_code in {400, 405}


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("/staff", "Desk"),
        ("/staff/calendar", "Calendar"),
        ("/staff/events/new", "Events"),
        ("/staff/conferences", "Events"),
        ("/staff/programs", "Events"),
        ("/staff/presenters", "Events"),
        ("/staff/partners", "Events"),
        ("/staff/people", "People"),
        ("/staff/organizations", "Organizations"),
        ("/staff/membership-types", "Organizations"),
        ("/staff/library", "Library"),
        ("/staff/outbox", "Mail"),
        ("/staff/association", "Association"),
        ("/staff/audit", "Association"),
    ],
)
def test_the_bar_shows_in_which_part_of_the_desk_one_is(
    app: Flask, session: Session, path: str, item: str
) -> None:
    page = staff_browser(app, session, role=Role.ADMINISTRATOR).get(path).text
    bar = page[page.index('class="staff-bar"') :].partition("</nav>")[0]
    assert re.findall(r'aria-current="[a-z]+">([^<]*)</a>', bar) == [item]


def test_the_bar_shows_nobody_what_they_may_not_open(
    app: Flask, session: Session, now: datetime
) -> None:
    for role, is_shown in ((Role.SCHEDULER, False), (Role.ADMINISTRATOR, True)):
        page = staff_browser(app, session, role=role).get("/staff").text
        assert ('href="/staff/association"' in page) == is_shown


@pytest.mark.parametrize(
    ("path", "none", "unfit"),
    [
        ("/staff/outbox", "No mail yet.", "?state=failed"),
        ("/staff/organizations", "No organization yet.", "?q=zebra"),
        ("/staff/partners", "Nobody yet.", "?q=zebra"),
    ],
)
def test_a_list_tells_nothing_there_from_nothing_that_fits(
    browser: FlaskClient, path: str, none: str, unfit: str
) -> None:
    page = browser.get(path).text
    assert (none in page, " fits." in page) == (True, False)
    page = browser.get(path + unfit).text
    assert (none in page, " fits." in page) == (False, True)
    assert f'href="{path}">S' in page, "no way back to all of them"


def test_an_empty_desk_says_so(browser: FlaskClient) -> None:
    page = words(browser.get("/staff").text)
    assert "Nothing. No mail has failed or is late, and no event waits for you." in page
    assert "No event in the next 14 days." in page


def test_of_very_many_events_the_desk_shows_the_next_and_leads_to_the_others(
    browser: FlaskClient, session: Session
) -> None:
    for number in range(MOST_SOON):
        make_past(session, slug=f"talk-{number}", starts_at=NOON + DAY)
    assert "There are more" not in browser.get("/staff").text
    session.rollback()
    make_past(session, slug="later", title="The one after", starts_at=NOON + 2 * DAY)
    page = browser.get("/staff").text
    soon = page.partition('id="soon"')[2].partition("</section>")[0]
    assert "The one after" not in soon
    assert 'href="/staff/calendar"' in soon


def test_the_desk_tells_of_mail_that_waits_for_a_server_that_is_away(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, title="Coming", wall_start=SOON)
    fill(session, event_id, 2)
    mail_about(session, event_id)
    then = NOON - timedelta(minutes=6)
    queued = update(OutboxMessage).values(queued_at=then, due_at=then)
    session.execute(queued)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == select(func.min(OutboxMessage.id)).scalar_subquery())
        .values(note="connection refused", due_at=NOON)
    )
    session.commit()
    page = words(browser.get("/staff").text)
    assert (
        "2 mails have been waiting since Wed, May 1, 7:54 am ET: connection refused"
        in page
    )


@pytest.mark.parametrize(
    ("minutes", "told"), [(2, False), (3, True), (24 * 60, True), (-60, False)]
)
def test_the_desk_tells_when_nothing_sends_mail_any_more(
    browser: FlaskClient, session: Session, minutes: int, *, told: bool
) -> None:
    """A clock that was set back an hour since is no reason to worry."""
    heard = NOON - timedelta(minutes=minutes)
    session.add(Chore(name=HEARTBEAT, done_at=heard))
    session.commit()
    page = words(browser.get("/staff").text)
    assert ("Nothing has sent mail since" in page) is told
    assert ("since Wed, May 1, 7:57 am ET: tell who runs this site" in page) is (
        minutes == 3
    )


@pytest.mark.parametrize("queued", [NOON, NOON - timedelta(hours=1)])
def test_mail_that_falls_due_this_minute_is_no_concern_of_staff(
    app: Flask, browser: FlaskClient, session: Session, queued: datetime
) -> None:
    event_id = make_event(app, title="Coming", wall_start=SOON)
    fill(session, event_id, 1)
    mail_about(session, event_id)
    session.execute(update(OutboxMessage).values(queued_at=queued))
    session.commit()
    assert "Nothing. No mail has failed" in words(browser.get("/staff").text)


def test_the_desk_shows_what_needs_attention_and_what_comes(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    coming = make_event(
        app, title="Coming", wall_start=SOON, capacity=2, offers=[OfferDraft()]
    )
    make_event(app, title="Unready", wall_start=SOON, published=False)
    make_event(app, title="Later", wall_start=SOON + timedelta(days=30))
    fill(session, coming, 2)
    fill(session, coming, 1, State.WAITING)
    mail_about(session, coming, MailState.FAILED)

    page = words(browser.get("/staff").text)

    assert "3 mails could not be delivered" in page
    assert "Unready starts Thu, May 9, 2:00 pm ET and is not published" in page
    assert "Coming is full; 1 person waits" in page
    assert (
        "Coming Thu, May 9, 2:00 pm ET 2 / 2 1 Open since Wed, May 1, 8:00 am ET: "
        "Everyone, free until it starts. All places are taken: newcomers wait. "
        "Reminder, Thu, May 2, 2:00 pm ET Last problem: 550 no such mailbox"
    ) in page
    assert "Later" not in page


def test_the_list_tells_drafts_from_what_comes_and_what_is_past(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_event(app, title="Old", wall_start=wall(2030, 5, 2, 9))
    make_event(app, title="Next", wall_start=SOON)
    make_event(app, title="Idea", published=False)
    monkeypatch.setitem(app.config, "CLOCK", lambda: NOON + timedelta(days=2))

    shown = {
        show: re.findall(r'<a href="/staff/events/\d+">(\w+)</a>', page)
        for show in ("", "?show=past", "?show=drafts", "?show=nonsense")
        for page in [browser.get(f"/staff/events{show}").text]
    }
    assert shown == {
        "": ["Next", "Idea"],
        "?show=past": ["Old"],
        "?show=drafts": ["Idea"],
        "?show=nonsense": ["Next", "Idea"],
    }


def test_a_long_list_goes_on(app: Flask, browser: FlaskClient) -> None:
    for number in range(26):
        make_event(app, title=f"Event {number}", published=False)
    first = browser.get("/staff/events?show=drafts").text
    more = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert more
    second = browser.get(more[1].replace("&amp;", "&")).text
    assert "26 events" in second
    assert len(re.findall(r'<th scope="row">', second)) == 1


OFFERS = [
    OfferDraft(closes_on=date(2030, 5, 5)),
    OfferDraft(audience=Audience.MEMBERS, price_cents=2500, opens_on=date(2030, 5, 6)),
]


@pytest.mark.parametrize(
    ("given", "at", "expected"),
    [
        (
            {"offers": OFFERS},
            NOON,
            "Open since Wed, May 1, 8:00 am ET: Everyone, free through May 5",
        ),
        (
            {"offers": OFFERS},
            utc(2030, 5, 6, 4),
            "Open since Mon, May 6, 12:00 am ET: Members, USD 25.00 until it starts",
        ),
        (
            {"offers": OFFERS[1:]},
            NOON,
            "Opens Mon, May 6, 12:00 am ET.",
        ),
        (
            {"offers": OFFERS[:1]},
            utc(2030, 5, 6, 4),
            "Closed since May 6, 2030: the last offer ended.",
        ),
        (
            {"offers": OFFERS, "wall_start": wall(2030, 5, 7, 9)},
            utc(2030, 5, 7, 13),
            "Closed since Tue, May 7, 9:00 am ET: it began.",
        ),
        ({"published": False}, NOON, "Nobody can register: it is not published."),
    ],
)
def test_staff_read_why_registration_is_open_or_closed_and_since_when(
    app: Flask,
    browser: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    at: datetime,
    expected: str,
) -> None:
    event_id = make_event(app, **given)
    monkeypatch.setitem(app.config, "CLOCK", lambda: at)
    page = words(browser.get(f"/staff/events/{event_id}").text)
    assert f"Offers {expected}" in page


def test_staff_read_how_many_took_each_offer(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    never = OfferDraft(
        audience=Audience.OTHERS, price_cents=4900, opens_on=date(2031, 1, 1)
    )
    event_id = make_event(app, offers=[*OFFERS, never])
    free = EventOffer.event_id == event_id, EventOffer.price_cents == 0
    session.execute(update(EventOffer).where(*free).values(confirmed=7))
    session.commit()

    page = words(browser.get(f"/staff/events/{event_id}").text)

    assert (
        "For When Price Taken "
        "Everyone through May 5, 4 days left Free 7 "
        "Members from May 6, until it starts USD 25.00 0 "
        "Others never: it would open after the start USD 49.00 0"
    ) in page


def test_staff_read_how_many_of_its_own_places_an_offer_has_left(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, offers=[OfferDraft(quota=3)])
    counts = update(EventOffer).where(EventOffer.event_id == event_id)
    session.execute(counts.values(confirmed=1, held=1))
    session.commit()
    page = words(browser.get(f"/staff/events/{event_id}").text)
    assert "Everyone until it starts Free 2 of 3" in page


def test_the_pages_of_an_event_show_its_people_and_its_mails(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    other = make_event(app, title="Other")
    fill(session, event_id, 1)
    whose = select(Person.email, Registration.organization).join_from(
        Registration, Person, Registration.person_id == Person.id
    )
    mine = " ".join(session.execute(whose).one())
    fill(session, other, 1)
    mail_about(session, event_id, MailState.SENT)

    page = words(browser.get(f"/staff/events/{event_id}").text)
    assert "Registered 1 Waiting 0 Places 500 Places left 499" in page
    page = words(browser.get(f"/staff/events/{event_id}/registrations").text)
    shown = r"(\S+@example.org) Correct the address.*? (City of \d+) (\w+) Replace"
    assert [" ".join(each) for each in re.findall(shown, page)] == [f"{mine} Confirmed"]
    page = words(browser.get(f"/staff/events/{event_id}/messages").text)
    assert "Confirmation person@example.org Sent Wed, May 1, 8:00 am ET" in page
    assert "None yet." in words(browser.get(f"/staff/events/{other}/messages").text)


def test_an_event_without_a_limit_says_so(app: Flask, browser: FlaskClient) -> None:
    event_id = make_event(app, capacity=None)
    page = words(browser.get(f"/staff/events/{event_id}").text)
    assert "Places no limit Places left no limit" in page


@pytest.mark.parametrize(
    "path",
    [
        "/staff",
        "/staff/events",
        "/staff/events/{}",
        "/staff/events/{}/registrations",
        "/staff/events/{}/messages",
        "/staff/events/{}/attendance",
        "/staff/events/{}/resources",
        "/staff/events/{}/settings",
    ],
)
def test_a_page_asks_the_database_as_often_for_two_rows_as_for_two_hundred(
    app: Flask, browser: FlaskClient, session: Session, path: str
) -> None:
    make_event(app, title="Beside it", wall_start=SOON)
    event_id = make_event(app, wall_start=SOON)
    for state in (State.CONFIRMED, State.WAITING):
        fill(session, event_id, 1, state)
    mail_about(session, event_id, MailState.FAILED)
    make_past(session, title="Over", starts_at=NOON - 5 * DAY)
    browser.get(path.format(event_id))
    with counted(app) as few:
        browser.get(path.format(event_id))

    for state in (State.CONFIRMED, State.WAITING):
        fill(session, event_id, 99, state)
    for number in range(20):
        other = make_event(app, title=f"Other {number}", wall_start=SOON)
        fill(session, other, 2, State.WAITING)
    mail_about(session, event_id, MailState.FAILED)
    with counted(app) as many:
        browser.get(path.format(event_id))

    assert len(few) == len(many)
    most = {"/staff": 24, "/staff/events/{}": 17}  # what is owed, held, silent, ready
    assert len(few) <= most.get(path, 8)


def test_staff_open_a_live_worksheet_from_an_event_that_people_meet_at(
    app: Flask, browser: FlaskClient
) -> None:
    meeting, draft = make_event(app), make_event(app, published=False)
    page = browser.get(f"/staff/events/{meeting}").text
    link = f"/worksheets/groups?event={meeting}"
    assert re.search(
        rf'href="{re.escape(link)}">\s*Open a live worksheet',
        page,
    )
    assert "Open a live worksheet" not in browser.get(f"/staff/events/{draft}").text
    form = browser.get(link).text
    assert f'<option value="{meeting}" selected>' in form
