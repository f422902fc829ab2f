"""The page that stands where a sample's recording would be."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.seeds.service import load
from tests.factories import CHEAP

PAGE = "/events/worth-the-effort/recording"
FREE_THROUGH = datetime.fromisoformat("2014-10-15T23:59:59-04:00")


@pytest.fixture(autouse=True)
def _samples(session: Session, now: datetime) -> None:
    load(session, password_hash=CHEAP.hash("sample password"), now=now)
    session.commit()


def test_the_event_leads_to_a_page_of_ours_that_says_it_is_a_sample(
    client: FlaskClient,
) -> None:
    event = client.get("/events/worth-the-effort")
    assert f'href="{PAGE}"' in event.text
    page = client.get(PAGE)
    assert (page.status_code, "This is a sample." in page.text) == (200, True)


def test_there_is_none_while_registration_goes_on(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for moment in (FREE_THROUGH, FREE_THROUGH + timedelta(seconds=1)):
        monkeypatch.setitem(app.config, "CLOCK", lambda at=moment: at)
        answers.append(client.get(PAGE).status_code)
    assert answers == [404, 200]


@pytest.mark.parametrize("slug", ["right-for-me", "sharing-dispatch", "unknown"])
def test_an_event_without_such_a_page_has_none(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/events/{slug}/recording").status_code == 404
