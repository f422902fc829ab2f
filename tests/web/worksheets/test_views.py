"""The decision tool's page."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.worksheets.service.instruments import instrument


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def test_it_says_what_it_is_and_shows_all_its_questions(
    client: FlaskClient, session: Session
) -> None:
    html = page(client, "/worksheets")
    assert "It does not say yes or no." in html
    assert "every question, answer wording, cut point and form rule below is" in html
    asked = re.findall(r'<li id="([SC]\d)"', html)
    assert asked == [factor.id for factor in instrument().factors]
    assert "Opened for" not in html


def test_every_question_shows_its_sources_and_who_says_so(
    client: FlaskClient, session: Session
) -> None:
    html = page(client, "/worksheets")
    cited = sum(len(factor.sources) for factor in instrument().factors)
    cited += sum(len(question.sources) for question in instrument().readiness)
    assert html.count('rel="external noreferrer"') == cited
    assert html.count("This direction is our own reasoning.") == 10
    assert html.count("This direction was found in a published source.") == 4
    assert html.count("This question is our own reasoning from:") == 5


def test_it_opens_for_a_service(client: FlaskClient, session: Session) -> None:
    html = page(client, "/worksheets?area=dispatch_911")
    assert "Opened for <strong>911 dispatch</strong>" in html


def test_many_services_at_once_open_none(client: FlaskClient, session: Session) -> None:
    html = page(client, "/worksheets?area=whole_government")
    assert "Opened for" not in html
    assert "Many services at once" not in html


@pytest.mark.parametrize(
    ("query", "status"),
    [("area=moon_base", 200), ("area=%00", 400), ("area=%ff", 400), ("area=", 200)],
)
def test_a_service_there_is_not_opens_none(
    client: FlaskClient, session: Session, query: str, status: int
) -> None:
    answer = client.get(f"/worksheets?{query}")
    assert (answer.status_code, "Opened for" in answer.text) == (status, False)
