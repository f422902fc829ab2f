"""Taking case studies in."""

from copy import deepcopy

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.library.models import CaseStudy, Source
from csd_events.library.queries import find_stamp, get_case, list_titles
from csd_events.library.rules.document import InvalidDocumentError
from csd_events.library.service import (
    Counts,
    ImportReport,
    built_in_document,
    import_cases,
)


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    return session


def test_a_new_library_takes_every_case_with_its_sources(session: Session) -> None:
    report = import_cases(session, built_in_document())
    assert report == ImportReport(sources=Counts(added=71), cases=Counts(added=44))


def test_the_same_file_again_changes_nothing(filled: Session) -> None:
    stamp = find_stamp(filled)
    report = import_cases(filled, built_in_document())
    assert report == ImportReport(
        sources=Counts(unchanged=71), cases=Counts(unchanged=44)
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
        sources=Counts(changed=1, unchanged=70), cases=Counts(changed=3, unchanged=41)
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


def test_progress_is_told_after_every_case(session: Session) -> None:
    told: list[tuple[int, int]] = []
    import_cases(
        session,
        built_in_document(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(done, 44) for done in range(1, 45)]
