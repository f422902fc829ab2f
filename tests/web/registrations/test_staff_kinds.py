"""Each kind of event has a form of its own; one kind can be made another."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.queries import list_about
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import Format, Kind, OfferDraft, SessionDraft, State
from csd_events.outbox.models import OutboxMessage
from tests.desk import (
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
from tests.factories import make_conference
from tests.visitors import words

NEW = "/staff/events/new"
#: Of the fields that only some kinds have, those that a form of each asks.
OWN = {
    "webinar": {"starts_on-day", "platform_url", "capacity", "waiting_limit"},
    "on-demand": set(),
    "forum": {
        "starts_on-day", "platform_url", "capacity", "waiting_limit", "place",
        "conference_id",
    },
    "training": {
        "platform_url", "capacity", "waiting_limit", "place", "sessions-0-title",
        "sessions-0-zone", "completes_after", "completes_share", "completion_note",
        "prerequisites-0",
        "prerequisite_note", "presenters-0-sitting",
    },
}  # fmt: skip
SUMMARY = "Enter a summary: one sentence on what it is good for"
START = "Enter the date and the time it starts"
FILM = {
    "title": "The first talk",
    "summary": "Whom to call.",
    "recording_url": "https://video.example.org/film",
}


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    return staff_browser(app, session)


def the_event(session: Session, event_id: int | None = None) -> Event:
    session.rollback()
    session.expire_all()
    newest = select(func.max(Event.id))
    return queries.get(session, event_id or session.scalars(newest).one() or 0)


def program(**given: Any) -> dict[str, Any]:
    """Two afternoons in June, the second with a zone and a link of its own."""
    typed = {
        "title": "Sharing services",
        "summary": "Two afternoons.",
        "platform_url": "https://meet.example.org/program",
        "offers-0-price": "0",
        "sessions-0-title": "Finding a partner",
        **row(0, 12),
        "sessions-1-title": "Counting costs",
        **row(1, 19),
        "sessions-1-zone": "America/Denver",
        "sessions-1-platform_url": "https://other.example.org/room",
        "sessions-1-place": "Room 5",
    }
    return typed | given


def row(number: int, day: int) -> dict[str, str]:
    """The times of a session on a day of June, from one to three."""
    name = f"sessions-{number}"
    return {
        f"{name}-starts_on-month": "6",
        f"{name}-starts_on-day": str(day),
        f"{name}-starts_on-year": "2030",
        f"{name}-start_time": "1:00 pm",
        f"{name}-end_time": "3:00 pm",
    }


def write(browser: FlaskClient, typed: dict[str, Any], **how: Any) -> TestResponse:
    """Write a training program: the form gives a row for each session first."""
    page = browser.get(f"{NEW}/training")
    data = fields_of(page.text) | {"action": "publish"} | typed | how
    return browser.post(f"{NEW}/training", data=data)


def test_a_new_event_is_asked_first_what_it_is(browser: FlaskClient) -> None:
    page = browser.get(NEW)
    assert [f'href="{NEW}/{each.value}"' in page.text for each in Format] == [True] * 4
    assert "Several sessions under one registration." in words(page)
    assert browser.get(f"{NEW}/party").status_code == 404


def test_a_price_of_what_never_starts_ends_on_its_day_or_never(
    browser: FlaskClient,
) -> None:
    told = {
        name: "Empty: until it starts." in words(browser.get(f"{NEW}/{name}"))
        for name in OWN
    }
    assert told == {name: name != "on-demand" for name in OWN}


@pytest.mark.parametrize("name", OWN)
def test_a_form_asks_only_what_fits_its_kind(browser: FlaskClient, name: str) -> None:
    page = browser.get(f"{NEW}/{name}").text
    asked = set(fields_of(page))
    # A box that is not ticked sends nothing.
    assert ('name="requires_conference"' in page) == (name == "forum")
    assert asked & {field for fields in OWN.values() for field in fields} == OWN[name]
    assert {"title", "summary", "zone", "offers-0-price", "recording_url"} <= asked


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("webinar", [START, "Enter the platform link, where the session runs"]),
        ("on-demand", ["Enter the address where it can be watched"]),
        ("forum", ["Choose the conference that the forum is part of", START]),
        (
            "training",
            [
                START,
                "Enter the platform link or the place; or give each session its own",
            ],
        ),
    ],
)
def test_an_empty_form_says_in_one_round_all_that_is_missing(
    browser: FlaskClient, session: Session, name: str, expected: list[str]
) -> None:
    answer = send(browser, f"{NEW}/{name}", {"offers-0-price": ""}, action="publish")
    price = "Enter a price and its last day; 0 is free"
    found = errors_in(answer)
    expected = ["Enter a title", SUMMARY, *expected, price]
    assert (answer.status_code, sorted(found)) == (422, sorted(expected))
    named = [line.removeprefix("Session 1: ") for line in summary_of(answer)]
    assert sorted(named) == sorted(found)
    session.rollback()
    assert session.scalars(select(Event.id)).all() == []


def test_what_is_watched_on_demand_is_published_with_five_fields(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    last = {"month": "6", "day": "30", "year": "2030"}
    typed = FILM | {f"offers-0-closes_on-{k}": v for k, v in last.items()}
    answer = send(browser, f"{NEW}/on-demand", typed, action="publish")
    event = the_event(session)
    assert said(browser, answer) == ["Published: everybody can see it."]
    assert (event.format, event.starts_at, event.sessions) == (
        Format.ON_DEMAND,
        None,
        [],
    )
    page = client.get(f"/events/{event.slug}")
    assert "video.example.org" not in page.text
    assert "On demand, whenever it suits you" in words(page)
    assert "Free through June 30" in words(page)
    again = fields_of(browser.get(f"/staff/events/{event.id}/edit").text)
    assert again["recording_url"] == FILM["recording_url"]


def test_a_program_is_written_with_what_each_session_has_for_itself(
    browser: FlaskClient, session: Session
) -> None:
    first = make_event_on_demand(browser, session)
    typed = program() | {
        "prerequisites-0": f"https://csd.test/events/{first.slug}",
        "prerequisite_note": "Bring a service.",
        "completes_after": "1",
        "completion_note": "Hand in a draft.",
        "presenters-0-name": "Ada Sample",
        "presenters-1-name": "Bob Sample",
        "presenters-1-sitting": "2",
    }
    answer = write(browser, typed)
    event = the_event(session)
    assert said(browser, answer) == ["Published: everybody can see it."]
    assert [(s.title, s.zone, s.place, s.platform_url) for s in event.sessions] == [
        ("Finding a partner", ZONE, "", None),
        (
            "Counting costs",
            "America/Denver",
            "Room 5",
            "https://other.example.org/room",
        ),
    ]
    # One in the afternoon in New York, then in Denver.
    assert [each.starts_at for each in event.sessions] == [
        utc(2030, 6, 12, 17),
        utc(2030, 6, 19, 19),
    ]
    second = event.sessions[1].id
    assert [
        (c.presenter and c.presenter.full_name, c.session_id)
        for c in event.contributions
    ] == [
        ("Ada Sample", None),
        ("Bob Sample", second),
    ]
    assert [each.required_id for each in event.prerequisites] == [first.id]
    shown = fields_of(browser.get(f"/staff/events/{event.id}/edit").text)
    kept = {name: shown[name] for name in typed if name != "prerequisites-0"}
    assert kept == {k: v for k, v in typed.items() if k != "prerequisites-0"}
    assert shown["prerequisites-0"] == f"/events/{first.slug}"


def make_event_on_demand(browser: FlaskClient, session: Session) -> Event:
    send(browser, f"{NEW}/on-demand", FILM, action="publish")
    return the_event(session)


OVERLAP = "It begins before another session has ended. Change one of the two"


@pytest.mark.parametrize(
    ("typed", "field", "expected"),
    [
        (
            row(1, 12) | {"sessions-1-zone": "", "sessions-1-start_time": "2 pm"},
            "sessions-1-start_time",
            OVERLAP,
        ),
        # Eleven in Denver is one in New York.
        (
            row(1, 12) | {"sessions-1-start_time": "11 am", "sessions-1-end_time": ""},
            "sessions-1-start_time",
            OVERLAP,
        ),
        # It ends as it begins.
        (
            {"sessions-0-end_time": "1 pm"},
            "sessions-0-end_time",
            "The end must come after the start, on the same day",
        ),
        (
            {"sessions-0-end_time": "12:30 pm"},
            "sessions-0-end_time",
            "The end must come after the start, on the same day",
        ),
        (
            {"sessions-1-starts_on-month": "2", "sessions-1-starts_on-day": "30"},
            "sessions-1-starts_on",
            "There is no such day. Check month, day and year",
        ),
        (
            {"sessions-1-zone": "America/Nowhere"},
            "sessions-1-zone",
            "Choose one from the list",
        ),
        (
            {"sessions-1-platform_url": "http://x.example.org"},
            "sessions-1-platform_url",
            "Enter an address that begins with https://",
        ),
        (
            {"sessions-1-start_time": ""},
            "sessions-1-start_time",
            "Enter the time it starts",
        ),
        (
            {"completes_after": "3"},
            "completes_after",
            "That is more sessions than there are. Enter fewer, or leave it empty for "
            "all",
        ),
        (
            {"completes_after": "1", "completes_share": "80"},
            "completes_share",
            "Say either how many sessions complete it or which share of the time, not "
            "both",
        ),
        (
            {"completes_share": "101"},
            "completes_share",
            "Or a share of the time to attend, in percent must be a whole number from "
            "1 to 100",
        ),
        (
            {"prerequisites-0": "/events/no-such-event"},
            "prerequisites-0",
            "No event has this address. Copy it from the event's page",
        ),
        (
            {
                "presenters-0-name": "Ada Sample",
                "presenters-0-sitting": "2",
                "sessions-1-left_out": "y",
            },
            "presenters-0-sitting",
            "That session is not there any more. Choose another, or the whole program",
        ),
        (
            {"presenters-0-sitting": "9"},
            "presenters-0-sitting",
            "Choose one from the list",
        ),
    ],
)
def test_what_is_wrong_with_a_program_is_said_by_its_field_and_nothing_is_lost(
    browser: FlaskClient,
    session: Session,
    typed: dict[str, str],
    field: str,
    expected: str,
) -> None:
    answer = write(browser, program() | typed)
    assert (answer.status_code, blamed(answer)) == (422, {field: expected})
    part, number = field.split("-")[:2] if "-" in field else ("", "")
    row = f"Session {int(number) + 1}: " if part == "sessions" else ""
    if field.endswith("-starts_on"):
        row = row.replace(":", ", Date:")
    assert summary_of(answer) == [row + expected]
    session.rollback()
    assert session.scalars(select(Event.id)).all() == []
    kept = fields_of(answer.text)
    for name, value in (program() | typed).items():
        if not name.endswith(("-zone", "-sitting")):
            assert kept[name] == value


def test_two_wrong_sessions_and_a_wrong_price_are_all_said_at_once(
    browser: FlaskClient,
) -> None:
    typed = {
        "sessions-0-end_time": "12:30 pm",
        "sessions-1-end_time": "12:45 pm",
        "offers-0-opens_on-month": "6",
        "offers-0-opens_on-day": "6",
        "offers-0-opens_on-year": "2030",
        "offers-0-closes_on-month": "6",
        "offers-0-closes_on-day": "5",
        "offers-0-closes_on-year": "2030",
    }
    answer = write(browser, program() | typed)
    late = "The end must come after the start, on the same day"
    assert errors_in(answer) == [
        late,
        late,
        "The last day must not come before the first day",
    ]


def test_an_event_requires_neither_itself_nor_what_requires_it(
    browser: FlaskClient, session: Session
) -> None:
    write(browser, program(title="First"))
    first = the_event(session)
    write(
        browser, program(title="Second") | {"prerequisites-0": f"/events/{first.slug}"}
    )
    second = the_event(session)
    path = f"/staff/events/{first.id}/edit"
    itself = send(browser, path, {"prerequisites-0": first.slug})
    circle = send(browser, path, {"prerequisites-0": f"/events/{second.slug}/"})
    assert errors_in(itself) == [
        "This is the event itself. Enter another one, or leave it empty"
    ]
    assert errors_in(circle) == [
        "That event requires this one first, itself or by way of another, so nobody "
        "could begin. Enter another one, or leave it empty"
    ]
    assert fields_of(circle.text)["prerequisites-0"] == f"/events/{second.slug}/"


def test_a_program_is_published_once_people_know_how_to_get_into_each_session(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    first, second = (
        SessionDraft(wall_start=wall(2030, 6, day, 14), zone=ZONE) for day in (12, 19)
    )
    drafts = [
        [first, second],
        [replace(first, place="Room 6"), second],
        [
            replace(first, place="Room 6"),
            replace(second, platform_url=NINE["platform_url"]),
        ],
    ]
    found = []
    for sessions in drafts:
        event_id = make_event(
            app,
            published=False,
            kind=Kind.TRAINING,
            sessions=sessions,
            platform_url=None,
        )
        path = f"/staff/events/{event_id}"
        token = {"csrf_token": fields_of(browser.get(path).text)["csrf_token"]}
        browser.post(f"{path}/publish", data=token)
        session.rollback()
        found.append(queries.get(session, event_id).state)
    assert found == [State.DRAFT, State.DRAFT, State.PUBLISHED]


def test_a_forum_outside_its_conference_is_a_draft_and_no_more(
    browser: FlaskClient, session: Session
) -> None:
    conference = make_conference(
        session, first_on=date(2030, 6, 10), last_on=date(2030, 6, 11)
    )
    typed = NINE | {"conference_id": str(conference), "platform_url": ""}
    path = f"{NEW}/forum"
    refused = send(browser, path, typed, action="publish")
    outside = "The conference is not on that day. Choose one of its days"
    assert (refused.status_code, errors_in(refused)) == (422, [outside])
    saved = send(browser, path, typed)
    assert outside in browser.get(saved.location).text
    event = the_event(session)
    inside = {"starts_on-day": "11"}
    answer = send(browser, f"/staff/events/{event.id}/edit", inside, action="publish")
    assert (answer.status_code, the_event(session).state) == (303, State.PUBLISHED)


def test_a_forum_goes_by_the_clocks_of_its_conference_unless_others_are_chosen(
    browser: FlaskClient, session: Session
) -> None:
    conference = make_conference(session, zone="America/Chicago")
    typed = NINE | {"conference_id": str(conference), "platform_url": ""}
    send(browser, f"{NEW}/forum", typed, action="publish")
    event = the_event(session)
    assert (event.zone, event.sessions[0].zone) == ("America/Chicago",) * 2
    assert event.starts_at == utc(2030, 6, 12, 19)
    other = {"zone": "America/Denver", "zone_change": "clock"}
    send(browser, f"/staff/events/{event.id}/edit", other)
    session.expire_all()
    assert the_event(session).starts_at == utc(2030, 6, 12, 20)


def test_a_forum_without_its_conference_yet_has_the_zone_of_the_association(
    browser: FlaskClient, session: Session
) -> None:
    path = f"{NEW}/forum"
    another = send(browser, path, {"title": "Later", "more": "offers"})
    assert fields_of(another.text)["zone"] == ""  # the conference may still be chosen
    send(browser, path, {"title": "Later"})
    assert the_event(session).zone == ZONE


def test_the_page_of_a_conference_leads_to_a_forum_of_it(
    browser: FlaskClient, session: Session
) -> None:
    conference = make_conference(session, zone="America/Chicago")
    page = browser.get(f"/staff/conferences/{conference}/edit").text
    path = f"{NEW}/forum?conference={conference}"
    assert f'href="{path}"' in page
    begun = fields_of(browser.get(path).text)
    assert begun["conference_id"] == str(conference)
    assert begun["zone"] == "America/Chicago"
    unknown = browser.get(f"{NEW}/forum?conference=9{conference}&on=2030-06-12")
    begun = fields_of(unknown.text)
    assert (begun["conference_id"], begun["zone"]) == ("", "")
    assert begun["starts_on-day"] == "12"


def test_a_draft_without_a_date_waits_for_it_and_opens_as_what_it_is(
    browser: FlaskClient, session: Session
) -> None:
    send(browser, f"{NEW}/training", {"title": "Someday"})
    event = the_event(session)
    assert (event.format, event.starts_at) == (Format.TRAINING, None)
    page = browser.get(f"/staff/events/{event.id}/preview")
    assert "No date yet" in words(page)
    shown = fields_of(browser.get(f"/staff/events/{event.id}/edit").text)
    assert "sessions-0-title" in shown


def kind(event_id: int) -> str:
    return f"/staff/events/{event_id}/kind"


def test_a_draft_program_is_made_a_webinar_and_what_fits_is_kept(
    browser: FlaskClient, session: Session
) -> None:
    write(browser, program() | {"completes_after": "1"}, action="save")
    event_id = the_event(session).id
    page = browser.get(kind(event_id))
    assert "Dropped: 1 session with its time, how many sessions complete it." in words(
        page
    )
    answer = send(browser, kind(event_id), {"wanted": "webinar"})
    event = the_event(session, event_id)
    assert said(browser, answer) == [
        "Saved as: Webinar, live. Look over what its form asks now."
    ]
    assert (event.format, event.title, event.completes_after) == (
        Format.WEBINAR,
        "Sharing services",
        None,
    )
    assert [each.title for each in event.sessions] == ["Finding a partner"]
    (entry, *_before) = list_about(session, "event", event_id)
    assert entry.changes["kind"] == ["training", "webinar"]


def test_who_is_registered_loses_no_session_by_a_change_of_kind(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    start = wall(2030, 6, 12, 14)
    sessions = [
        SessionDraft(wall_start=start.replace(day=day), zone=ZONE) for day in (12, 19)
    ]
    event_id = make_event(app, kind=Kind.TRAINING, sessions=sessions)
    fill(session, event_id, 2)
    refusal = (
        "2 people hold a place or wait for one, and would lose a session. Cancel this "
        "event instead, and make a new one."
    )
    assert words(browser.get(kind(event_id))).count(refusal) == 3
    answer = send(browser, kind(event_id), {"wanted": "on-demand"})
    assert said(browser, answer) == [refusal]
    assert len(the_event(session, event_id).sessions) == 2


def test_a_published_webinar_becomes_no_forum_without_its_conference(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    refusal = (
        "It is published, and its form does not ask for the conference that a forum "
        "needs. Cancel this event instead, and make a new one."
    )
    page = browser.get(kind(event_id)).text
    assert (refusal in page, "Make it this: Forum" in page) == (True, False)
    answer = send(browser, kind(event_id), {"wanted": "forum"})
    assert said(browser, answer) == [refusal]
    assert the_event(session, event_id).format is Format.WEBINAR


def test_a_published_recording_becomes_nothing_that_starts(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(
        app,
        on_demand=True,
        sessions=[],
        offers=[OfferDraft()],
        capacity=None,
        platform_url=None,
        recording_url="https://video.example.org/1",
    )
    page = browser.get(kind(event_id)).text
    assert page.count("the time at which it would start. Cancel this event") == 2
    assert "Make it this" not in page
    send(browser, kind(event_id), {"wanted": "webinar"})
    assert the_event(session, event_id).format is Format.ON_DEMAND


def test_a_published_webinar_is_watched_later_once_its_recording_is_entered(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    answer = send(browser, kind(event_id), {"wanted": "on-demand"})
    assert said(browser, answer) == [
        "It is published, and people would miss something. Enter it first: Enter the "
        "address where it can be watched."
    ]
    assert the_event(session, event_id).format is Format.WEBINAR


def test_who_is_registered_hears_that_a_program_became_a_webinar_only_if_it_moved(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, kind=Kind.TRAINING)
    fill(session, event_id, 1)
    answer = send(browser, kind(event_id), {"wanted": "webinar"})
    assert answer.status_code == 303
    assert the_event(session, event_id).format is Format.WEBINAR
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_change_of_kind_from_an_older_version_changes_nothing(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app, published=False)
    opened = fields_of(browser.get(kind(event_id)).text)
    send(browser, f"/staff/events/{event_id}/edit", {"title": "Theirs"})
    answer = browser.post(kind(event_id), data=opened | {"wanted": "training"})
    assert said(browser, answer)[-1] == (
        "Somebody saved this event meanwhile. Look again, and choose."
    )
    assert the_event(session, event_id).format is Format.WEBINAR
    strange = browser.post(kind(event_id), data=opened | {"wanted": "party"})
    assert strange.status_code == 400


def test_the_kind_of_a_cancelled_event_stays(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event_id = make_event(app)
    the_event(session, event_id).state = State.CANCELLED
    session.commit()
    assert said(browser, browser.get(kind(event_id))) == [
        "This event is cancelled. It cannot be changed any more."
    ]


def test_offers_of_what_is_watched_on_demand_keep_their_days_in_another_zone(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """There is no time to ask about, so nothing is asked."""
    event_id = make_event(
        app,
        on_demand=True,
        sessions=[],
        recording_url="https://video.example.org/film",
        platform_url=None,
        offers=[OfferDraft(closes_on=date(2030, 6, 5))],
    )
    path = f"/staff/events/{event_id}/edit"
    answer = send(browser, path, {"zone": "America/Denver"})
    (offer,) = the_event(session, event_id).offers
    assert (answer.status_code, offer.closes_at) == (303, utc(2030, 6, 6, 6))
