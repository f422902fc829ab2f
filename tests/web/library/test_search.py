"""The page of the search over all of the library."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.library.service import built_in_document, import_cases, reindex
from tests.factories import writing
from tests.library import make_citation


@pytest.fixture
def filled(session: Session) -> Session:
    with writing(session):
        import_cases(session, built_in_document())
        reindex(session)
    return session


def page(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/library/search{query}")
    assert answer.status_code == 200
    return answer.text


def results(html: str) -> list[str]:
    return re.findall(r'<h2>\s*<a href="([^"]+)">', html)


@pytest.mark.usefixtures("filled")
def test_all_kinds_are_found_on_one_page_and_lead_to_their_own(
    client: FlaskClient,
) -> None:
    html = page(client, "?q=unions")
    assert set(results(html)) == {
        "/library/case-studies/tompkins-health",
        "/library/case-studies/union-vale-assessor",
        "/library/research-summary#C6",
        "/library/research-summary#tool",
    }
    assert "5 results" in html
    assert "What the research says (3)" in html
    assert all(client.get(url).status_code == 200 for url in results(html))


@pytest.mark.usefixtures("filled")
def test_hits_are_marked(client: FlaskClient) -> None:
    html = page(client, "?q=union+vale")
    assert "<mark>Union</mark> <mark>Vale</mark>" in html


def test_what_is_found_and_asked_is_shown_as_words_never_as_marks(
    client: FlaskClient, filled: Session
) -> None:
    make_citation(filled, title="<script>zebra()</script>")
    html = page(client, "?q=%3Cscript%3Ezebra")
    assert "&lt;<mark>script</mark>&gt;<mark>zebra</mark>()&lt;/" in html
    assert "<script>zebra" not in html


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "question",
    ["foo%22", "AND", "-x", "%5E", "(a", "a:", "%27%27%27", "%", "*", "x" * 500],
)
def test_no_question_is_an_error(client: FlaskClient, question: str) -> None:
    html = page(client, f"?q={question}")
    assert "Nothing fits." in html
    for path in ("case-studies", "bibliography"):
        assert client.get(f"/library/{path}?q={question}").status_code == 200


@pytest.mark.usefixtures("filled")
def test_filters_are_kept_with_the_words_and_between_pages(client: FlaskClient) -> None:
    html = page(client, "?q=in+place&kind=case_study")
    (more,) = re.findall(r'rel="next" href="([^"]+)"', html)
    assert more == "/library/search?q=in+place&amp;kind=case_study&amp;page=2"
    second = client.get(more.replace("&amp;", "&")).text
    assert not set(results(second)) & set(results(html))
    (back,) = re.findall(r'rel="prev"\s+href="([^"]+)"', second)
    assert back.endswith("kind=case_study&amp;page=1")
    narrowed = page(client, "?q=fire&outcome=ended")
    assert results(narrowed) == ["/library/case-studies/belmont-san-carlos-fire"]
    assert "Outcome: ended" in narrowed


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("wrong", ["kind=x", "state=ZZ", "page=-1", "size=", "area=1"])
def test_a_filter_there_is_not_asks_for_nothing(
    client: FlaskClient, wrong: str
) -> None:
    assert results(page(client, f"?q=ymca&{wrong}")) == results(page(client, "?q=ymca"))


@pytest.mark.usefixtures("filled")
def test_nothing_asked_shows_the_box_alone(client: FlaskClient) -> None:
    html = page(client, "")
    assert 'name="q"' in html
    assert results(html) == []
    assert "results" not in html


@pytest.mark.usefixtures("filled")
def test_a_page_of_results_takes_three_statements(
    client: FlaskClient, statements: list[str]
) -> None:
    page(client, "?q=warm")  # who the association is
    statements.clear()
    page(client, "?q=services")
    assert len(statements) == 3


@pytest.mark.usefixtures("filled")
def test_the_library_opens_with_the_search(client: FlaskClient) -> None:
    assert 'action="/library/search"' in client.get("/library").text
