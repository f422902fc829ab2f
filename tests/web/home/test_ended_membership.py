"""What is for members, as somebody reads it whose membership has ended."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.events.rules import Audience, OfferDraft
from csd_events.organizations import service
from csd_events.organizations.models import Membership
from csd_events.organizations.rules import Term
from csd_events.organizations.service import NewOrganization
from tests.factories import NOON, make_account, make_event, make_member, writing
from tests.visitors import heading, press, words

pytestmark = pytest.mark.usefixtures("now")

ONE_DAY = timedelta(days=1)
TODAY = date(2030, 5, 1)
PAST = {"from_on": TODAY - 365 * ONE_DAY, "until_on": TODAY - ONE_DAY}


@pytest.mark.parametrize(
    ("audiences", "before", "after"),
    [
        (
            [Audience.MEMBERS],
            "",
            "ended on April 30, 2030. Renew it and you can register here.",
        ),
        (
            [Audience.MEMBERS, Audience.OTHERS],
            "USD 49.00",
            "ended on April 30, 2030. Renew it for the price of members, or register "
            "at the price shown.",
        ),
    ],
    ids=["for members alone", "dearer for others"],
)
def test_whose_membership_has_ended_reads_since_when_and_what_to_do(
    app: Flask,
    session: Session,
    audiences: list[Audience],
    before: str,
    after: str,
) -> None:
    prices = {Audience.MEMBERS: 2500, Audience.OTHERS: 4900}
    offers = [OfferDraft(audience=who, price_cents=prices[who]) for who in audiences]
    make_event(session, slug="talk", offers=offers)
    own, through, never = (make_account(session) for _ in range(3))
    with writing(session):
        city = NewOrganization("City of X", state="NC")
        city_id = service.create_organization(session, city, now=NOON)
        service.affiliate(
            session,
            person_id=through.person_id,
            organization_id=city_id,
            term=Term(date(2020, 1, 1)),
            now=NOON,
        )
        session.add(Membership(person_id=own.person_id, **PAST))
        session.add(Membership(organization_id=city_id, **PAST))
    pages = [
        words(app.test_client(user=account).get("/events/talk"))
        for account in (own, through, never)
    ]
    assert f"Your membership {after}" in pages[0]
    assert f"Your membership through City of X {after}" in pages[1]
    assert "ended on" not in pages[2]
    assert all(before in page for page in pages)
    assert "Sign in if you are one" not in "".join(pages)


def test_a_form_that_comes_after_the_membership_ended_is_told_so_too(
    app: Flask, session: Session
) -> None:
    event = make_event(
        session, slug="talk", offers=[OfferDraft(audience=Audience.MEMBERS)]
    )
    account = make_member(session)
    browser = app.test_client(user=account)
    page = browser.get("/events/talk")
    session.execute(update(Membership).values(until_on=TODAY - ONE_DAY))
    session.commit()
    answer = press(browser, page, f"/events/{event.slug}/register")
    assert (answer.status_code, heading(answer)) == (409, "This event is for members")
    assert "Your membership ended on April 30, 2030. Renew it" in words(answer)
    assert "Sign in" not in words(answer)
