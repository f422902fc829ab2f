"""An event comes again as events of its own; several of them are changed at once."""

import html
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.core.db import transaction
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event, EventSeries
from csd_events.events.rules import (
    Kind,
    OfferDraft,
    QuestionDraft,
    QuestionKind,
    SessionDraft,
    State,
)
from csd_events.outbox.models import MailWords, OutboxMessage
from csd_events.registrations.models import Registration
from tests.desk import blamed, draft, fields_of, said, send, staff_browser, wall
from tests.factories import DAY, NOON, make_event, make_registration, writing
from tests.letters import by_address, deliver
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

ZONE = "America/New_York"
WEEKLY = {"every": "week", "times": "3"}


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def event(session: Session) -> Event:
    """It starts on Saturday, May 11, at 8 am Eastern."""
    return make_event(session, slug="talk", capacity=20)


def page(event: Event, name: str) -> str:
    return f"/staff/events/{event.id}/{name}"


def show(browser: FlaskClient, event: Event, **typed: str) -> TestResponse:
    """Send a rule, and see the days that it names."""
    return browser.post(
        page(event, "repeat"),
        data=fields_of(browser.get(page(event, "repeat")).text)
        | typed
        | {"action": "list"},
    )


def make(browser: FlaskClient, event: Event, shown: TestResponse, **typed: Any) -> Any:
    data = fields_of(shown.text) | typed | {"action": "make"}
    data["shown"] = re.findall(r'name="shown" value="([^"]+)"', shown.text)
    return browser.post(page(event, "repeat"), data=data)


def repeated(browser: FlaskClient, event: Event, **typed: str) -> int:
    """Repeat an event on all the days of a rule. Return the id of the series."""
    answer = make(browser, event, show(browser, event, **typed))
    assert answer.status_code == 303
    return int(answer.location.rpartition("/")[2])


def days_in(shown: TestResponse) -> list[str]:
    return [
        html.unescape(words)
        for words in re.findall(r'for="on-[^"]+">([^<]+)</label>', shown.text)
    ]


def series_of(session: Session, series_id: int) -> list[Event]:
    session.rollback()
    session.expire_all()
    return list(events.list_of_series(session, series_id))


def hours_of(session: Session, series_id: int) -> list[int]:
    """Return at which hour each event of a series starts."""
    found = series_of(session, series_id)
    return [each.sessions[0].wall_start.hour for each in found]


def count_mails(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(OutboxMessage)).one()


def test_the_days_of_a_rule_are_shown_before_anything_is_made(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    shown = show(browser, event, **WEEKLY)
    assert days_in(shown) == [
        "Saturday, May 18, 2030, 8:00 am",
        "Saturday, May 25, 2030, 8:00 am",
        "Saturday, June 1, 2030, 8:00 am",
    ]
    session.rollback()
    assert session.scalars(select(EventSeries)).all() == []


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ({"every": "second_week", "times": "2"}, ["May 25", "June 8"]),
        ({"every": "month", "times": "2"}, ["June 8", "July 13"]),
        ({"every": "picked", "picked": "6/3/2030\n2030-05-20"}, ["May 20", "June 3"]),
        (
            {
                "every": "week",
                "until-month": "5",
                "until-day": "25",
                "until-year": "2030",
            },
            ["May 18", "May 25"],
        ),
    ],
)
def test_each_rule_names_its_days(
    browser: FlaskClient, event: Event, typed: dict[str, str], days: list[str]
) -> None:
    shown = days_in(show(browser, event, **typed))
    assert [words.split(", ")[1] for words in shown] == days


def test_ticked_days_become_drafts_of_one_series_at_the_same_time_on_the_clock(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    shown = show(browser, event, every="month", times="8")
    answer = make(browser, event, shown, on=["2030-06-08", "2030-12-14"])

    assert said(browser, answer) == [
        "2 drafts are written. Nobody was mailed. Look them over, then publish them."
    ]
    found = series_of(session, int(answer.location.rpartition("/")[2]))
    assert [(each.state, each.slug) for each in found] == [
        (State.PUBLISHED, "talk"),
        (State.DRAFT, "sharing-dispatch-2030-06-08"),
        (State.DRAFT, "sharing-dispatch-2030-12-14"),
    ]
    walls = [each.sessions[0].wall_start for each in found]
    assert [(each.hour, each.minute) for each in walls] == [(8, 0)] * 3
    assert [each.sessions[0].starts_at.hour for each in found] == [12, 12, 13]
    assert [each.platform_url for each in found[1:]] == [None, None]


def test_the_drafts_of_a_series_are_published_together_and_what_lacks_something_stays(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    shown = show(browser, event, **WEEKLY, way_in="https://meet.example.org/x")
    days = ["2030-05-18", "2030-05-25", "2030-06-01"]
    where = make(browser, event, shown, on=days).location
    first, without, planned = (
        each.id for each in series_of(session, int(where.rpartition("/")[2]))[1:]
    )
    send(browser, f"/staff/events/{without}/edit", {"platform_url": ""})
    later = {"starts_on-month": "5", "starts_on-day": "10", "starts_on-year": "2030"}
    later |= {"start_time": "2 pm"}
    send(browser, f"/staff/events/{planned}/publish-at", later)

    assert "Publish 2 drafts" in browser.get(where).text
    answer = browser.post(f"{where}/publish", data=fields_of(browser.get(where).text))

    assert said(browser, answer) == [
        "1 event is published: everybody can see it.",
        "Sharing dispatch, Saturday, May 25, 2030, 8:00 am Eastern "
        "(UTC\N{MINUS SIGN}4): "
        "Enter the platform link, where the session runs",
    ]
    session.expire_all()
    found = {e.id: e.state for e in series_of(session, int(where.rpartition("/")[2]))}
    assert found == {
        event.id: State.PUBLISHED,
        first: State.PUBLISHED,
        without: State.DRAFT,
        planned: State.DRAFT,
    }
    assert browser.get(f"/events/sharing-dispatch-{days[0]}").status_code == 200


def test_a_form_that_is_sent_twice_makes_its_events_once(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    shown = show(browser, event, **WEEKLY)
    first, again = (make(browser, event, shown) for _ in range(2))
    assert first.location == again.location
    assert len(series_of(session, int(first.location.rpartition("/")[2]))) == 4


def test_a_copy_that_is_sent_twice_is_made_once_and_leads_to_the_same_draft(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    day = {"starts_on-month": "6", "starts_on-day": "20", "starts_on-year": "2030"}
    path = page(event, "copy")
    typed = fields_of(browser.get(path).text) | day
    refused = browser.post(path, data=typed | {"title": ""})
    assert fields_of(refused.text)["nonce"] == typed["nonce"]  # it is the same form
    first, again = (browser.post(path, data=typed) for _ in range(2))
    assert (again.location, again.status_code) == (first.location, 303)
    other = send(browser, path, day)
    changed = browser.post(path, data=typed | {"title": "Once more"})
    assert len({first.location, other.location, changed.location}) == 3
    session.rollback()
    assert session.scalar(select(func.count(Event.id))) == 4


def test_days_that_somebody_else_repeated_it_on_meanwhile_are_shown_again_without_tick(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    shown = show(browser, event, every="week", times="4")
    series_id = repeated(browser, event, **WEEKLY)

    refused = make(browser, event, shown)

    assert refused.status_code == 409
    assert "Somebody repeated it on some of these days meanwhile." in refused.text
    assert refused.text.count("An event of this series is on that day already.") == 3
    assert fields_of(refused.text)["on"] == ["2030-06-08"]
    assert len(series_of(session, series_id)) == 4
    # Who wants one more on such a day all the same ticks it, and gets it.
    both = {"on": ["2030-06-01", "2030-06-08"]}
    taken = re.findall(r'name="taken" value="([^"]+)"', refused.text)
    make(browser, event, refused, **both, taken=taken)
    assert len(series_of(session, series_id)) == 6


def test_repeating_one_of_a_series_adds_to_it_and_knows_its_days(
    browser: FlaskClient, session: Session, event: Event
) -> None:
    series_id = repeated(browser, event, **WEEKLY)
    shown = show(browser, event, every="week", times="4")
    assert shown.text.count("An event of this series is on that day already.") == 3
    answer = make(browser, event, shown)
    assert answer.location.endswith(f"/{series_id}")
    assert len(series_of(session, series_id)) == 5


def test_a_time_that_clocks_skip_is_asked_about_in_the_list(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """On March 9, 2031, New York has no 2:30 in the morning."""
    start = wall(2031, 3, 2, 2).replace(minute=30)
    night = make_event(
        session,
        slug="night",
        sessions=[SessionDraft(wall_start=start, zone=ZONE)],
    )
    shown = show(browser, night, every="week", times="2")
    assert "The clocks of this zone skip that time on that day." in shown.text
    assert shown.text.count("Another time on this day") == 1

    refused = make(browser, night, shown)
    assert (refused.status_code, blamed(refused)) == (
        422,
        {"clock-2031-03-09": "Enter another time for this day, or take its tick out"},
    )
    answer = make(browser, night, shown, **{"clock-2031-03-09": "3:30 am"})
    made = series_of(session, int(answer.location.rpartition("/")[2]))
    assert [each.sessions[0].wall_start for each in made] == [
        start,
        wall(2031, 3, 9, 3).replace(minute=30),
        wall(2031, 3, 16, 2).replace(minute=30),
    ]


def test_a_time_that_clocks_show_twice_is_asked_about_or_left_out(
    browser: FlaskClient, session: Session
) -> None:
    """On November 3, 2030, New York has 1:30 in the morning twice."""
    start = wall(2030, 10, 27, 1).replace(minute=30)
    night = make_event(
        session,
        slug="night",
        sessions=[SessionDraft(wall_start=start, zone=ZONE)],
    )
    shown = show(browser, night, every="week", times="2")
    assert "show that time twice" in shown.text
    refused = make(browser, night, shown, **{"clock-2030-11-03": "1:45 am"})
    assert "show that time twice" in blamed(refused)["clock-2030-11-03"]
    answer = make(browser, night, shown, on=["2030-11-10"])
    assert len(series_of(session, int(answer.location.rpartition("/")[2]))) == 2


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"every": "week"}, "times", "Say how many times, or until which day"),
        ({"every": "week", "times": "61"}, "times", "That is more than 60 events"),
        ({"every": "picked"}, "picked", "Enter at least one day"),
        ({"every": "picked", "picked": "soon"}, "picked", "soon is no day."),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_asked_again(
    browser: FlaskClient, event: Event, typed: dict[str, str], field: str, words: str
) -> None:
    refused = show(browser, event, **typed)
    assert refused.status_code == 422
    assert blamed(refused)[field].startswith(words)


def test_the_page_of_a_series_asks_the_database_as_often_for_many_events(
    app: Flask, browser: FlaskClient, event: Event
) -> None:
    series_id = repeated(browser, event, every="week", times="2")
    numbers = []
    for times in ("4", "12"):
        repeated(browser, event, every="week", times=times)
        with counted(app) as statements:
            assert browser.get(f"/staff/series/{series_id}").status_code == 200
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


def published(app: Flask, browser: FlaskClient, session: Session, event: Event) -> int:
    """A series of four events, all published."""
    series_id = repeated(browser, event, **WEEKLY)
    link = "https://rooms.example.org/another"
    for each in series_of(session, series_id):
        if each.state is State.DRAFT:
            send(browser, page(each, "edit"), {"platform_url": link}, action="publish")
    return series_id


def change(
    browser: FlaskClient, series_id: int, which: list[int], **typed: Any
) -> TestResponse:
    """Open the form of a series, choose events, and see what it causes."""
    path = f"/staff/series/{series_id}/change"
    data = fields_of(browser.get(path).text) | typed
    return browser.post(path, data=data | {"which": [str(each) for each in which]})


def confirm(browser: FlaskClient, shown: TestResponse, series_id: int) -> TestResponse:
    path = f"/staff/series/{series_id}/change"
    data = fields_of(shown.text)
    return browser.post(path, data=data)


LATER = {"fields": ["time"], "start_time": "10:00 am", "end_time": "11:00 am"}


def test_what_each_event_s_change_causes_is_said_before_any_is_saved(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    series_id = published(app, browser, session, event)
    first, second, third, _ = series_of(session, series_id)
    for each, people in ((first, 2), (second, 1)):
        for _ in range(people):
            make_registration(session, each)

    shown = change(browser, series_id, [first.id, second.id, third.id], **LATER)

    assert shown.status_code == 200
    text = " ".join(shown.text.split())
    assert "2 people get a notice with a calendar update." in text
    assert "1 person gets a notice with a calendar update." in text
    assert "Nobody has to be told." in text
    assert "3 reminders move." in text
    assert "Change 3 events and tell 3 people" in text
    assert hours_of(session, series_id) == [8] * 4


def test_saved_in_one_act_each_event_tells_its_own_people_and_is_undone_alone(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    series_id = published(app, browser, session, event)
    first, second, *_ = series_of(session, series_id)
    holder = make_registration(session, first).person.email
    other = make_registration(session, second).person.email
    deliver(app)
    ids = [first.id, second.id]
    shown = change(browser, series_id, ids, **LATER)

    answer = confirm(browser, shown, series_id)

    assert said(browser, answer) == [
        "2 events are changed. 2 people are told; the page of each event says when, "
        "and undoes it."
    ]
    assert hours_of(session, series_id) == [10, 10, 8, 8]
    undo = fields_of(browser.get(f"/staff/events/{ids[0]}").text)
    browser.post(f"/staff/events/{ids[0]}/undo", data=undo)
    assert hours_of(session, series_id) == [8, 10, 8, 8]
    mails = by_address(deliver(app))
    assert (list(mails), holder in mails) == ([other], False)


def test_one_that_somebody_saved_meanwhile_is_named_and_left_out_whole(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    series_id = published(app, browser, session, event)
    first, second, *_ = series_of(session, series_id)
    both = {"fields": ["title", "time"], "title": "New title", **LATER}
    both["fields"] = ["title", "time"]
    shown = change(browser, series_id, [first.id, second.id], **both)
    send(browser, page(second, "edit"), {"summary": "Other words."})

    answer = confirm(browser, shown, series_id)

    _saved, *words = said(browser, answer)
    assert words[0] == "1 event is changed."
    assert words[1].endswith("Somebody saved it meanwhile, so it was left out.")
    found = series_of(session, series_id)
    assert [(each.title, each.sessions[0].wall_start.hour) for each in found[:2]] == [
        ("New title", 10),
        ("Sharing dispatch", 8),
    ]


def test_one_that_the_change_does_not_fit_is_named_and_the_others_are_changed(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    """On March 9, 2031, New York has no 2:30 in the morning."""
    start = wall(2031, 3, 2, 8)
    event = make_event(
        session, slug="march", sessions=[SessionDraft(wall_start=start, zone=ZONE)]
    )
    series_id = repeated(browser, event, every="week", times="1")
    ids = [each.id for each in series_of(session, series_id)]
    typed = {"fields": ["time"], "start_time": "2:30 am", "end_time": ""}

    shown = change(browser, series_id, ids, **typed)
    assert "The clocks of this zone skip that time on that day." in shown.text
    answer = confirm(browser, shown, series_id)

    assert answer.status_code == 303
    found = series_of(session, series_id)
    assert [each.sessions[0].wall_start for each in found] == [
        wall(2031, 3, 2, 2).replace(minute=30),
        wall(2031, 3, 9, 8),
    ]


def test_what_is_over_or_cancelled_is_left_out_in_words(
    app: Flask, browser: FlaskClient, session: Session, event: Event, at: Any
) -> None:
    series_id = published(app, browser, session, event)
    second = series_of(session, series_id)[1]
    send(browser, page(second, "cancel"), {"note": ""})
    at(NOON + 11 * DAY)
    shown = browser.get(f"/staff/series/{series_id}/change").text
    assert "It is over, so it stays as it was." in shown
    assert "It is cancelled, so it stays as it was." in shown
    assert len(re.findall(r'name="which"', shown)) == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"fields": []}, "Tick what is to change"),
        ({"fields": ["title"], "title": ""}, "Enter a title"),
        ({"fields": ["time"], "start_time": ""}, "Enter the time it starts"),
    ],
)
def test_a_change_that_says_nothing_is_asked_again(
    browser: FlaskClient, event: Event, typed: dict[str, Any], words: str
) -> None:
    series_id = repeated(browser, event, **WEEKLY)
    answer = change(browser, series_id, [event.id], **typed)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_copy_has_what_an_event_is_and_nothing_of_what_became_of_it(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    with app.app_context(), transaction() as writing_session:
        made = event_service.create(
            writing_session,
            draft(
                description="**Agenda**",
                areas=["dispatch_911"],
                offers=[OfferDraft(closes_on=date(2030, 6, 5))],
                questions=[QuestionDraft(kind=QuestionKind.SHORT, label="Why?")],
                reminders=["1d"],
                recording_url="https://films.example.org/1",
            ),
            now=NOON,
        )
        event_service.publish(writing_session, made.id, now=NOON)
        writing_session.add(
            MailWords(
                kind="registration.reminder",
                event_id=made.id,
                subject="{starts}: see you",
                body="Hello",
                version=4,
                saved_at=NOON,
            )
        )
        source_id = made.id
    source = events.get(session, source_id)
    make_registration(session, source)
    mails = count_mails(session)
    typed = {
        "title": "Sharing dispatch again",
        "starts_on-month": "9",
        "starts_on-day": "10",
        "starts_on-year": "2030",
        "start_time": "9:00 am",
    }

    answer = send(browser, f"/staff/events/{source_id}/copy", typed)

    assert said(browser, answer) == [
        "Copied as a draft. Nobody was mailed. Look it over, then publish it."
    ]
    session.rollback()
    session.expire_all()
    copy = events.get(session, int(answer.location.rpartition("/")[2]))
    assert (copy.state, copy.title, copy.description, copy.area_ids) == (
        State.DRAFT,
        "Sharing dispatch again",
        "**Agenda**",
        ["dispatch_911"],
    )
    sitting = copy.sessions[0]
    assert (sitting.wall_start, copy.offers[0].closes_on, copy.reminders) == (
        wall(2030, 9, 10, 9),
        date(2030, 9, 3),
        ["1d"],
    )
    assert [each.label for each in copy.questions] == ["Why?"]
    assert (copy.platform_url, copy.recording_url, copy.series_id) == (None, None, None)
    assert (copy.confirmed, copy.published_at) == (0, None)
    words = session.scalars(
        select(MailWords).where(MailWords.event_id == copy.id)
    ).one()
    assert (words.subject, words.version) == ("{starts}: see you", 1)
    theirs = select(Registration).where(Registration.event_id == copy.id)
    assert session.scalars(theirs).all() == []
    assert count_mails(session) == mails
    assert deliver(app) != []  # of the one who registered
    assert deliver(app) == []


def test_a_program_is_copied_with_all_its_sessions(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    first = wall(2030, 6, 12, 14)
    program = make_event(
        session,
        slug="program",
        kind=Kind.TRAINING,
        sessions=[
            SessionDraft(title=title, wall_start=first + days * DAY, zone=ZONE)
            for title, days in (("One", 0), ("Two", 7))
        ],
    )
    typed = {"starts_on-month": "9", "starts_on-day": "4", "start_time": "9:00 am"}
    answer = send(browser, page(program, "copy"), typed | {"starts_on-year": "2030"})
    session.rollback()
    session.expire_all()
    copy = events.get(session, int(answer.location.rpartition("/")[2]))
    assert [(each.title, each.wall_start) for each in copy.sessions] == [
        ("One", wall(2030, 9, 4, 9)),
        ("Two", wall(2030, 9, 11, 14)),
    ]


def test_a_copy_needs_a_date_and_a_time_that_exist(
    browser: FlaskClient, event: Event
) -> None:
    refused = send(browser, page(event, "copy"))
    assert blamed(refused)["starts_on"] == "Enter the date"
    night = {"starts_on-month": "3", "starts_on-day": "9", "starts_on-year": "2031"}
    refused = send(browser, page(event, "copy"), night | {"start_time": "2:30 am"})
    assert "skip that time" in blamed(refused)["start_time"]


def test_a_series_knows_who_is_registered_and_leads_to_each_event(
    app: Flask, browser: FlaskClient, session: Session, event: Event
) -> None:
    make_registration(session, event)
    series_id = repeated(browser, event, **WEEKLY)
    shown = browser.get(f"/staff/series/{series_id}").text
    assert f'href="/staff/events/{event.id}"' in shown
    assert "1 / 20" in " ".join(shown.split())
    assert "The series it belongs to" in browser.get(f"/staff/events/{event.id}").text
    assert browser.get("/staff/series/999").status_code == 404


def test_two_who_repeat_one_event_at_once_make_one_series(
    session: Session, event: Event
) -> None:
    wanted = event_service.Repeat(
        starts=[wall(2030, 6, 1, 8)], way_in=None, nonce="one"
    )
    other = event_service.Repeat(starts=[wall(2030, 6, 8, 8)], way_in=None, nonce="two")
    found = set()
    for each in (wanted, other, wanted):
        with writing(session):
            found.add(
                event_service.repeat(session, event.id, each, now=NOON, actor_id=None)
            )
    assert len(found) == 1
    assert len(series_of(session, found.pop())) == 3
