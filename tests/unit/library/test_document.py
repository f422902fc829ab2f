"""Reading a file of case studies."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from csd_events.library.rules.citing import Verification
from csd_events.library.rules.document import InvalidDocumentError, read_document
from csd_events.library.service import built_in_document


def make_case(**others: Any) -> dict[str, Any]:
    case = {
        "id": "two-towns",
        "title": "Two towns share a mower",
        "jurisdictions": ["Town of A", "Town of B"],
        "country": "US",
        "service_areas": ["public_works"],
        "form": "public_public_horizontal",
        "facts": ["It is a large mower."],
        "outcome": "in place when reported",
        "sources": ["minutes"],
        "confidence": "medium",
        "confidence_note": "One page of minutes.",
    }
    return case | others


SOURCES = {
    "minutes": {"title": "Minutes", "address": "https://example.org", "read": "all"}
}


def problems_of(*cases: object, sources: object = SOURCES) -> list[str]:
    with pytest.raises(InvalidDocumentError) as raised:
        read_document(
            {"case_studies": list(cases), "sources": sources}, known_sources=()
        )
    return list(raised.value.problems)


def test_the_case_studies_of_the_program_are_as_they_should_be() -> None:
    document = read_document(built_in_document(), known_sources=())
    cited = {source for case in document.cases for source in case.sources}
    assert len(document.cases) == 44
    assert cited == {source.id for source in document.sources}


def test_what_may_be_left_out_may_be_left_out() -> None:
    document = {"case_studies": [make_case()]}
    read = read_document(document, known_sources={"minutes"})
    (case,) = read.cases
    assert (case.state, case.topics, case.vendor_is_underwriter) == (None, [], False)
    assert read.sources == ()


@pytest.mark.parametrize(
    "document",
    [
        *(None, [], {}, "text", 3),
        *({"case_studies": {}}, {"sources": []}, {"bibliography": {}}),
    ],
)
def test_a_file_of_something_else_is_refused(document: object) -> None:
    with pytest.raises(InvalidDocumentError) as raised:
        read_document(document, known_sources=())
    assert raised.value.problems == (
        "the file holds neither case_studies nor bibliography (lists) nor sources",
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"title": ""}, "title must be a line of text"),
        ({"title": "Bell\a"}, "title must be a line of text"),
        ({"title": 7}, "title must be a line of text"),
        ({"state": "Ohio"}, "state must be two capital letters, or null"),
        ({"year_started": 20100}, "year_started must be a year, or null"),
        ({"year_started": True}, "year_started must be a year, or null"),
        (
            {"lead_population": 2**70},
            "lead_population must be a whole number of people, or null",
        ),
        (
            {"costs_and_benefits_shared": "maybe"},
            "costs_and_benefits_shared must be one of yes, partly, no, or null",
        ),
        ({"confidence": "low"}, "confidence must be one of high, medium"),
        (
            {"facts": []},
            "facts must be a list, not empty and without repeats, each a line of text",
        ),
        (
            {"own_knowledge": ["One.", "One."]},
            "own_knowledge must be a list without repeats, each a line of text",
        ),
        (
            {"vendor_is_underwriter": "yes"},
            "vendor_is_underwriter must be true or false",
        ),
        ({"colour": "red"}, "colour is not a known field"),
        ({"sources": ["hearsay"]}, "source hearsay is not known"),
        (
            {"sources": []},
            "sources must be a list, not empty and without repeats, each a line of "
            "text",
        ),
    ],
)
def test_every_mistake_names_its_place(given: dict[str, Any], problem: str) -> None:
    assert problems_of(make_case(**given)) == [f"case study 1 (two-towns): {problem}"]


def test_all_mistakes_are_said_at_once() -> None:
    lacking = make_case(id="Two Towns")
    del lacking["title"], lacking["facts"]
    assert problems_of(make_case(), make_case(), lacking, "a case") == [
        "case study 2 (two-towns): this id was used before",
        "case study 3 (no id): title is missing",
        "case study 3 (no id): facts is missing",
        "case study 3 (no id): id must be lower-case words joined by hyphens",
        "case study 4: must be an object",
        *(f"case study 4 (no id): {name} is missing" for name in make_case()),
    ]


def test_a_source_without_a_web_address_is_refused() -> None:
    bad = {"minutes": {**SOURCES["minutes"], "address": "javascript:alert(1)"}}
    assert problems_of(sources=bad) == [
        "source 'minutes': address must be an address that begins with https:// "
        "or http://"
    ]


def test_a_source_must_be_whole() -> None:
    assert problems_of(sources={"minutes": {"title": "Minutes", "read": "all"}}) == [
        "source 'minutes': address is missing"
    ]


def make_entry(**others: Any) -> dict[str, Any]:
    entry = {
        "id": "b1",
        "authors": "Bel, G., and Warner, M. E.",
        "year": 2015,
        "title": "Inter-municipal cooperation and costs",
        "publication": "Public Administration",
        "topics": ["cost"],
        "verification": "verified on the page read",
        "address": "https://example.org/paper",
        "note": "The abstract was read.",
    }
    return entry | others


def problems_of_entries(*entries: object) -> list[str]:
    with pytest.raises(InvalidDocumentError) as raised:
        read_document({"bibliography": list(entries)}, known_sources=())
    return list(raised.value.problems)


def test_the_bibliography_of_the_program_is_as_it_should_be() -> None:
    document = read_document(built_in_document(), known_sources=())
    verified = [e for e in document.citations if e.verification is Verification.PAGE]
    assert (len(document.citations), len(verified)) == (52, 39)
    assert document.citations[15].authors == "Brown, T. L., and Potoski, M."


def test_an_entry_needs_no_author_year_address_or_note() -> None:
    lean = make_entry()
    for name in ("authors", "year", "address", "note"):
        del lean[name]
    (entry,) = read_document({"bibliography": [lean]}, known_sources=()).citations
    assert (entry.authors, entry.year, entry.address, entry.note) == (
        "",
        None,
        None,
        "",
    )
    assert entry.verification is Verification.PAGE


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"title": " "}, "title must be a line of text"),
        ({"publication": None}, "publication must be a line of text"),
        ({"year": "2015"}, "year must be a year"),
        ({"topics": ["moons"]}, "topics must be a list, not empty and without"),
        ({"topics": []}, "topics must be a list, not empty and without"),
        ({"verification": "read"}, "verification must be one of verified on the page"),
        ({"address": "ftp://example.org"}, "address must be an address that begins"),
        ({"doi": "10.1/1"}, "doi is not a known field"),
    ],
)
def test_every_mistake_of_an_entry_names_its_place(
    given: dict[str, Any], problem: str
) -> None:
    (said,) = problems_of_entries(make_entry(**given))
    assert said.startswith(f"bibliography entry 1 (b1): {problem}")


def test_an_entry_that_stands_twice_is_said() -> None:
    assert problems_of_entries(make_entry(), make_entry(), "entry") == [
        "bibliography entry 2 (b1): this id was used before",
        "bibliography entry 3: must be an object",
        *(
            f"bibliography entry 3 (no id): {name} is missing"
            for name in ("id", "title", "publication", "topics", "verification")
        ),
    ]


def test_how_staff_keep_a_case_is_read_and_may_be_nothing() -> None:
    kept = {
        "checked_on": "2027-03-31",
        "look_again_on": None,
        "retired_at": "2027-04-01T12:00:00+02:00",
    }
    document = {"case_studies": [make_case(**kept)]}
    (case,) = read_document(document, known_sources={"minutes"}).cases
    assert case.keeping == {
        "checked_on": date(2027, 3, 31),
        "look_again_on": None,
        "retired_at": datetime(2027, 4, 1, 10, tzinfo=UTC),
    }
