"""The pages by which a place goes to a colleague or another address, and back."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.access import Role
from csd_events.core.tokens import Purpose, links
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft
from csd_events.outbox.models import OutboxBody, OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.desk import fields_of
from tests.factories import (
    DAY,
    HOUR,
    LONG_AGO,
    NOON,
    make_account,
    make_event,
    make_member,
    make_registration,
    writing,
)
from tests.letters import deliver, entry_of, links_in, mails_among_others, side
from tests.statements import counted
from tests.visitors import errors_on, heading, hidden_on, title, words

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
ADA, BO = "ada@example.org", "bo@example.org"
BO_TYPED = {"full_name": "Bo Sample", "email": BO, "organization": "Town of Other"}


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=2)


def path_of(app: Flask, registration: Registration) -> str:
    with app.app_context():
        version = registration.link_version
        token = links().token(Purpose.REGISTRATION, registration.id, version)
    return f"/registrations/{token}"


@pytest.fixture
def own(app: Flask, session: Session, event: Event) -> str:
    return path_of(app, make_registration(session, event, email=ADA))


def holders(session: Session) -> dict[str, State]:
    session.rollback()
    rows = (
        select(Person.email, Registration.state)
        .join(Registration.person)
        .where(Registration.handed_on_at.is_(None))
    )
    return {email: state for email, state in session.execute(rows)}  # noqa: C416 - a result is no mapping


def link_of(mails: list[Any], to: str, part: str) -> str:
    (found,) = {
        link.removeprefix("http://csd.test")
        for mail in mails
        if to in str(mail["To"])
        for link in links_in(mail)
        if part in link
    }
    return found


def test_the_page_leads_to_a_colleague_and_a_new_address(
    client: FlaskClient, own: str
) -> None:
    page = client.get(own)
    assert f'href="{own}/replace"' in page.text
    assert f'href="{own}/address"' in page.text
    assert "A colleague can take your place, until it starts." in words(page)
    form = client.get(f"{own}/replace")
    assert heading(form) == "Who comes in your place?"
    assert 'value="Town of Sample"' in form.text


def test_a_colleague_comes_by_two_mails(
    app: Flask, client: FlaskClient, session: Session, own: str
) -> None:
    (first,) = deliver(app)
    done = client.post(f"{own}/replace", data=BO_TYPED)
    assert (done.status_code, heading(done)) == (200, "We have written to them")
    assert holders(session) == {BO: State.CONFIRMED}
    mails = deliver(app)
    to_ada, to_bo = mails
    assert (
        str(to_ada["Subject"]) == "Somebody else comes in your place: Sharing dispatch"
    )
    assert str(to_bo["Subject"]) == "You have a place: Sharing dispatch"
    assert "You come in place of Guest" in side(to_bo, "text/plain")
    # The entry of before goes by its own UID, and the colleague's has another.
    assert entry_of(to_ada)["UID"] == entry_of(first)["UID"]
    assert entry_of(to_ada)["STATUS"] == "CANCELLED"
    assert entry_of(to_ada)["SEQUENCE"] > entry_of(first)["SEQUENCE"]
    assert entry_of(to_ada)["ATTENDEE"] == f"mailto:{ADA}"
    assert entry_of(to_bo)["UID"] != entry_of(first)["UID"]
    assert entry_of(to_bo)["ATTENDEE"] == f"mailto:{BO}"
    # What ends a calendar's entry holds no link that is somebody else's.
    theirs = link_of(mails, BO, "/cancel").removesuffix("/cancel")
    assert theirs.rpartition("/")[2] not in "".join(links_in(to_ada))
    assert heading(client.get(theirs)) == "You are registered"


def test_the_old_link_says_that_somebody_has_the_place_and_names_nobody(
    client: FlaskClient, session: Session, own: str
) -> None:
    client.post(f"{own}/replace", data=BO_TYPED)
    page = client.get(own)
    assert (page.status_code, heading(page)) == (410, "Somebody else has this place")
    assert "Bo" not in words(page)
    assert BO not in page.text
    for path in ("/replace", "/cancel", "/address", "/next", "/invitation.ics"):
        assert client.get(own + path).status_code == 410


def test_what_a_link_holder_reads_never_depends_on_the_address(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """Neither the page, nor the old link, nor the mail to them."""
    found = []
    for slug, has_a_place in (("one", True), ("other", False)):
        event = make_event(session, slug=slug)
        if has_a_place:
            make_registration(session, event, email=BO)
        own = path_of(app, make_registration(session, event, email=ADA, full_name="A"))
        deliver(app)
        done = client.post(f"{own}/replace", data=BO_TYPED)
        (told,) = (m for m in deliver(app) if ADA in str(m["To"]))
        mail = re.sub(r"http\S+", "", side(told, "text/plain"))
        found.append([words(done), words(client.get(own)), mail])
    assert found[0] == found[1]


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(
    client: FlaskClient, own: str
) -> None:
    page = client.post(f"{own}/replace", data={"full_name": "Bo", "email": "bo@"})
    assert page.status_code == 422
    assert title(page).startswith("Error: Somebody else comes in my place")
    assert set(errors_on(page)) == {"email", "organization"}
    assert 'value="bo@"' in page.text
    assert 'value="Bo"' in page.text


def test_ones_own_address_is_no_colleagues(client: FlaskClient, own: str) -> None:
    page = client.post(f"{own}/replace", data=BO_TYPED | {"email": ADA})
    assert errors_on(page) == {"email": "This is the address that the registration has"}


def test_a_place_for_members_says_what_the_colleague_would_pay(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    offers = [
        OfferDraft(audience=Audience.MEMBERS),
        OfferDraft(audience=Audience.OTHERS, price_cents=4900),
    ]
    event = make_event(session, slug="paid", offers=offers)
    member = make_member(session)
    made = make_registration(session, event, person_id=member.person_id)
    own = path_of(app, made)
    page = client.post(f"{own}/replace", data=BO_TYPED)
    assert (page.status_code, errors_on(page)) == (
        422,
        {
            "email": "This place is at the price for members, and this is no member's "
            "address. Your colleague can register, USD 49.00"
        },
    )
    statuses = [
        client.post(f"{own}/replace", data=BO_TYPED).status_code for _ in range(5)
    ]
    assert statuses == [422, 422, 422, 422, 429]


def test_a_priced_place_asks_for_the_confirmed_address_first(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="paid", offers=[OfferDraft(price_cents=4900)])
    own = path_of(app, make_registration(session, event))
    for path in ("replace", "address"):
        page = client.get(f"{own}/{path}")
        assert heading(page) == "Nothing was changed"
        assert "Confirm your own address first" in words(page)
    client.post(f"{own}/confirm")
    assert heading(client.get(f"{own}/replace")) == "Who comes in your place?"


def test_after_the_last_day_the_page_says_so(
    app: Flask, client: FlaskClient, session: Session, at: SetClock
) -> None:
    event = make_event(session, slug="talk", replace_on=date(2030, 5, 4))
    own = path_of(app, make_registration(session, event))
    assert "A colleague can take your place, through May 4." in words(client.get(own))
    at(NOON + 3 * DAY + 16 * HOUR)
    page = client.get(own)
    assert "It is too late for a colleague to take your place" in words(page)
    assert f"{own}/replace" not in page.text
    refused = client.post(f"{own}/replace", data=BO_TYPED)
    assert (refused.status_code, heading(refused)) == (409, "Nothing was changed")


def test_who_had_the_place_takes_it_back_by_the_button_of_their_mail(
    app: Flask, client: FlaskClient, session: Session, own: str
) -> None:
    client.post(f"{own}/replace", data=BO_TYPED)
    keep = link_of(deliver(app), ADA, "/registrations/keep/")
    assert heading(client.get(keep)) == "Take it back?"
    assert holders(session) == {BO: State.CONFIRMED}
    done = client.post(keep, follow_redirects=True)
    assert heading(done) == "You are registered"
    assert holders(session) == {ADA: State.CONFIRMED}
    subjects = [str(mail["Subject"]) for mail in deliver(app)]
    assert subjects == [
        "Your place went back: Sharing dispatch",
        "You are registered: Sharing dispatch",
    ]
    again = client.post(keep)
    assert (again.status_code, heading(again)) == (410, "It is yours again")


def test_after_a_day_the_button_is_gone(
    app: Flask, client: FlaskClient, session: Session, own: str, at: SetClock
) -> None:
    client.post(f"{own}/replace", data=BO_TYPED)
    keep = link_of(deliver(app), ADA, "/registrations/keep/")
    at(NOON + DAY)
    for page in (client.get(keep), client.post(keep)):
        assert (page.status_code, heading(page)) == (410, "That time is over")
    assert holders(session) == {BO: State.CONFIRMED}
    assert client.get("/registrations/keep/" + "A" * 32).status_code == 404


def test_the_mail_that_takes_back_is_kept_by_nobody(
    app: Flask, client: FlaskClient, session: Session, own: str
) -> None:
    client.post(f"{own}/replace", data=BO_TYPED)
    deliver(app)
    session.rollback()
    kept = select(OutboxMessage.kind).join(
        OutboxBody, OutboxBody.message_id == OutboxMessage.id
    )
    assert list(session.scalars(kept)) == ["registration.handed"]
    assert mails_among_others(session) == []


def test_a_mail_to_who_had_the_place_never_goes_to_the_colleague(
    app: Flask, client: FlaskClient, session: Session, own: str
) -> None:
    """What was still on its way to the old holder when the place went on."""
    client.post(f"{own}/replace", data=BO_TYPED)
    to_bo = [m for m in deliver(app) if BO in str(m["To"])]
    assert [str(mail["Subject"]) for mail in to_bo] == [
        "You have a place: Sharing dispatch"
    ]


def test_news_of_an_earlier_cancelling_never_reaches_the_colleague(
    app: Flask, client: FlaskClient, session: Session, event: Event, own: str
) -> None:
    client.post(f"{own}/cancel")
    again = path_of(app, make_registration(session, event, email=ADA))
    client.post(f"{again}/replace", data=BO_TYPED)
    assert sorted(str(mail["Subject"]) for mail in deliver(app)) == [
        "Somebody else comes in your place: Sharing dispatch",
        "You have a place: Sharing dispatch",
    ]


def test_the_address_is_corrected_later_than_on_the_receipt(
    app: Flask, client: FlaskClient, session: Session, own: str, at: SetClock
) -> None:
    deliver(app)
    at(NOON + DAY)
    assert heading(client.get(f"{own}/address")) == "Correct your address"
    done = client.post(f"{own}/address", data={"email": BO})
    assert heading(done) == "We have written to the new address"
    mails = deliver(app)
    assert [str(mail["Subject"]) for mail in mails] == [
        "Your registration has another address: Sharing dispatch",
        "You are registered: Sharing dispatch",
    ]
    old = client.get(own)
    assert (old.status_code, heading(old)) == (
        410,
        "This registration goes by another address",
    )
    theirs = link_of(mails, BO, "/cancel").removesuffix("/cancel")
    assert BO in words(client.get(theirs))


def test_who_is_signed_in_changes_the_address_of_the_account_instead(
    app: Flask, session: Session, event: Event
) -> None:
    account = make_account(session, email=ADA)
    made = make_registration(session, event, person_id=account.person_id)
    page = app.test_client(user=account).get(path_of(app, made))
    assert "Correct your address" not in page.text


def test_reminders_of_one_event_are_switched_off_and_on(
    client: FlaskClient, session: Session, own: str
) -> None:
    assert "Your next mail comes" in words(client.get(own))
    off = client.post(
        f"{own}/reminders", data={"reminders": "off"}, follow_redirects=True
    )
    assert "You get no reminders of this event, as you chose." in words(off)
    assert "A reminder by mail" not in words(off)
    on = client.post(
        f"{own}/reminders", data={"reminders": "on"}, follow_redirects=True
    )
    assert "Your next mail comes" in words(on)


def test_every_reminder_leads_to_where_they_are_switched_off(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_event(session, starts_at=NOON + HOUR)
    make_registration(session, event, at=LONG_AGO)
    deliver(app)
    with writing(session):
        service.queue_reminders(session, now=NOON)
    (reminder,) = deliver(app)
    said = side(reminder, "text/plain")
    (link,) = re.findall(r"No more reminders of this event: http://csd.test(\S+)", said)
    assert "No reminders of this event" in words(client.get(link))


def test_a_page_of_a_registration_costs_no_statement_more(
    app: Flask, client: FlaskClient, own: str
) -> None:
    client.get(own)
    with counted(app) as statements:
        client.get(own)
    assert len(statements) <= 6


# --- by staff ---


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    account = make_account(session, role=Role.SCHEDULER)
    return app.test_client(user=account)


def by_staff(
    staff: FlaskClient, registration: Registration, what: str, **typed: str
) -> Any:
    path = f"/staff/registrations/{registration.id}/{what}"
    token = hidden_on(staff.get(path), "csrf_token")
    return staff.post(path, data={"csrf_token": token} | typed, follow_redirects=True)


def test_staff_put_a_colleague_in_somebodys_place(
    staff: FlaskClient, session: Session, event: Event
) -> None:
    made = make_registration(session, event, email=ADA)
    page = by_staff(staff, made, "replace", tell="y", **BO_TYPED)
    assert "Bo Sample comes instead. A mail tells both." in words(page)
    assert holders(session) == {BO: State.CONFIRMED}


def test_staff_correct_an_address_and_may_tell_nobody(
    app: Flask, staff: FlaskClient, session: Session, event: Event
) -> None:
    made = make_registration(session, event, email=ADA)
    deliver(app)
    page = by_staff(staff, made, "address", email=BO)
    assert f"The address is {BO} now. Nobody was told." in words(page)
    assert deliver(app) == []


def test_staff_hear_why_it_does_not_go(
    staff: FlaskClient, session: Session, event: Event
) -> None:
    made = make_registration(session, event, email=ADA)
    for what in ("replace", "address"):
        page = by_staff(staff, made, what, **(BO_TYPED | {"email": ADA}))
        assert errors_on(page) == {
            "email": "This is the address that the registration has"
        }


def test_staff_find_what_is_over_as_it_stands(
    staff: FlaskClient, session: Session, event: Event, at: SetClock
) -> None:
    made = make_registration(session, event)
    at(NOON + 20 * DAY)
    for what in ("replace", "address"):
        page = staff.get(
            f"/staff/registrations/{made.id}/{what}", follow_redirects=True
        )
        assert "Nothing was changed: it stands otherwise by now." in words(page)


def test_the_list_leads_to_both(
    staff: FlaskClient, session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    page = staff.get(f"/staff/events/{event.id}/registrations")
    for what in ("replace", "address"):
        assert f'href="/staff/registrations/{made.id}/{what}"' in page.text


def test_the_last_day_is_set_on_the_form_of_the_event(
    staff: FlaskClient, session: Session, event: Event
) -> None:
    path = f"/staff/events/{event.id}/edit"
    day = {"month": "5", "day": "4", "year": "2030"}
    typed = {f"replace_on-{part}": number for part, number in day.items()}
    saved = staff.post(path, data=fields_of(staff.get(path).text) | typed)
    assert saved.status_code == 303
    session.rollback()
    session.expire_all()
    assert session.get_one(Event, event.id).replace_on == date(2030, 5, 4)
    shown = fields_of(staff.get(path).text)
    assert {name: shown[name] for name in typed} == typed
