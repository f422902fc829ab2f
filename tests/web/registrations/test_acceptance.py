"""Mistakes of other systems that ours must not make: those that show in many places."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Afterwards, Audience, OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from tests.desk import staff_browser
from tests.factories import (
    DAY,
    NOON,
    call_off,
    make_account,
    make_draft,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, entry_in, side
from tests.visitors import heading, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
START = NOON + 10 * DAY


def states(session: Session) -> list[State]:
    session.rollback()
    return list(session.scalars(select(Registration.state).order_by(Registration.id)))


def resize(session: Session, event: Event, capacity: int) -> None:
    with writing(session):
        found = events.get(session, event.id)
        offers = [OfferDraft(id=offer.id) for offer in found.offers]
        draft = make_draft(capacity=capacity, offers=offers)
        service.save_event(session, event.id, draft, version=found.version, now=NOON)


def test_mail_list_page_and_export_all_show_the_event_zone_and_the_day_of_its_evening(
    app: Flask, session: Session
) -> None:
    """Of an evening west of UTC, where it is the next day already."""
    evening = datetime.fromisoformat("2030-05-11T21:30-10:00")
    zone = "Pacific/Honolulu"
    event = make_event(session, slug="evening", starts_at=evening, zone=zone)
    account = make_account(session, role=Role.SCHEDULER)
    made = make_registration(
        session, event, person_id=account.person_id, email=account.email, at=NOON
    )
    (mail,) = deliver(app)
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, made.id, made.link_version)
    browser = app.test_client(user=account)
    shown = {kind: side(mail, kind) for kind in ("text/plain", "text/html")}
    shown |= {
        path: words(browser.get(path))
        for path in (
            "/",
            "/events",
            "/events/evening",
            "/me",
            f"/registrations/{token}",
            "/staff",
            "/staff/events",
            f"/staff/events/{event.id}",
        )
    }
    assert {where: "May 11" in said for where, said in shown.items()} == dict.fromkeys(
        shown, True
    )
    assert {where for where, said in shown.items() if "May 12" in said} == set()
    files = [
        side(mail, "text/calendar"),
        browser.get(f"/registrations/{token}/invitation.ics").text,
        browser.get("/events/evening.ics").text,
    ]
    start = f"DTSTART;TZID={zone}:20300511T213000"
    assert [start in each for each in files] == [True] * 3
    # Who came when is on the clocks of the event, too.
    listed = words(browser.get(f"/staff/events/{event.id}/registrations"))
    assert "Wed, May 1, 2:00 am HST" in listed


@pytest.mark.parametrize(
    ("zone", "start", "said"),
    [
        ("Asia/Kathmandu", "2030-12-11T20:00+05:45", "UTC+5:45"),
        ("Asia/Kolkata", "2030-12-11T20:00+05:30", "UTC+5:30"),
        ("America/Chicago", "2030-12-11T20:00-06:00", "UTC\N{MINUS SIGN}6"),
        ("Asia/Shanghai", "2030-12-11T20:00+08:00", "UTC+8"),
    ],
)
def test_zones_with_30_or_45_minute_offsets_and_two_that_share_an_abbreviation(
    app: Flask, session: Session, zone: str, start: str, said: str
) -> None:
    """Chicago and Shanghai both call theirs CST; neither is meant by three letters."""
    starts_at = datetime.fromisoformat(start)
    event = make_event(session, slug="talk", starts_at=starts_at, zone=zone)
    make_registration(session, event)
    (mail,) = deliver(app)
    page = words(app.test_client().get("/events/talk"))
    assert "December 11, 2030, 8:00\N{EN DASH}9:00 pm" in page
    assert "December 11, 2030, 8:00 pm" in side(mail, "text/plain")
    assert [said in shown for shown in (page, side(mail, "text/plain"))] == [True] * 2
    entry = entry_in(side(mail, "text/calendar"))
    assert entry["DTSTART"].dt.astimezone(UTC) == starts_at.astimezone(UTC)
    assert entry["DTSTART"].params["TZID"] == zone


def test_capacity_raised_lowered_below_registered_event_closed_the_list_behaves(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """No place after the end, and no number below nothing."""
    event = make_event(session, slug="talk", capacity=2)
    made = [make_registration(session, event) for _ in range(5)]
    resize(session, event, 3)
    assert states(session) == [State.CONFIRMED] * 3 + [State.WAITING] * 2
    resize(session, event, 1)
    assert states(session) == [State.CONFIRMED] * 3 + [State.WAITING] * 2
    with writing(session):
        service.cancel(session, made[0].id, now=NOON)
    still = [State.CANCELLED, *[State.CONFIRMED] * 2, *[State.WAITING] * 2]
    assert states(session) == still
    assert "All places are taken" in words(client.get("/events/talk"))
    assert "Places left 0" in words(
        staff_browser(app, session).get(f"/staff/events/{event.id}")
    )
    with writing(session):
        for each in made[1:3]:  # it has begun: nobody is next
            service.cancel(session, each.id, now=START)
    assert states(session)[3:] == [State.WAITING] * 2
    deliver(app)
    call_off(session, event.id)
    assert states(session)[3:] == [State.WAITING] * 2
    subjects = {str(mail["Subject"]) for mail in deliver(app)}
    assert subjects == {"Cancelled: Sharing dispatch"}
    assert check_counters(session) == []


def test_price_window_ended_page_tells_staff_and_visitor_why_registration_is_closed(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(
        session,
        slug="talk",
        offers=[OfferDraft(price_cents=2500, closes_on=date(2030, 5, 3))],
        afterwards=Afterwards.CLOSED,
    )
    at(datetime.fromisoformat("2030-05-04T00:00-04:00").astimezone(UTC))
    for path in ("/events/talk", "/events/talk/register"):
        page = words(client.get(path))
        assert "Registration is closed" in page
        assert "Registration ended on May 3, 2030." in page
    desk = words(staff_browser(app, session).get(f"/staff/events/{event.id}"))
    assert "Closed since May 4, 2030: the last offer ended." in desk


def test_price_window_of_members_ended_tells_others_what_still_is_open(
    client: FlaskClient, session: Session, at: SetClock
) -> None:
    """Closed for one audience is not closed."""
    make_event(
        session,
        slug="talk",
        offers=[
            OfferDraft(audience=Audience.MEMBERS, closes_on=date(2030, 5, 3)),
            OfferDraft(audience=Audience.OTHERS, price_cents=4900),
        ],
    )
    at(datetime.fromisoformat("2030-05-04T00:00-04:00").astimezone(UTC))
    page = client.get("/events/talk/register")
    assert heading(page) == "Register for this webinar"
    assert "USD 49.00" in words(page)
