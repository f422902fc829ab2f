"""Staff write an event: one page, everything typed kept, nothing lost."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.audit.queries import list_about
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import Audience, Kind, OfferDraft, SessionDraft, State
from csd_events.library.service import built_in_document, import_cases
from csd_events.outbox.models import OutboxMessage
from csd_events.seeds.service import load
from tests.desk import (
    NEW,
    NINE,
    ZONE,
    blamed,
    errors_in,
    fields_of,
    fill,
    make_event,
    said,
    send,
    staff_browser,
    summary_of,
    utc,
    wall,
)
from tests.factories import make_conference, writing

NEW_FORUM = "/staff/events/new/forum"
WHOLE = NINE | {
    "description": "Bring your **numbers**.\r\n\r\n- one\r\n- two",
    "offers-0-closes_on-day": "1",
    "presenters-0-name": "Ada Sample",
    "presenters-0-title": "Manager",
    "presenters-0-organization": "Sample County",
    "partners-0-name": "Sample Alliance",
    "partners-0-role": "underwriter",
    "main_area": "dispatch_911",
    "areas": ["police", "fire_ems"],
    "arrangement": "public_public_vertical",
    "audience": "Managers",
    "accessibility": "Captions; ask desk@example.org",
    "contact": "desk@example.org",
    "waiting_limit": "20",
    "afterwards": "recording",
    "recording_url": "https://video.example.org/1",
    "offers-1-audience": "members",
    "offers-1-price": "25",
    "offers-1-opens_on-month": "6",
    "offers-1-opens_on-day": "2",
    "offers-1-opens_on-year": "2030",
}


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def the_event(session: Session) -> Event:
    session.rollback()
    event_id = session.scalars(select(Event.id)).one()
    session.expire_all()
    return queries.get(session, event_id)


def edit(event_id: int) -> str:
    return f"/staff/events/{event_id}/edit"


def test_a_button_pressed_twice_makes_one_event(app: Flask, session: Session) -> None:
    browser = staff_browser(app, session)
    form = fields_of(browser.get(NEW).text) | NINE | {"action": "publish"}
    first = browser.post(NEW, data=form)
    again = browser.post(NEW, data=form)
    assert (again.status_code, again.location) == (303, first.location)
    assert session.scalars(select(func.count(Event.id))).one() == 1
    # Who goes back and changes something means another, as does a form opened anew.
    browser.post(NEW, data=form | {"contact": "Somebody else"})
    anew = fields_of(browser.get(NEW).text)["nonce"]
    browser.post(NEW, data=form | {"nonce": anew})
    session.rollback()
    assert session.scalars(select(func.count(Event.id))).one() == 3


def test_a_copy_asked_for_twice_is_one_and_never_what_was_copied(
    app: Flask, session: Session
) -> None:
    browser = staff_browser(app, session)
    form = fields_of(browser.get(NEW).text) | NINE | {"action": "publish"}
    made = browser.post(NEW, data=form).location
    path = f"{made}/copy"
    wanted = fields_of(browser.get(path).text) | {
        f"starts_on-{part}": NINE[f"starts_on-{part}"]
        for part in ("month", "day", "year")
    }
    copies = {browser.post(path, data=wanted).location for _ in range(2)}
    assert len(copies) == 1
    assert made not in copies
    assert session.scalars(select(func.count(Event.id))).one() == 2


def test_staff_publish_a_webinar_on_one_page(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    answer = send(browser, NEW, NINE, action="publish")

    event = the_event(session)
    assert (answer.status_code, errors_in(answer)) == (303, [])
    assert said(browser, answer) == ["Published: everybody can see it."]
    assert (event.slug, event.state, event.capacity) == (
        "sharing-dispatch",
        State.PUBLISHED,
        500,
    )
    assert (event.starts_at, event.ends_at, event.zone) == (
        utc(2030, 6, 12, 18),
        utc(2030, 6, 12, 19),
        ZONE,
    )
    page = client.get("/events/sharing-dispatch")
    assert (page.status_code, "through June 5" in page.text) == (200, True)


def test_a_sample_whose_recording_is_a_page_of_ours_can_be_saved_again(
    browser: FlaskClient, session: Session, now: datetime
) -> None:
    with writing(session):
        load(session, password_hash="none", now=now)
    event = queries.get_by_slug(session, "worth-the-effort")
    session.rollback()

    answer = send(browser, edit(event.id))

    assert (answer.status_code, errors_in(answer)) == (303, [])
    session.expire_all()
    again = queries.get(session, event.id)
    assert again.recording_url == "/events/worth-the-effort/recording"


@pytest.mark.parametrize("year", ["2020", "2029"])
def test_an_event_whose_registration_has_ended_already_is_not_published(
    browser: FlaskClient, session: Session, year: str
) -> None:
    """A slip in the year, most likely; the draft is not lost."""
    typed = NINE | {"offers-0-closes_on-year": year}
    answer = send(browser, NEW, typed, action="publish")
    assert answer.status_code == 422
    assert errors_in(answer) == [
        "Nobody could register: every price has ended, or begins after the start. "
        "Check the days"
    ]


@pytest.mark.parametrize(("capacity", "places"), [("2", "2 places"), ("1", "1 place")])
def test_staff_hear_that_more_people_are_in_than_there_are_places(
    browser: FlaskClient, session: Session, capacity: str, places: str
) -> None:
    send(browser, NEW, NINE)
    event_id = the_event(session).id
    fill(session, event_id, 3)
    answer = send(browser, edit(event_id), {"capacity": capacity})
    assert said(browser, answer) == [
        "Saved.",
        f"3 people hold {places}. Nobody loses theirs, and nobody else gets one until "
        "fewer are held.",
    ]


def test_a_window_through_a_day_ends_at_the_end_of_that_day_in_the_events_zone(
    browser: FlaskClient, session: Session
) -> None:
    send(browser, NEW, NINE | {"zone": "America/Los_Angeles"})

    (offer,) = the_event(session).offers
    assert (offer.closes_on, offer.closes_at) == (date(2030, 6, 5), utc(2030, 6, 6, 7))


def test_everything_typed_is_saved_and_stands_in_the_form_again(
    browser: FlaskClient, session: Session
) -> None:
    send(browser, NEW, WHOLE)

    event = the_event(session)
    shown = fields_of(browser.get(edit(event.id)).text)
    kept = {name: shown.get(name) for name in WHOLE}
    assert kept == WHOLE | {
        "description": "Bring your **numbers**.\n\n- one\n- two",
        "end_time": "3:00 pm",
        "areas": ["fire_ems", "police"],
    }
    assert [each.area for each in event.areas] == ["dispatch_911", "police", "fire_ems"]
    assert [(o.audience, o.price_cents) for o in event.offers] == [
        (Audience.EVERYONE, 0),
        (Audience.MEMBERS, 2500),
    ]


def test_saving_a_form_as_it_is_changes_nothing_and_tells_nobody(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    start = wall(2030, 6, 12, 14)
    sessions = [
        SessionDraft(
            title=f"Part {n}",
            wall_start=start + timedelta(days=7 * n),
            wall_end=start + timedelta(days=7 * n, hours=2),
            zone=ZONE,
            place=f"Room {n}",
        )
        for n in range(4)
    ]
    event_id = make_event(app, sessions=sessions, place="Town hall")
    fill(session, event_id, 1)
    version = the_event(session).version

    answer = send(browser, edit(event_id))

    assert said(browser, answer) == ["Saved."]
    assert list_about(session, "event", event_id)[0].action == "event.published"
    assert the_event(session).version == version
    again = [(s.title, s.place, s.wall_start) for s in the_event(session).sessions]
    assert again == [(s.title, s.place, s.wall_start) for s in sessions]
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, ["Enter a title"]),
        (
            {"title": "Dispatch\r\nBcc: x"},
            ["Title holds a character that cannot be shown. Type it again"],
        ),
        (
            {"summary": "A\x00B"},
            ["Summary holds a character that cannot be shown. Type it again"],
        ),
        ({"start_time": "2:00"}, ["Say whether 2:00 is am or pm"]),
        ({"start_time": "afternoon"}, ["Enter a time such as 2:00 pm"]),
        ({"start_time": ""}, ["Enter the time it starts"]),
        (
            {"starts_on-month": "", "starts_on-day": "", "starts_on-year": ""},
            ["Enter the date"],
        ),
        (
            {"starts_on-month": "2", "starts_on-day": "30"},
            ["There is no such day. Check month, day and year"],
        ),
        ({"starts_on-day": "9" * 5000}, ["Day must be 200 characters or fewer"]),
        (
            {"starts_on-year": "30"},
            ["Enter the year with four digits, such as 2026"],
        ),
        (
            {"starts_on-year": "9999"},
            ["Enter the year with four digits, such as 2026"],
        ),
        (
            {"platform_url": "http://meet.example.org"},
            ["Enter an address that begins with https://"],
        ),
        (
            {"platform_url": "https://[::1"},
            ["Enter an address that begins with https://"],
        ),
        (
            {"platform_url": "javascript:alert(1)//https://"},
            ["Enter an address that begins with https://"],
        ),
        (
            {"recording_url": "/events/film/recording?of=another"},
            ["Enter an address that begins with https://"],
        ),
        (
            {"recording_url": "//video.example.org/events/film/recording"},
            ["Enter an address that begins with https://"],
        ),
        (
            {"capacity": "9" * 30},
            ["Places must be a whole number from 1 to 100,000"],
        ),
        (
            {"waiting_limit": "-1"},
            ["Places on the waiting list must be a whole number from 0 to 100,000"],
        ),
        (
            {"offers-0-price": "lots"},
            ["Enter a price in dollars, such as 25 or 25.00"],
        ),
        (
            {"offers-0-price": "99999999999999999999"},
            ["Enter a price in dollars, such as 25 or 25.00"],
        ),
        (
            {"offers-0-price": "100000.01"},
            ["Enter a price of at most 100,000 dollars"],
        ),
        ({"offers-0-price": ""}, ["Enter a price; 0 is free"]),
        (
            {
                "offers-0-opens_on-month": "6",
                "offers-0-opens_on-day": "6",
                "offers-0-opens_on-year": "2030",
            },
            ["The last day must not come before the first day"],
        ),
        (
            {"end_time": "1:00 pm"},
            ["The end must come after the start, on the same day"],
        ),
        ({"zone": "America/Nowhere"}, ["Choose one from the list"]),
        ({"main_area": "nowhere"}, ["Choose one from the list"]),
        ({"areas": ["nowhere"]}, ["Choose from the list"]),
        ({"reading-0": "no-such-case"}, ["Choose one from the list"]),
        ({"program_id": "99999999999999999999"}, ["Choose one from the list"]),
        (
            {"presenters-0-name": ""},
            ["Enter the name of the presenter"],
        ),
        (
            {
                "presenters-1-name": "Ada Sample",
                "presenters-1-organization": "Sample County",
            },
            ["Ada Sample stands here twice"],
        ),
        (
            {"offers-1-opens_on-day": "1", "offers-1-audience": "everyone"},
            [
                "Two offers for the same people hold on the same day. "
                "End one before the other begins"
            ],
        ),
        (
            {"starts_on-month": "3", "starts_on-day": "10", "start_time": "2:30 am"},
            ["The clocks of this zone skip that time on that day. Choose another time"],
        ),
        (
            {"starts_on-month": "11", "starts_on-day": "3", "start_time": "1:30 am"},
            [
                "The clocks of this zone show that time twice on that day. "
                "Choose a time that comes only once"
            ],
        ),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_everything_typed_is_kept(
    browser: FlaskClient, session: Session, typed: dict[str, Any], words: list[str]
) -> None:
    answer = send(browser, NEW, WHOLE | typed)

    session.rollback()
    assert (answer.status_code, errors_in(answer)) == (422, words)
    above = [re.sub(r"^(Date|Offer 2): ", "", each) for each in summary_of(answer)]
    assert above == words
    touched = {name.partition("-")[0] for name in typed}
    assert {name.partition("-")[0] for name in blamed(answer)} <= touched
    assert "<title>Error: New event" in answer.text
    assert session.scalars(select(Event.id)).all() == []
    kept = fields_of(answer.text)
    assert (kept["contact"], kept["partners-0-name"], kept["offers-1-price"]) == (
        "desk@example.org",
        "Sample Alliance",
        typed.get("offers-1-price", "25"),
    )
    for field in (f for f in typed if isinstance(typed[f], str)):
        shown = typed[field].replace("\x00", "").replace("\r\n", " ")
        if field not in {"zone", "kind", "main_area", "reading-0", "program_id"}:
            assert kept[field] in {shown, shown.replace(" Bcc", "Bcc")}


def test_dates_of_two_offers_that_are_none_are_told_apart_above_the_form(
    browser: FlaskClient,
) -> None:
    wrong = {"offers-0-closes_on-day": "99", "offers-1-opens_on-day": "99"}
    answer = send(browser, NEW, WHOLE | wrong)
    no_day = "There is no such day. Check month, day and year"
    assert summary_of(answer) == [
        f"Last day: {no_day}",
        f"Offer 2, First day: {no_day}",
    ]
    assert ">Offer 2</h3>" in answer.text


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (["summary"], "Enter a summary: one sentence on what it is good for"),
        (["platform_url"], "Enter the platform link, where the session runs"),
        (
            [
                "offers-0-price",
                "offers-0-closes_on-month",
                "offers-0-closes_on-day",
                "offers-0-closes_on-year",
            ],
            "Enter a price and its last day; 0 is free",
        ),
        (
            [
                "starts_on-month",
                "starts_on-day",
                "starts_on-year",
                "start_time",
                "end_time",
            ],
            "Enter the date and the time it starts",
        ),
    ],
)
def test_what_people_need_is_asked_for_before_publishing_and_not_before(
    browser: FlaskClient, session: Session, left_out: list[str], words: str
) -> None:
    typed = NINE | dict.fromkeys(left_out, "")

    refused = send(browser, NEW, typed, action="publish")
    saved = send(browser, NEW, typed, action="save")

    assert (refused.status_code, errors_in(refused)) == (422, [words])
    assert (saved.status_code, the_event(session).state) == (303, State.DRAFT)
    page = browser.get(saved.location).text
    assert (words in page, ">Publish<" in page) == (True, False)


def test_a_forum_is_published_once_people_know_where_it_is(
    browser: FlaskClient, session: Session
) -> None:
    forum = {k: v for k, v in NINE.items() if k != "platform_url"}
    refused = send(browser, NEW_FORUM, forum, action="publish")
    assert (refused.status_code, errors_in(refused)) == (
        422,
        ["Choose the conference that the forum is part of"],
    )
    chosen = {"conference_id": str(make_conference(session))}
    placed = send(browser, NEW_FORUM, forum | chosen, action="publish")
    event = the_event(session)
    assert (placed.status_code, event.state) == (303, State.PUBLISHED)
    assert event.place == "Sampleton Convention Center"


def test_pinned_case_studies_are_saved_in_their_order_and_shown_first(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    pinned = ["sandy-springs", "heartland-fire"]
    typed = NINE | {"reading-0": pinned[0]}
    more = send(browser, NEW, typed | {"more": "reading"})
    typed |= {"reading-1": pinned[1]}
    assert "reading-1" in fields_of(more.text)
    answer = send(browser, NEW, typed, action="publish")

    event = the_event(session)
    shown = fields_of(browser.get(edit(event.id)).text)
    assert (answer.status_code, event.reading) == (303, pinned)
    assert [shown["reading-0"], shown["reading-1"]] == pinned
    page = client.get(f"/events/{event.slug}").text
    assert re.findall(r"/library/case-studies/([\w-]+)", page)[0] == pinned[0]


def test_an_event_that_would_start_in_the_past_is_not_published(
    browser: FlaskClient, session: Session
) -> None:
    answer = send(browser, NEW, NINE | {"starts_on-year": "2029"}, action="publish")
    assert (answer.status_code, errors_in(answer)) == (
        422,
        ["It would start in the past. Check date and time"],
    )


def test_another_row_is_given_without_script_and_nothing_is_lost_or_saved(
    browser: FlaskClient, session: Session
) -> None:
    for name in ("offers", "presenters", "partners", "reading"):
        answer = send(browser, NEW, WHOLE | {"more": name})
        shown = fields_of(answer.text)
        rows = {key.split("-")[1] for key in shown if key.startswith(f"{name}-")}
        before = {key.split("-")[1] for key in WHOLE if key.startswith(f"{name}-")}
        assert (answer.status_code, len(rows)) == (
            200,
            max(len(before), 1) + 1,
        )
        assert (errors_in(answer), shown["title"]) == ([], "Sharing dispatch")
    session.rollback()
    assert session.scalars(select(Event.id)).all() == []


def test_rows_that_no_form_has_are_no_rows(
    browser: FlaskClient, session: Session
) -> None:
    strange = {"offers-²-price": "1", f"offers-{'9' * 5000}-price": "1"}
    many = {f"presenters-{n}-name": f"Person {n}" for n in range(200)}

    assert send(browser, NEW, NINE | strange).status_code == 303
    assert len(the_event(session).offers) == 1
    assert send(browser, NEW, NINE | {"more": "nonsense"}).status_code == 400
    assert send(browser, NEW, NINE | {"title": "Many"} | many).status_code == 303


def test_a_partner_may_produce_and_pay(browser: FlaskClient, session: Session) -> None:
    typed = {
        "partners-0-name": "Sample Alliance",
        "partners-0-role": "co_producer",
        "partners-1-name": "Sample Alliance",
        "partners-1-role": "underwriter",
    }
    send(browser, NEW, NINE | typed)

    found = the_event(session).contributions
    assert [(c.role.value, c.partner.name if c.partner else "") for c in found] == [
        ("co_producer", "Sample Alliance"),
        ("underwriter", "Sample Alliance"),
    ]


def test_two_offers_trade_their_days_in_one_save(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    offers = [
        OfferDraft(closes_on=date(2030, 6, 1)),
        OfferDraft(price_cents=2500, opens_on=date(2030, 6, 2)),
    ]
    event_id = make_event(app, offers=offers)
    first, second = (
        f"offers-{n}-{name}-{part}"
        for n, name in ((0, "closes_on"), (1, "opens_on"))
        for part in ("day",)
    )
    typed = {
        "offers-0-closes_on-month": "",
        first: "",
        "offers-0-closes_on-year": "",
        "offers-0-opens_on-month": "6",
        "offers-0-opens_on-day": "2",
        "offers-0-opens_on-year": "2030",
        "offers-1-opens_on-month": "",
        second: "",
        "offers-1-opens_on-year": "",
        "offers-1-closes_on-month": "6",
        "offers-1-closes_on-day": "1",
        "offers-1-closes_on-year": "2030",
    }
    assert errors_in(send(browser, edit(event_id), typed)) == []
    assert [o.opens_on for o in the_event(session).offers] == [date(2030, 6, 2), None]


def test_an_offer_that_people_took_is_not_taken_away(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    the_event(session).offers[0].confirmed = 1
    session.commit()

    typed = {"offers-0-offer_id": "", "offers-0-price": "30"}
    assert errors_in(send(browser, edit(event_id), typed)) == [
        "People have registered at a price you took away. Keep it, and end it earlier"
    ]


def test_a_published_event_keeps_what_people_need(
    app: Flask, browser: FlaskClient
) -> None:
    answer = send(browser, edit(make_event(app)), {"platform_url": ""})
    assert errors_in(answer) == ["Enter the platform link, where the session runs"]


def test_a_save_on_an_older_version_shows_both_and_loses_neither(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    mine = fields_of(browser.get(edit(event_id)).text)
    send(browser, edit(event_id), {"summary": "Theirs.", "capacity": "400"})

    answer = browser.post(edit(event_id), data=mine | {"summary": "Mine."})

    assert answer.status_code == 409
    assert "Somebody else saved this meanwhile" in answer.text
    assert re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", answer.text) == [
        ("Summary, as they saved it", "Theirs."),
        ("Places, as they saved it", "400"),
    ]
    assert the_event(session).summary == "Theirs."
    again = fields_of(answer.text)
    assert again["summary"] == "Mine."
    assert browser.post(edit(event_id), data=again).status_code == 303
    assert (the_event(session).summary, the_event(session).capacity) == ("Mine.", 500)


def test_a_page_left_open_too_long_saves_nothing_and_keeps_what_was_typed(
    browser: FlaskClient, session: Session
) -> None:
    answer = browser.post(NEW, data=NINE | {"csrf_token": "old", "offers-0-price": "0"})

    session.rollback()
    assert (answer.status_code, fields_of(answer.text)["title"]) == (
        422,
        "Sharing dispatch",
    )
    assert session.scalars(select(Event.id)).all() == []


def test_a_published_slug_never_changes_and_a_new_title_leads_to_it(
    app: Flask, browser: FlaskClient, client: FlaskClient
) -> None:
    event_id = make_event(app)

    send(browser, edit(event_id), {"title": "Dispatch together"})

    assert client.get("/events/sharing-dispatch").status_code == 200
    led = client.get("/events/dispatch-together")
    assert (led.status_code, led.location) == (301, "/events/sharing-dispatch")


def test_preview_shows_the_page_to_staff_and_nothing_to_strangers(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    answer = send(browser, NEW, WHOLE, action="preview")

    event = the_event(session)
    path = f"/staff/events/{event.id}/preview"
    page = browser.get(answer.location)
    assert (answer.location, page.status_code, event.state) == (path, 200, State.DRAFT)
    assert "Only staff see this page until it is published." in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert "<strong>numbers</strong>" in page.text
    assert "meet.example.org" not in page.text
    assert client.get(path).status_code == 401
    for address in ("", "/register", ".ics"):
        assert client.get(f"/events/sharing-dispatch{address}").status_code == 404
    assert "Sharing dispatch" not in client.get("/events").text


def test_a_draft_is_published_from_its_preview_once_nothing_is_missing(
    browser: FlaskClient, session: Session
) -> None:
    send(browser, NEW, NINE | {"summary": ""})
    event_id = the_event(session).id
    preview, publish = (
        f"/staff/events/{event_id}/{to}" for to in ("preview", "publish")
    )
    assert publish not in browser.get(preview).text
    send(browser, edit(event_id), {"summary": "What three places learned."})
    page = browser.get(preview)
    assert f'action="{publish}"' in page.text
    token = fields_of(page.text)["csrf_token"]
    answer = browser.post(publish, data={"csrf_token": token})
    assert said(browser, answer) == ["Published: everybody can see it."]
    assert the_event(session).state is State.PUBLISHED


def test_a_preview_of_what_is_published_is_the_page_itself(
    app: Flask, browser: FlaskClient
) -> None:
    answer = browser.get(f"/staff/events/{make_event(app)}/preview")
    assert (answer.status_code, answer.location) == (303, "/events/sharing-dispatch")


def test_who_presents_which_session_as_what_is_written_down(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    start = wall(2030, 6, 12, 14)
    sessions = [
        SessionDraft(wall_start=start.replace(day=day), zone=ZONE) for day in (12, 19)
    ]
    event_id = make_event(app, kind=Kind.TRAINING, sessions=sessions)
    for typed in (
        {"presenters-0-name": "Ada", "presenters-0-title": "Chief"},
        {"presenters-0-title": "Mayor"},
        {"presenters-0-sitting": "2"},
    ):
        send(browser, edit(event_id), typed)
    session.rollback()
    told = [each.changes for each in list_about(session, "event", event_id)[:3]]
    alone, mayor, second = (
        ["Ada, Chief (presenter)"],
        ["Ada, Mayor (presenter)"],
        ["Ada, Mayor (presenter, session 2)"],
    )
    assert told == [
        {"contributors": [mayor, second]},
        {"contributors": [alone, mayor]},
        {"contributors": [[], alone]},
    ]


def test_who_created_saved_and_published_is_written_down(
    browser: FlaskClient, session: Session
) -> None:
    send(browser, NEW, NINE, action="save")
    event_id = the_event(session).id
    send(browser, edit(event_id), {"summary": "Other words."}, action="publish")
    session.rollback()
    (actor_id,) = session.scalars(select(Account.person_id))
    written = list_about(session, "event", event_id)
    assert [(each.action, each.actor_id) for each in written] == [
        ("event.published", actor_id),
        ("event.saved", actor_id),
        ("event.created", actor_id),
    ]


def test_a_draft_is_published_from_its_own_page(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, published=False)
    page = browser.get(f"/staff/events/{event_id}").text
    token = {"csrf_token": fields_of(page)["csrf_token"]}

    answer = browser.post(f"/staff/events/{event_id}/publish", data=token)

    assert said(browser, answer) == ["Published: everybody can see it."]
    assert the_event(session).state is State.PUBLISHED
    actions = [each.action for each in list_about(session, "event", event_id)]
    assert actions == ["event.published", "event.created"]


def test_publishing_a_draft_that_lacks_something_says_what(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, published=False)
    page = browser.get(f"/staff/events/{event_id}").text
    token = {"csrf_token": fields_of(page)["csrf_token"]}
    the_event(session).summary = ""
    session.commit()

    answer = browser.post(f"/staff/events/{event_id}/publish", data=token)

    words = "Enter a summary: one sentence on what it is good for"
    assert said(browser, answer) == [words]
    assert the_event(session).state is State.DRAFT


def test_a_cancelled_event_is_not_changed_any_more(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    the_event(session).state = State.CANCELLED
    session.commit()

    answer = browser.get(edit(event_id))

    words = "This event is cancelled. It cannot be changed any more."
    assert said(browser, answer) == [words]


def test_changing_the_zone_asks_what_stays_and_the_clock_is_the_default(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)

    asked = send(browser, edit(event_id), {"zone": "America/Chicago"})
    form = fields_of(asked.text)

    assert (asked.status_code, errors_in(asked)) == (
        422,
        ["Say what stays in the other time zone"],
    )
    assert "The time on the clock: 2:00 pm Central" in asked.text
    assert "The moment: 1:00 pm Central" in asked.text
    assert form["zone_change"] == "clock"
    assert (
        browser.post(edit(event_id), data=form | {"action": "save"}).status_code == 303
    )
    assert the_event(session).starts_at == utc(2030, 6, 12, 19)


def test_the_moment_can_stay_when_the_zone_changes(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    typed = {"zone": "America/Chicago", "zone_change": "instant"}

    answer = send(browser, edit(event_id), typed)

    event = the_event(session)
    assert (answer.status_code, event.starts_at, event.zone) == (
        303,
        utc(2030, 6, 12, 18),
        "America/Chicago",
    )
    assert event.sessions[0].wall_start == wall(2030, 6, 12, 13)


def test_a_new_time_in_a_new_zone_is_taken_as_it_is_written(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    typed = {"zone": "America/Chicago", "start_time": "10:00 am", "end_time": "11 am"}

    answer = send(browser, edit(make_event(app)), typed)

    assert (answer.status_code, the_event(session).starts_at) == (
        303,
        utc(2030, 6, 12, 15),
    )


def test_whose_date_is_taken_away_is_not_asked_what_stays_in_another_zone(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, published=False)
    boxes = [f"starts_on-{part}" for part in ("month", "day", "year")]
    cleared = dict.fromkeys([*boxes, "start_time", "end_time"], "")

    answer = send(browser, edit(event_id), {"zone": "America/Chicago", **cleared})

    event = the_event(session)
    assert (answer.status_code, event.starts_at, event.zone) == (
        303,
        None,
        "America/Chicago",
    )


def test_the_associations_zone_stands_first(browser: FlaskClient) -> None:
    assert fields_of(browser.get(NEW).text)["zone"] == ZONE


def test_drafts_without_a_date_are_called_so(app: Flask, browser: FlaskClient) -> None:
    event_id = make_event(app, published=False, sessions=[])
    assert "No date yet" in browser.get(f"/staff/events/{event_id}").text
    assert "No date yet" in browser.get("/staff/events?show=drafts").text


def test_staff_choose_when_the_reminders_of_an_event_go(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    path = f"/staff/events/{event_id}/edit"
    assert "7 days before" in browser.get(path).text
    send(browser, path, {"reminders": ["1d", "14d"]})
    session.rollback()
    assert sorted(session.get_one(Event, event_id).reminders) == ["14d", "1d"]
    ticked = re.findall(
        r'name="reminders"[^>]*value="([^"]+)"[^>]*checked', browser.get(path).text
    )
    assert sorted(ticked) == ["14d", "1d"]
