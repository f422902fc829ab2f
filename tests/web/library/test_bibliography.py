"""The bibliography's pages, its files, and what the research says."""

import json
import re
from datetime import datetime
from html import unescape

import pytest
import rispy
from flask.testing import FlaskClient
from pybtex.database import parse_string
from sqlalchemy.orm import Session

from csd_events.library import queries, service
from csd_events.library.service import built_in_document, import_cases
from tests.factories import NOON, writing
from tests.library import make_citation


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    return session


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def works_on(html: str) -> list[str]:
    return re.findall(r'<li id="([\w-]+)"> <p class="by">', html)


def test_every_work_stands_on_one_page_with_its_label_and_an_anchor(
    client: FlaskClient, filled: Session
) -> None:
    html = page(client, "/library/bibliography")
    entries = built_in_document()["bibliography"]
    assert sorted(works_on(html)) == [entry["id"] for entry in entries]
    assert html.count("Verified on the page read</span>") == 39
    assert html.count("Title verified; some details from memory</span>") == 13
    assert "52 entries" in html


def test_filters_are_links_and_keep_each_other(
    client: FlaskClient, filled: Session
) -> None:
    html = page(client, "/library/bibliography?topic=county&decade=2000&q=california")
    assert works_on(html) == ["b26"]
    assert "<h1>Bibliography: Counties, 2000s, california</h1>" in html
    assert (
        'href="/library/bibliography?topic=county&amp;decade=2010&amp;q=california"'
        in html
    )
    assert (
        'href="/library/bibliography.txt?topic=county&amp;decade=2000&amp;q=california"'
        in html
    )


def test_each_filter_shows_exactly_the_works_that_have_it(
    client: FlaskClient, filled: Session
) -> None:
    entries = built_in_document()["bibliography"]
    wanted: dict[str, set[str]] = {}
    for each in entries:
        year = each.get("year")
        sure = "page" if "page read" in each["verification"] else "title"
        had = [f"topic={topic}" for topic in each["topics"]]
        had += [f"decade={year // 10 * 10 if year else 0}", f"verification={sure}"]
        for name in had:
            wanted.setdefault(name, set()).add(each["id"])
    shown = {
        name: set(works_on(page(client, f"/library/bibliography?{name}")))
        for name in wanted
    }
    assert shown == wanted


def test_every_work_s_own_page_says_how_to_cite_it(
    client: FlaskClient, filled: Session
) -> None:
    missing = []
    for each in built_in_document()["bibliography"]:
        shown = page(client, f"/library/bibliography/{each['id']}")
        cited = unescape("".join(re.findall(r"data-copy=[^>]*>(.*?)</p>", shown)))
        year = f"({each['year']})" if each.get("year") else "(no date)"
        parts = year, each["title"], each["publication"]
        missing += [(each["id"], part) for part in parts if part not in cited]
    assert missing == []


def test_a_search_folds_case_and_accents(client: FlaskClient, filled: Session) -> None:
    html = page(client, "/library/bibliography?q=O%27LEARY+colláborative")
    assert sorted(works_on(html)) == ["b06", "b27", "b28", "b29"]


def test_nothing_found_and_nothing_there_offer_a_way_on(
    client: FlaskClient, session: Session
) -> None:
    assert "There is no entry yet." in page(client, "/library/bibliography")
    assert "No entry fits." in page(client, "/library/bibliography?q=zebra")


@pytest.mark.parametrize(
    "query",
    [
        "topic=moons",
        "decade=1995",
        "decade=%D9%A1%D9%A9",
        "verification=sure",
    ],
)
def test_a_filter_that_names_nothing_asks_for_nothing(
    client: FlaskClient, filled: Session, query: str
) -> None:
    """As in the catalog of events; what else is asked still holds."""
    path = "/library/bibliography"
    shown = page(client, f"{path}?{query}&q=zeemering")
    assert works_on(shown) == works_on(page(client, f"{path}?q=zeemering"))
    for kind in (".txt", ".json"):
        file = page(client, f"{path}{kind}?{query}&q=zeemering")
        assert file == page(client, f"{path}{kind}?q=zeemering")


@pytest.mark.parametrize("query", ["after=no-such-work", "before=Not+a+key"])
def test_a_page_that_begins_nowhere_is_not_found(
    client: FlaskClient, filled: Session, query: str
) -> None:
    assert client.get(f"/library/bibliography?{query}").status_code == 404


def test_a_work_says_how_to_cite_it_and_where_it_leads(
    client: FlaskClient, filled: Session
) -> None:
    html = page(client, "/library/bibliography/b16")
    assert (
        "Brown, T. L., and Potoski, M. (2005). Transaction Costs and Contracting: "
        "The Practitioner Perspective. Public Performance and Management Review "
        "28(3), 326-351." in html
    )
    assert 'rel="external noreferrer">Read it at vdocument.in</a>' in html
    assert "This leads to a site that is not ours." in html


def test_a_work_in_part_from_memory_says_so_and_what(
    client: FlaskClient, filled: Session
) -> None:
    html = page(client, "/library/bibliography/b24")
    assert "Title verified; some details from memory" in html
    assert (
        "Title and abstract verified; authors, year and journal from own knowledge."
        in html
    )


def test_a_retired_work_is_gone_and_says_so(
    client: FlaskClient, filled: Session
) -> None:
    row = queries.get_citation(filled, "b16")
    with writing(filled):
        service.retire_citation(filled, row.id, now=NOON, actor_id=None)
    answer = client.get("/library/bibliography/b16")
    assert (answer.status_code, "No longer in the library" in answer.text) == (
        410,
        True,
    )
    assert client.get("/library/bibliography/b99").status_code == 404
    assert "b16" not in works_on(page(client, "/library/bibliography"))


def test_what_fits_is_taken_along_as_text(client: FlaskClient, filled: Session) -> None:
    answer = client.get("/library/bibliography.txt?topic=rural")
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=bibliography.txt"
    )
    assert answer.text.split("\n") == [
        "Bibliography: Rural places",
        "==========================",
        "",
        "National Association of Regional Councils and U.S. Environmental Protection",
        "Agency (1994). Joining Forces on Solid Waste Management: Regionalization Is",
        "Working in Rural and Small Communities. EPA530-K-93-001, October 1994.",
        "  [b38] verified on the page read.",
        "  https://nepis.epa.gov/Exe/ZyPURL.cgi?Dockey=P1009P7G.TXT",
        "",
    ]


def test_what_fits_is_taken_along_for_a_reference_manager(
    client: FlaskClient, filled: Session
) -> None:
    answer = client.get("/library/bibliography.json?q=practitioner+perspective")
    assert answer.mimetype == "application/vnd.citationstyles.csl+json"
    assert json.loads(answer.text) == [
        {
            "id": "b16",
            "type": "article-journal",
            "title": "Transaction Costs and Contracting: The Practitioner Perspective",
            "author": [
                {"family": "Brown", "given": "T. L."},
                {"family": "Potoski", "given": "M."},
            ],
            "issued": {"date-parts": [[2005]]},
            "container-title": "Public Performance and Management Review",
            "volume": "28",
            "issue": "3",
            "page": "326-351",
            "URL": "https://vdocument.in/transaction-costs-and-contracting.html",
            "note": "verified on the page read.",
        }
    ]
    whole = json.loads(client.get("/library/bibliography.json").text)
    by_id = {item["id"]: item for item in whole}
    assert len(whole) == 52
    assert by_id["b15"]["DOI"] == "10.1111/padm.12104"
    assert by_id["b47"]["author"] == [{"literal": "National Association of Counties"}]
    assert "issued" not in by_id["b42"]


def test_a_list_asks_the_database_the_same_with_two_and_with_two_hundred_works(
    client: FlaskClient, session: Session, statements: list[str]
) -> None:
    counts = []
    for number in (2, 200):
        there = len(queries.list_citations(session))
        for each in range(there, number):
            make_citation(session, title=f"Work {each:03}")
        page(client, "/library")  # reads the association, which is remembered
        statements.clear()
        html = page(client, "/library/bibliography")
        counts.append(len(statements))
        assert len(works_on(html)) == min(number, queries.bibliography.PAGE)
    assert counts[0] == counts[1]
    assert counts[0] <= 6


def test_the_research_is_told_factor_by_factor_with_its_sources(
    client: FlaskClient, session: Session
) -> None:
    html = page(client, "/library/research-summary")
    factors = re.findall(r'<li id="([SC]\d)">', html)
    assert factors == [f"{side}{n}" for side in "SC" for n in range(1, 8)]
    assert "Not endorsed by ICMA" in html
    assert 'href="/library/bibliography/b16"' in html
    assert 'href="/worksheets#S1"' in html
    sources = re.findall(r'<li id="source-(\d+)">', html)
    named = set(re.findall(r'href="#source-(\d+)"', html))
    assert named == set(sources)


def test_the_research_is_taken_along_as_text(
    client: FlaskClient, session: Session
) -> None:
    answer = client.get("/library/research-summary.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.startswith(
        "What the research says about sharing a service\n"
        "==============================================\n"
    )
    assert "S1. Asset specificity\n---------------------\n" in answer.text
    assert (
        max(len(line) for line in answer.text.split("\n") if "http" not in line) <= 78
    )


def test_works_are_taken_along_one_by_one_and_as_they_are_filtered(
    client: FlaskClient, filled: Session
) -> None:
    one = client.get("/library/bibliography/b16.bib")
    assert (one.mimetype, one.headers["Content-Disposition"]) == (
        "application/x-bibtex",
        "attachment; filename=b16.bib",
    )
    assert list(parse_string(one.text, "bibtex").entries) == ["b16"]
    some = rispy.loads(client.get("/library/bibliography.ris?topic=rural").text)
    assert [each["id"] for each in some] == ["b38"]
    whole = parse_string(client.get("/library/bibliography.bib").text, "bibtex")
    assert len(whole.entries) == len(queries.list_citations(filled)) == 52
    assert len(rispy.loads(client.get("/library/bibliography.ris").text)) == 52
    html = page(client, "/library/bibliography?topic=rural")
    assert 'href="/library/bibliography.ris?topic=rural"' in html
    assert 'href="/library/bibliography/b16.ris"' in page(
        client, "/library/bibliography/b16"
    )


@pytest.mark.parametrize("path", ["b99.bib", "b16.exe", "B%00.ris"])
def test_a_file_there_is_not_is_not_found(
    client: FlaskClient, filled: Session, path: str
) -> None:
    assert client.get(f"/library/bibliography/{path}").status_code in {400, 404}


def test_a_retired_work_is_no_longer_taken_along(
    client: FlaskClient, filled: Session
) -> None:
    with writing(filled):
        row = queries.get_citation(filled, "b16")
        service.retire_citation(filled, row.id, now=NOON, actor_id=None)
    assert client.get("/library/bibliography/b16.bib").status_code == 410


def test_case_studies_are_cited_as_pages_of_the_association(
    client: FlaskClient, filled: Session, now: datetime
) -> None:
    (case,) = json.loads(client.get("/library/case-studies/dakota-911.json").text)
    assert case["author"] == [{"literal": "Association of Local Governments"}]
    assert case["accessed"] == {"date-parts": [[2030, 5, 1]]}
    assert case["URL"].endswith("/library/case-studies/dakota-911")
    found = rispy.loads(client.get("/library/case-studies.ris?state=NY").text)
    assert len(found) == 14
    text = client.get("/library/case-studies/dakota-911.txt").text
    assert "(no date)" in text
    assert "Read May 1, 2030" in text
    html = page(client, "/library/case-studies?state=NY")
    assert 'href="/library/case-studies.bib?state=NY"' in html
