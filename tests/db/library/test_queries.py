"""Reading case studies."""

import re

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.library import queries
from csd_events.library.queries import (
    count_by_area,
    count_cases,
    get_case,
    list_facets,
    list_newest,
    page_cases,
)
from csd_events.library.rules import CaseLine, Filters
from csd_events.library.service import built_in_document, import_cases


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    session.expunge_all()
    return session


def ids(page: CountedPage[CaseLine, str]) -> list[str]:
    return [case.id for case in page.items]


def test_pages_follow_each_other_and_lead_back(filled: Session) -> None:
    first = page_cases(filled, Filters())
    second = page_cases(filled, Filters(), after=first.after)
    again = page_cases(filled, Filters(), before=second.before)
    assert (len(first.items), len(second.items)) == (25, 19)
    assert (first.total, second.total, again.total) == (44, 44, 44)
    assert len({*ids(first), *ids(second)}) == 44
    assert ids(again) == ids(first)
    assert (first.before, second.after, again.before) == (None, None, None)
    assert again.after == first.after


def test_cases_stand_a_to_z_whatever_their_capitals(filled: Session) -> None:
    words = Filters(words="fire authority share profit")
    assert ids(page_cases(filled, words)) == []
    found = page_cases(filled, Filters(words="a city and a"))
    by_title = [case.title for case in found.items]
    assert by_title.index(
        "A city and a fire district run one fire authority"
    ) < by_title.index("A city and a YMCA share profit and loss")


def test_a_middle_page_leads_both_ways(
    filled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.cases, "PAGE", 10)
    first = page_cases(filled, Filters())
    second = page_cases(filled, Filters(), after=first.after)
    third = page_cases(filled, Filters(), after=second.after)
    back = page_cases(filled, Filters(), before=third.before)
    assert back == second
    assert None not in (second.before, second.after)


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        (Filters(area="dispatch_911"), 5),
        (Filters(form="public_private"), 5),
        (Filters(state="NY"), 14),
        (Filters(outcome="disputed"), 1),
        (Filters(area="dispatch_911", state="NY"), 1),
        (Filters(area="legal"), 0),
        (Filters(words="YMCA"), 4),
        (Filters(words="dispatch minnesota"), 2),
        (Filters(words="100%"), 4),
        (Filters(words="_"), 0),
    ],
)
def test_filters_narrow_the_list(filtered: int, filters: Filters, number: int) -> None:
    assert filtered == number


@pytest.fixture
def filtered(filled: Session, filters: Filters) -> int:
    page = page_cases(filled, filters)
    assert len(page.items) == page.total
    return page.total


def test_a_search_finds_words_without_their_accents(session: Session) -> None:
    document = built_in_document()
    document["case_studies"][0]["title"] = "Cañon City and Montréal share a crew"
    import_cases(session, document)
    assert ids(page_cases(session, Filters(words="MONTREAL canon"))) == [
        "heartland-fire"
    ]


@pytest.mark.parametrize("edge", ["no-such-case", "NUL\0", "x" * 500])
def test_a_page_that_begins_nowhere_is_not_found(filled: Session, edge: str) -> None:
    with pytest.raises(NotFoundError):
        page_cases(filled, Filters(), after=edge)
    with pytest.raises(NotFoundError):
        page_cases(filled, Filters(), before=edge)


def test_a_case_comes_with_its_sources_in_order(filled: Session) -> None:
    case = get_case(filled, "sandy-springs")
    addresses = [source.address.split("/")[2] for source in case.sources]
    assert addresses == ["www.ajc.com", "roughdraftatlanta.com"]
    assert (case.place_words, case.vendor_is_underwriter) == ("Georgia", True)
    assert case.topic_names == ("reversal", "procurement", "exit and termination")


@pytest.mark.parametrize("case_id", ["no-such-case", "NUL\0", "Heartland"])
def test_a_case_there_is_not_is_not_found(filled: Session, case_id: str) -> None:
    with pytest.raises(NotFoundError):
        get_case(filled, case_id)


def test_the_newest_come_first_and_those_without_a_year_last(filled: Session) -> None:
    newest = [case.id for case in list_newest(filled, limit=44)]
    assert newest[:2] == ["bedford-ymca", "milan-chipper"]
    assert newest[-1] != "bedford-ymca"
    assert set(newest[-9:]) == {
        case["id"]
        for case in built_in_document()["case_studies"]
        if case["year_started"] is None
    }


def test_only_what_some_case_has_is_offered_to_narrow_by(filled: Session) -> None:
    facets = list_facets(filled)
    assert (len(facets.areas), len(facets.forms), len(facets.states)) == (22, 5, 15)
    assert "legal" not in facets.areas
    assert len(facets.outcomes) == 6


def test_cases_are_counted_by_area(filled: Session) -> None:
    counts = count_by_area(filled)
    assert (counts["dispatch_911"], counts.get("legal")) == (5, None)
    assert count_cases(filled) == 44


def test_a_page_takes_the_same_statements_however_long_it_is(filled: Session) -> None:
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.extend(re.findall(r"^SELECT", str(given[2])))

    event.listen(filled.get_bind(), "before_cursor_execute", note)
    try:
        page_cases(filled, Filters(area="transit"))
        short = len(statements)
        filled.expunge_all()
        page_cases(filled, Filters())
    finally:
        event.remove(filled.get_bind(), "before_cursor_execute", note)
    assert (short, len(statements) - short) == (2, 2)
