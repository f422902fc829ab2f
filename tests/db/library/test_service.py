"""Taking case studies in."""

from copy import deepcopy

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.library.exports import case_book
from csd_events.library.models import CaseStudy, Citation, Source
from csd_events.library.queries import (
    find_stamp,
    get_case,
    get_citation,
    list_titles,
)
from csd_events.library.rules.document import InvalidDocumentError
from csd_events.library.rules.publishing import CitationDraft
from csd_events.library.service import (
    Counts,
    ImportReport,
    built_in_document,
    import_cases,
    save_citation,
)
from tests.factories import NOON


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    return session


def test_a_new_library_takes_every_case_with_its_sources(session: Session) -> None:
    report = import_cases(session, built_in_document())
    assert report == ImportReport(
        sources=Counts(added=71), cases=Counts(added=44), citations=Counts(added=52)
    )


def test_the_same_file_again_changes_nothing(filled: Session) -> None:
    stamp = find_stamp(filled)
    report = import_cases(filled, built_in_document())
    assert report == ImportReport(
        sources=Counts(unchanged=71),
        cases=Counts(unchanged=44),
        citations=Counts(unchanged=52),
    )
    assert (find_stamp(filled), list(filled.dirty)) == (stamp, [])


def test_a_title_of_any_length_finds_its_place_in_the_list(filled: Session) -> None:
    document = deepcopy(built_in_document())
    letters = "".join(chr(0x4E00 + number * 7) for number in range(2_000))
    document["case_studies"][0]["title"] = letters

    import_cases(filled, document)
    filled.commit()

    assert list(list_titles(filled).values())[-1] == letters


def test_what_differs_is_changed_and_the_rest_is_left_alone(filled: Session) -> None:
    stamp = find_stamp(filled)
    document = deepcopy(built_in_document())
    by_id = {case["id"]: case for case in document["case_studies"]}
    by_id["troy-building"]["title"] = "A city keeps its building department"
    by_id["concord-dispatch"]["service_areas"].reverse()
    by_id["heartland-fire"]["sources"].pop()
    document["sources"]["heartland-slides"]["read"] = "whole page"
    report = import_cases(filled, document)
    filled.commit()
    assert report == ImportReport(
        sources=Counts(changed=1, unchanged=70),
        cases=Counts(changed=3, unchanged=41),
        citations=Counts(unchanged=52),
    )
    assert get_case(filled, "troy-building").title == (
        "A city keeps its building department"
    )
    assert get_case(filled, "concord-dispatch").areas == ("fire_ems", "dispatch_911")
    assert [source.read for source in get_case(filled, "heartland-fire").sources] == [
        "whole page",
        "opening",
    ]
    assert find_stamp(filled) != stamp


def test_a_case_the_file_does_not_name_stays(filled: Session) -> None:
    document = {"case_studies": built_in_document()["case_studies"][:2]}
    report = import_cases(filled, document)
    assert report == ImportReport(sources=Counts(), cases=Counts(unchanged=2))
    assert filled.scalar(select(func.count(CaseStudy.id))) == 44


def test_a_file_with_a_mistake_leaves_no_trace(session: Session) -> None:
    document = deepcopy(built_in_document())
    document["case_studies"][43]["form"] = "a handshake"
    with pytest.raises(InvalidDocumentError):
        import_cases(session, document)
    assert session.scalar(select(func.count(Source.id))) == 0


def test_progress_is_told_after_every_case_and_entry(session: Session) -> None:
    told: list[tuple[int, int]] = []
    import_cases(
        session,
        built_in_document(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(done, 96) for done in range(1, 97)]


def _entry(session: Session, key: str) -> Citation:
    return session.scalars(select(Citation).where(Citation.key == key)).one()


def test_a_book_of_cases_says_where_the_vendor_paid(filled: Session) -> None:
    for case in filled.scalars(select(CaseStudy)):
        book = case_book([case], title="A book")
        paid = "The vendor also paid for the ICMA program." in book.splitlines()
        assert (case.id, paid) == (case.id, case.vendor_is_underwriter)


def test_an_entry_that_differs_is_changed(filled: Session) -> None:
    document = deepcopy(built_in_document())
    first, second = document["bibliography"][:2]
    first["year"], second["topics"] = 2015, ["cost"]
    report = import_cases(filled, document)
    filled.commit()
    assert report.citations == Counts(changed=2, unchanged=50)
    assert (_entry(filled, "b01").year, _entry(filled, "b02").topic_ids) == (
        2015,
        ["cost"],
    )


def test_an_entry_that_staff_have_written_is_left_as_it_is_and_said(
    filled: Session,
) -> None:
    row = _entry(filled, "b16")
    draft = CitationDraft(
        authors="Brown, T. L., and Potoski, M.",
        year=2005,
        title="A title of our own",
        publication=row.publication,
        topics=("market",),
        verification=row.verification,
    )
    save_citation(filled, row.id, draft, version=1, now=NOON, actor_id=None)
    filled.commit()
    again = import_cases(filled, built_in_document())
    filled.commit()
    assert again.citations == Counts(unchanged=51, kept=1)
    assert (_entry(filled, "b16").title, _entry(filled, "b16").topic_ids) == (
        "A title of our own",
        ["market"],
    )


def test_an_entry_saved_as_it_was_is_still_the_file_s(filled: Session) -> None:
    row = get_citation(filled, "b16")
    draft = CitationDraft(
        authors=row.authors,
        year=row.year,
        title=row.title,
        publication=row.publication,
        topics=tuple(row.topic_ids),
        verification=row.verification,
        address=row.address,
        note=row.note,
    )
    save_citation(filled, row.id, draft, version=1, now=NOON, actor_id=None)
    assert (_entry(filled, "b16").edited_at, _entry(filled, "b16").version) == (None, 1)
