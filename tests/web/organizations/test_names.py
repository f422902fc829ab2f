"""Names offered to who types one: governments, nothing else of them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from csd_events.organizations.models import Organization
from csd_events.organizations.service.recording import keys_of
from tests.statements import counted

NAMES = "/organizations/names"


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def keep(session: Session, *names: str, kind: str | None = "city") -> None:
    rows = [{"name": name, "kind": kind, **keys_of(name, None)} for name in names]
    session.execute(insert(Organization), rows)
    session.commit()


def offered(browser: FlaskClient, typed: str) -> list[str]:
    answer = browser.get(NAMES, query_string={"q": typed})
    names: list[str] = answer.get_json()
    return names


def test_words_are_found_anywhere_without_case_and_accents(
    browser: FlaskClient, session: Session
) -> None:
    keep(session, "Town of Elsewhere", "City of Málaga", "City of Salem")
    found = [offered(browser, typed) for typed in ("malaga", "SAL city", "ci", "zz")]
    assert found == [
        ["City of Málaga"],
        ["City of Salem"],
        ["City of Málaga", "City of Salem"],
        [],
    ]


@pytest.mark.parametrize("typed", ["", " ", "c", "%%", "__", "c" * 5_000])
def test_a_letter_alone_or_a_sign_offers_nothing(
    browser: FlaskClient, session: Session, typed: str
) -> None:
    keep(session, "City of Salem")
    assert offered(browser, typed) == []


def test_ten_names_are_offered_at_most_and_each_once(
    browser: FlaskClient, session: Session
) -> None:
    keep(session, *(f"City {letter}" for letter in "abcdefghijkl"))
    assert offered(browser, "city") == [f"City {letter}" for letter in "abcdefghij"]
    session.execute(
        insert(Organization),
        [
            {"name": "Springfield", "kind": "town", "state": state}
            | keys_of("Springfield", state)
            for state in ("IL", "OH")
        ],
    )
    session.commit()
    assert offered(browser, "springfield") == ["Springfield"]


@pytest.mark.parametrize("kind", ["nonprofit", "firm", "university", "other", None])
def test_who_is_no_government_is_not_named(
    browser: FlaskClient, session: Session, kind: str | None
) -> None:
    keep(session, "Springfield Works", kind=kind)
    assert offered(browser, "springfield") == []


def test_names_cost_one_statement_and_may_be_kept_by_anyone(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    keep(session, *(f"City of Salem {number}" for number in range(200)))
    with counted(app) as said_to_the_database:
        answer = browser.get(f"{NAMES}?q=salem")
    assert len(said_to_the_database) == 1
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert "Set-Cookie" not in answer.headers
