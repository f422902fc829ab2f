"""What staff write as days, as instants; and the catalog's filter for free."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.errors import ProblemsError, StaleError
from csd_events.events import queries
from csd_events.events import service as event_service
from csd_events.events.models import EventOffer
from csd_events.events.queries import Filters
from csd_events.events.rules import (
    Access,
    Audience,
    OfferDraft,
    Problem,
    SessionDraft,
    terms,
)
from csd_events.registrations import service
from tests.factories import DAY, NOON, make_draft, make_event, writing


def windows(session: Session) -> list[tuple[str | None, str | None]]:
    session.rollback()
    rows = session.execute(select(EventOffer.opens_at, EventOffer.closes_at))
    return [
        (a.isoformat()[:16] if a else None, b.isoformat()[:16] if b else None)
        for a, b in rows
    ]


@pytest.mark.parametrize(
    ("zone", "first", "last", "window"),
    [
        (
            "America/New_York",
            date(2030, 10, 1),
            date(2030, 10, 15),
            ("2030-10-01T04:00", "2030-10-16T04:00"),
        ),
        # There the clocks jump over midnight on 5 October 2030.
        (
            "America/Santiago",
            date(2030, 9, 8),
            date(2030, 9, 8),
            ("2030-09-08T04:00", "2030-09-09T03:00"),
        ),
        (
            "Asia/Kathmandu",
            None,
            date(2030, 10, 15),
            (None, "2030-10-15T18:15"),
        ),
    ],
)
def test_through_a_day_includes_that_whole_day_in_the_zone_of_the_event(
    session: Session, zone: str, first: date | None, last: date, window: object
) -> None:
    start = datetime(2030, 12, 1, 14)  # noqa: DTZ001 - a wall clock
    make_event(
        session,
        zone=zone,
        sessions=[SessionDraft(wall_start=start, zone=zone)],
        offers=[OfferDraft(opens_on=first, closes_on=last)],
    )
    assert windows(session) == [window]


def test_an_offer_without_an_end_closes_when_the_event_starts(
    session: Session,
) -> None:
    event = make_event(session)
    (offer,) = event.terms_of_offers
    assert offer.window.closes_at == event.starts_at


def test_an_offer_that_would_open_after_the_start_is_left_out(
    session: Session,
) -> None:
    late = OfferDraft(opens_on=(NOON + 20 * DAY).date(), price_cents=100)
    event = make_event(
        session, offers=[OfferDraft(closes_on=(NOON + DAY).date()), late]
    )
    assert len(event.terms_of_offers) == 1


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        (
            {"offers": [OfferDraft(), OfferDraft(price_cents=100)]},
            {"offers": Problem.OFFERS_OVERLAP},
        ),
        (
            {
                "offers": [
                    OfferDraft(opens_on=date(2030, 5, 2), closes_on=date(2030, 5, 1))
                ]
            },
            {"offers-0": Problem.WINDOW_BACKWARDS},
        ),
        (
            {
                "sessions": [
                    SessionDraft(
                        wall_start=datetime(2030, 3, 10, 2, 30),  # noqa: DTZ001
                        zone="America/New_York",
                    )
                ]
            },
            {"sessions-0": Problem.TIME_SKIPPED},
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_by_field(
    session: Session, given: dict[str, object], problems: dict[str, Problem]
) -> None:
    with writing(session), pytest.raises(ProblemsError) as refused:
        event_service.create(session, make_draft(**given), now=NOON)
    assert refused.value.problems == problems


def test_who_saves_over_what_they_have_not_seen_is_refused(session: Session) -> None:
    event = make_event(session)
    with writing(session), pytest.raises(StaleError):
        service.save_event(session, event.id, make_draft(), version=99, now=NOON)


def test_the_filter_for_free_finds_what_is_free_for_a_visitor_now(
    app: Flask, session: Session
) -> None:
    """One concept: the filter finds what the terms call open and free."""
    yesterday, tomorrow = (NOON - DAY).date(), (NOON + DAY).date()
    samples = {
        "free": [OfferDraft()],
        "still": [OfferDraft(closes_on=tomorrow)],
        "over": [OfferDraft(closes_on=yesterday)],
        "soon": [OfferDraft(opens_on=tomorrow)],
        "paid": [OfferDraft(price_cents=100)],
        "members": [
            OfferDraft(audience=Audience.MEMBERS),
            OfferDraft(audience=Audience.OTHERS, price_cents=100),
        ],
        "others": [OfferDraft(audience=Audience.OTHERS)],
        "off": [OfferDraft()],
    }
    made = {s: make_event(session, slug=s, offers=o) for s, o in samples.items()}
    with writing(session):
        service.cancel_event(session, made["off"].id, note="", now=NOON)
    page = queries.page_catalog(session, Filters(free=True), now=NOON)
    found = {event.slug for event in page.items}
    by_the_rules = set()
    for slug in samples:
        offers = queries.get_by_slug(session, slug).terms_of_offers
        now = terms(offers, member=False, now=NOON)
        if now.access is Access.OPEN and now.offer and now.offer.is_free:
            by_the_rules.add(slug)
    assert found == by_the_rules - {"off"} == {"free", "still", "others"}
    assert app.config["TESTING"]


def test_an_hour_before_a_window_ends_it_is_open(session: Session) -> None:
    event = make_event(session, offers=[OfferDraft(closes_on=date(2030, 5, 3))])
    end = datetime.fromisoformat("2030-05-04T00:00-04:00")
    tick = timedelta(microseconds=1)
    found = [
        terms(event.terms_of_offers, member=False, now=at).access
        for at in (end - tick, end)
    ]
    assert found == [Access.OPEN, Access.CLOSED]
