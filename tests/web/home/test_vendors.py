"""Where who pays for an event is the vendor in a case study, it is said there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.events.rules import Contributor, Role
from csd_events.library.service import built_in_document, import_cases
from tests.factories import make_event, make_registration
from tests.letters import deliver, side
from tests.library import look_again
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")

PAYER = Contributor(role=Role.UNDERWRITER, name="CH2M Hill")
OTHER = Contributor(role=Role.UNDERWRITER, name="Another Company")
#: Who makes an event with us has not paid for it.
MAKER = Contributor(role=Role.CO_PRODUCER, name="CH2M Hill")
SAID = "The vendor, CH2M Hill, is an underwriter of this event."


@pytest.fixture(autouse=True)
def _cases(session: Session) -> None:
    import_cases(session, built_in_document())
    session.commit()
    look_again(session)


def staged(session: Session, *people: Contributor, case: str) -> Event:
    return make_event(session, contributors=people, reading=[case])


def test_it_is_said_on_the_page_of_the_event_in_its_mails_and_on_own_pages(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = staged(session, PAYER, case="sandy-springs")
    assert SAID in words(client.get(f"/events/{event.slug}"))
    make_registration(session, event)
    (mail,) = deliver(app)
    for kind in ("text/plain", "text/html"):
        assert SAID in " ".join(side(mail, kind).split())
    found = re.search(r"/registrations/[\w-]{32}", side(mail, "text/plain"))
    assert found
    for page in (found[0], f"{found[0]}/next"):
        assert SAID in words(client.get(page))


@pytest.mark.parametrize(
    ("people", "case"),
    [
        ((OTHER,), "sandy-springs"),
        ((MAKER,), "sandy-springs"),
        ((PAYER,), "dakota-911"),
    ],
)
def test_it_is_said_of_no_other_underwriter_partner_or_case(
    client: FlaskClient,
    session: Session,
    people: tuple[Contributor, ...],
    case: str,
) -> None:
    event = staged(session, *people, case=case)
    page = words(client.get(f"/events/{event.slug}"))
    assert "is an underwriter of this event" not in page
    mark = "The vendor also paid for the ICMA program."
    assert (mark in page) == (case == "sandy-springs")


def test_who_pays_is_asked_for_only_where_a_case_has_such_a_vendor(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    asked = {}
    for case in ("dakota-911", "sandy-springs"):
        event = make_event(session, slug=case, contributors=[PAYER], reading=[case])
        client.get(f"/events/{event.slug}")
        with counted(app) as said:
            client.get(f"/events/{event.slug}?via=again")
        asked[case] = len(said)
    assert asked["sandy-springs"] - asked["dakota-911"] <= 1
