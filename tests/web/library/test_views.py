"""The library's pages."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from csd_events.library.service import built_in_document, import_cases


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    return session


@pytest.fixture
def statements(filled: Session) -> Iterator[list[str]]:
    """Collect what is asked of the database while a page is made."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.extend(re.findall(r"^SELECT", str(given[2])))

    event.listen(filled.get_bind(), "before_cursor_execute", note)
    yield asked
    event.remove(filled.get_bind(), "before_cursor_execute", note)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def cases_on(html: str) -> list[str]:
    return re.findall(r'<h\d><a href="/library/case-studies/([\w-]+)"', html)


def test_the_front_says_what_there_is(client: FlaskClient, filled: Session) -> None:
    html = page(client, "/library")
    assert len(cases_on(html)) == 3
    assert "All 44 case studies" in html
    assert re.search(r'area=dispatch_911">911 dispatch</a> <span[^>]*>5</span>', html)


def test_an_empty_library_is_a_page_too(client: FlaskClient, session: Session) -> None:
    assert cases_on(page(client, "/library")) == []
    assert "No case study fits." in page(client, "/library/case-studies")


def test_all_cases_are_reached_page_by_page(
    client: FlaskClient, filled: Session
) -> None:
    first = page(client, "/library/case-studies")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = page(client, following)
    (back,) = re.findall(r'rel="prev" href="([^"]+)"', second)
    assert len({*cases_on(first), *cases_on(second)}) == 44
    assert cases_on(page(client, back)) == cases_on(first)
    assert "44 case studies" in second


def test_filters_are_links_and_keep_each_other(
    client: FlaskClient, filled: Session
) -> None:
    html = page(client, "/library/case-studies?area=dispatch_911&q=towns")
    assert cases_on(html) == ["concord-dispatch"]
    assert "1 case study<" in html
    assert "<h1>Case studies: 911 dispatch, towns</h1>" in html
    assert (
        'href="/library/case-studies?area=dispatch_911&amp;state=NY&amp;q=towns"'
        in html
    )
    assert 'href="/library/case-studies?q=towns"' in html  # all services


def test_nothing_found_offers_a_way_on(client: FlaskClient, filled: Session) -> None:
    html = page(client, "/library/case-studies?area=legal")
    assert "0 case studies" in html
    assert "No case study fits." in html
    assert 'aria-current="true">Legal</a>' in html


@pytest.mark.parametrize(
    "query",
    [
        "area=moon_base",
        "form=handshake",
        "state=XX",
        "outcome=happy",
    ],
)
def test_a_filter_that_names_nothing_asks_for_nothing(
    client: FlaskClient, filled: Session, query: str
) -> None:
    """As in the catalog of events; what else is asked still holds."""
    html = page(client, f"/library/case-studies?{query}&q=towns")
    assert cases_on(html) == cases_on(page(client, "/library/case-studies?q=towns"))
    assert "<h1>Case studies: towns</h1>" in html


@pytest.mark.parametrize(
    "query",
    ["after=no-such-case", "before=9223372036854775808", "after=Not+an+id"],
)
def test_a_page_that_begins_nowhere_is_not_found(
    client: FlaskClient, filled: Session, query: str
) -> None:
    assert client.get(f"/library/case-studies?{query}").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/library/case-studies?q=%00", 400),
        ("/library/case-studies?area=%00", 400),
        ("/library/case-studies?q=%ff%fe", 400),
        ("/library/case-studies?q=" + "x" * 5_000, 200),
        ("/library/case-studies?q=%25_%5C", 200),
        ("/library/case-studies?unknown=1", 200),
        ("/library/case-studies/%00", 404),
        ("/library/case-studies/%ff", 404),
        ("/library/case-studies/no-such-case", 404),
        ("/library/case-studies/99999999999999999999999", 404),
    ],
)
def test_what_no_keyboard_makes_breaks_nothing(
    client: FlaskClient, filled: Session, path: str, status: int
) -> None:
    assert client.get(path).status_code == status


def test_a_case_gives_reasons_to_trust_it(client: FlaskClient, filled: Session) -> None:
    html = page(client, "/library/case-studies/heartland-fire")
    assert (
        "How sure we are: high. Two independent pages agree on the parties and "
        "purpose; the saving is an expectation, not a result." in html
    )
    assert "Nobody has checked whether the arrangement still exists." in html
    assert len(re.findall(r"<span>Read: \w", html)) == 3
    assert "The vendor also paid" not in html
    assert "From general knowledge" not in html


@pytest.mark.parametrize("case_id", ["centennial-works", "sandy-springs"])
def test_a_case_of_the_underwriter_carries_the_mark(
    client: FlaskClient, filled: Session, case_id: str
) -> None:
    html = page(client, f"/library/case-studies/{case_id}")
    assert "The vendor also paid for the ICMA program." in html


def test_what_no_source_says_stands_apart(
    client: FlaskClient, session: Session
) -> None:
    document = built_in_document()
    document["case_studies"][0]["own_knowledge"] = ["A fourth city asked to join."]
    import_cases(session, document)
    session.commit()
    html = page(client, "/library/case-studies/heartland-fire")
    apart = html.split("From general knowledge, not from a page that was read")[1]
    assert "<li>A fourth city asked to join.</li>" in apart


def test_a_case_leads_to_the_worksheet_for_its_service(
    client: FlaskClient, filled: Session
) -> None:
    html = page(client, "/library/case-studies/heartland-fire")
    assert 'href="/worksheets?area=fire_ems"' in html
    whole = page(client, "/library/case-studies/sandy-springs")
    assert "/worksheets?area=" not in whole


def test_every_case_has_a_page(client: FlaskClient, filled: Session) -> None:
    for case in built_in_document()["case_studies"]:
        html = page(client, f"/library/case-studies/{case['id']}")
        assert html.count('rel="external noreferrer"') == len(case["sources"])


@pytest.mark.parametrize(
    "path",
    [
        "/library",
        "/library/case-studies",
        "/library/case-studies?after=heartland-fire",
        "/library/case-studies/heartland-fire",
    ],
)
def test_a_page_asks_the_database_a_few_times_only(
    client: FlaskClient, statements: list[str], path: str
) -> None:
    page(client, path)
    assert len(statements) <= 6
