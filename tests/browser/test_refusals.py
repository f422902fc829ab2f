"""Forms that meet a closed door: each is explained, and in order at every width."""

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Delete, Update, delete, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.events.models import Event, EventOffer
from csd_events.events.rules import Audience, OfferDraft
from csd_events.events.rules import State as EventState
from csd_events.organizations.models import Membership
from csd_events.registrations import service
from csd_events.registrations.rules import WRONG_CODES_AN_HOUR
from tests.browser.looking import Ear, faults_of
from tests.browser.scenes import SignIn
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_member,
    make_registration,
    make_wish,
    writing,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("now")]

PRESSED = "Register for this webinar"
TYPED = {
    "Full name": "Nguyễn Thị Ánh",
    "Email": "anh@example.org",
    "Municipality or organization": "Town of Sample",
}
CODE = "CHIEFS-24"
MEMBERS = OfferDraft(audience=Audience.MEMBERS)
INVITED = OfferDraft(audience=Audience.INVITED, code=CODE)


@dataclass(frozen=True, slots=True)
class Door:
    """What happens between the opening of a form and its sending.

    Attributes:
        heading: Of the page that comes.
        change: What staff or the clock did meanwhile; None if nothing.
        offers: Of the event.
        code: What is typed as the code of an invitation; None where none is asked.
    """

    heading: str
    change: Update | Delete | None = None
    status: int = 409
    offers: tuple[OfferDraft, ...] = (OfferDraft(),)
    code: str | None = None


FULL = {"capacity": 0, "waiting_limit": 0}
OFF = {"state": EventState.CANCELLED, "cancelled_at": NOON, "cancel_note": "A storm."}
DOORS = {
    "full": Door("All places are taken", update(Event).values(FULL)),
    "cancelled": Door("This event is cancelled", update(Event).values(OFF)),
    "closed": Door("Registration is closed", delete(EventOffer)),
    "late": Door(
        "The free registration has just ended",
        update(EventOffer).values(closes_at=NOON - HOUR),
    ),
    "not open": Door(
        "Registration is not open yet",
        update(EventOffer).values(opens_at=NOON + DAY),
    ),
    "for members": Door(
        "This event is for members",
        update(EventOffer).values(audience=Audience.MEMBERS),
    ),
    "not invited": Door(PRESSED, status=422, offers=(INVITED,), code=""),
    "wrong code": Door(PRESSED, status=422, offers=(INVITED,), code="CHIEFS-25"),
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_a_form_that_meets_a_closed_door_is_answered_by_a_page_in_order(
    page: Page, session: Session, door: Door
) -> None:
    make_event(session, slug="talk", offers=list(door.offers))
    ear = Ear(page)
    page.goto("/events/talk/register")
    for label, words in TYPED.items():
        page.get_by_label(label, exact=True).fill(words)
    if door.code is not None:
        page.get_by_label("Code of your invitation").fill(door.code)
    if door.change is not None:
        session.execute(door.change)
        session.commit()
    assert _send(page, PRESSED) == door.status
    expect(page.get_by_role("heading", level=1)).to_have_text(door.heading)
    if door.status == 409:
        assert "Nguyễn Thị Ánh" in page.locator("main").inner_text()
    assert (faults_of(page), ear.complaints) == ([], [])


def _send(page: Page, button: str) -> int:
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name=button, exact=True).click()
    return navigation.value.status


def _own_membership_ends(session: Session, _account: Account) -> None:
    ended = {"from_on": date(2029, 1, 1), "until_on": date(2030, 4, 30)}
    session.execute(update(Membership).values(**ended))


def _codes_were_tried(session: Session, account: Account) -> None:
    event = session.scalars(select(Event)).one()
    wish = make_wish(event, code="X", person_id=account.person_id)
    for _ in range(WRONG_CODES_AN_HOUR):
        service.count_wrong_code(session, wish, now=NOON)


SIGNED_IN = {
    "membership ended": (MEMBERS, _own_membership_ends, 409, DOORS["for members"]),
    "too many codes": (INVITED, _codes_were_tried, 429, Door("That was a lot at once")),
}


@pytest.mark.parametrize("what", SIGNED_IN)
def test_who_is_signed_in_meets_a_closed_door_by_a_page_in_order(
    page: Page, session: Session, sign_in: SignIn, what: str
) -> None:
    offer, change, status, door = SIGNED_IN[what]
    make_event(session, slug="talk", offers=[offer])
    account = make_member(session)
    sign_in(account)
    ear = Ear(page)
    page.goto("/events/talk")
    if offer.code:
        page.get_by_label("Code of your invitation").fill(CODE)
    with writing(session):
        change(session, account)
    assert _send(page, PRESSED) == status
    expect(page.get_by_role("heading", level=1)).to_have_text(door.heading)
    assert (faults_of(page), ear.complaints) == ([], [])


def test_staff_who_register_somebody_twice_get_a_page_in_order(
    page: Page, session: Session, sign_in: SignIn
) -> None:
    event = make_event(session, slug="talk")
    make_registration(session, event, email=TYPED["Email"])
    sign_in(make_account(session, role=Role.SCHEDULER))
    ear = Ear(page)
    page.goto(f"/staff/events/{event.id}/registrations/new")
    for label, words in TYPED.items():
        page.get_by_label(label, exact=True).fill(words)
    assert _send(page, "Register them") == 409
    said = page.locator("main").inner_text()
    assert "This address is registered already, or waits, or has a place held." in said
    assert (faults_of(page), ear.complaints) == ([], [])
