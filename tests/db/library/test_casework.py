"""Case studies as staff write them, keep them and look at them again."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from csd_events.audit.models import AuditEntry
from csd_events.core.errors import NotFoundError, StaleError
from csd_events.library import queries, service
from csd_events.library.models import CaseStudy, LibraryEntry, Source
from csd_events.library.rules.casework import SourceDraft
from csd_events.library.rules.searching import EntryKind, SearchFilters
from csd_events.library.service import (
    Counts,
    Desk,
    ImportReport,
    built_in_document,
    import_cases,
)
from csd_events.matching import service as matching
from tests.factories import NOON
from tests.library import TODAY, make_case_draft, make_citation, make_desk, make_work


@pytest.fixture
def filled(session: Session) -> Session:
    import_cases(session, built_in_document())
    session.commit()
    return session


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def find(session: Session, case_id: str) -> CaseStudy:
    session.expire_all()
    whole = select(CaseStudy).options(selectinload(CaseStudy.citations))
    return session.scalars(whole.where(CaseStudy.id == case_id)).one()


def trail(session: Session) -> list[tuple[str, int, dict[str, Any]]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.subject_id, row.changes) for row in rows]


def found(session: Session, words: str) -> list[str]:
    return [
        row.key for row in queries.search(session, SearchFilters(words=words)).items
    ]


def test_a_new_case_is_found_is_checked_today_and_has_an_address_of_its_own(
    filled: Session, desk: Desk
) -> None:
    twice = [service.add_case(filled, make_case_draft(), desk) for _ in range(2)]
    assert [row.id for row in twice] == ["two-towns-one-mower", "two-towns-one-mower-2"]
    assert [row.number for row in twice] == [45, 46]
    assert (twice[0].checked_on, twice[0].area_ids) == (TODAY, ["fleet_equipment"])
    assert sorted(found(filled, "mower")) == [row.id for row in twice]
    assert [row.source_id for row in twice[1].citations] == ["a-page"]
    action, number, changes = trail(filled)[0]
    assert (action, number, changes["facts"]) == (
        "case_study.added",
        45,
        [None, ["They bought one mower."]],
    )


def test_what_is_saved_tells_what_it_was_and_an_import_leaves_it(
    filled: Session, desk: Desk
) -> None:
    row = find(filled, "dakota-911")
    before, stamp = row.title, queries.find_stamp(filled)
    draft = replace(make_case_draft(), title="Our own zucchini")
    service.save_case(filled, row.number, draft, desk, version=row.version)
    filled.commit()
    assert (find(filled, "dakota-911").title, row.version) == ("Our own zucchini", 2)
    assert trail(filled)[-1][2]["title"] == [before, "Our own zucchini"]
    assert queries.find_stamp(filled) != stamp
    assert found(filled, "zucchini") == ["dakota-911"]

    report = import_cases(filled, built_in_document())
    filled.commit()
    assert report.cases == Counts(unchanged=43, kept=1)
    (line,) = report.lines
    assert (line.key, line.became, "title" in line.fields) == (
        "dakota-911",
        "kept",
        True,
    )
    assert find(filled, "dakota-911").title == "Our own zucchini"


def test_whoever_was_overtaken_is_told_and_nothing_is_saved(
    filled: Session, desk: Desk
) -> None:
    row = find(filled, "dakota-911")
    service.save_case(filled, row.number, make_case_draft(), desk, version=1)
    with pytest.raises(StaleError):
        service.save_case(
            filled, row.number, make_case_draft(title="Late"), desk, version=1
        )
    assert row.title != "Late"


def test_a_day_to_look_again_alone_leaves_the_words_to_the_file(
    filled: Session, desk: Desk
) -> None:
    row = find(filled, "dakota-911")
    draft = as_drafted(row)
    service.save_case(filled, row.number, draft, desk, version=1)
    assert (row.version, trail(filled)) == (1, [])
    again = replace(draft, look_again_on=TODAY)
    service.save_case(filled, row.number, again, desk, version=1)
    assert (row.version, row.edited_at) == (2, None)
    assert trail(filled)[-1][2] == {"look_again_on": [None, "2030-05-01"]}


def test_a_source_is_one_page_whoever_rests_on_it(filled: Session, desk: Desk) -> None:
    row = find(filled, "heartland-fire")
    first = row.sources[0]
    sources = (
        SourceDraft(first.title, first.address, "every word"),
        SourceDraft(first.title, "https://example.org/new", "opening"),
    )
    draft = replace(as_drafted(row), sources=sources)
    service.save_case(filled, row.number, draft, desk, version=1)
    filled.commit()
    ids = [each.source_id for each in find(filled, "heartland-fire").citations]
    assert ids[0] == first.id
    assert filled.get_one(Source, first.id).read == "every word"
    assert filled.get_one(Source, ids[1]).address == "https://example.org/new"
    report = import_cases(filled, built_in_document())
    assert report.sources == Counts(unchanged=70, kept=1)


def test_a_retired_case_is_in_no_list_no_search_and_no_suggestion(
    filled: Session, desk: Desk
) -> None:
    row = find(filled, "dakota-911")
    number, area = row.number, row.area_ids[0]
    counted = queries.count_by_area(filled)[area]
    suggested = matching.library(filled, now=NOON).cases
    for _again in range(2):
        service.retire_case(filled, number, desk)
    filled.commit()
    assert [entry[0] for entry in trail(filled)] == ["case_study.retired"]
    assert "dakota-911" not in found(filled, "dakota 911")
    assert queries.count_cases(filled) == queries.count_all(filled).cases == 43
    assert queries.count_by_area(filled).get(area, 0) == counted - 1
    assert "dakota-911" not in {each.id for each in queries.list_cases(filled)}
    assert queries.list_titles(filled)["dakota-911"].endswith(" (retired)")
    assert queries.get_case(filled, "dakota-911").is_retired
    left = matching.library(filled, now=NOON).cases
    assert set(suggested) - set(left) == {"dakota-911"}

    import_cases(filled, built_in_document())  # its words follow, it stays away
    assert find(filled, "dakota-911").retired_at == NOON
    service.reindex(filled)
    assert "dakota-911" not in found(filled, "dakota 911")
    service.bring_back_case(filled, number, desk)
    filled.commit()
    assert "dakota-911" in found(filled, "dakota 911")
    assert queries.count_cases(filled) == 44


def test_checking_moves_the_day_it_was_checked_and_the_day_to_look_again(
    filled: Session, desk: Desk
) -> None:
    row = find(filled, "dakota-911")
    row.look_again_on, words = TODAY, row.title
    service.check_case(filled, row.number, desk)
    service.check_case(filled, row.number, desk)
    assert (row.checked_on, row.look_again_on) == (TODAY, date(2031, 5, 1))
    assert (row.title, row.edited_at, row.version) == (words, None, 2)
    assert trail(filled) == [
        (
            "case_study.checked",
            row.number,
            {
                "checked_on": [None, "2030-05-01"],
                "look_again_on": ["2030-05-01", "2031-05-01"],
            },
        )
    ]


def test_what_is_due_is_listed_with_the_longest_due_first(
    filled: Session, desk: Desk
) -> None:
    draft = make_case_draft(look_again_on=date(2030, 5, 31))
    service.add_case(filled, draft, desk)
    late = make_case_draft(title="Late", look_again_on=date(2030, 6, 1))
    service.add_case(filled, late, desk)
    work = make_work(look_again_on=date(2030, 4, 1))
    service.add_citation(filled, work, now=NOON, actor_id=None)
    gone = make_work(title="Gone", look_again_on=date(2030, 4, 1))
    retired = service.add_citation(filled, gone, now=NOON, actor_id=None)
    service.retire_citation(filled, retired.id, now=NOON, actor_id=None)
    due = queries.list_due(filled, today=TODAY, limit=9)
    assert [(each.kind, each.title) for each in due] == [
        (EntryKind.CITATION, "Cooperation and costs"),
        (EntryKind.CASE_STUDY, "Two towns, one mower"),
    ]
    assert queries.count_due(filled, today=TODAY) == 2


def test_a_case_that_nobody_has_is_not_found(session: Session, desk: Desk) -> None:
    for act in (service.check_case, service.retire_case, service.bring_back_case):
        with pytest.raises(NotFoundError):
            act(session, 7, desk)


def test_what_a_case_is_found_by_is_what_a_fresh_index_holds(
    filled: Session, desk: Desk
) -> None:
    row = find(filled, "dakota-911")
    service.save_case(filled, row.number, make_case_draft(), desk, version=1)
    service.retire_case(filled, find(filled, "troy-building").number, desk)
    rows = select(LibraryEntry.key, LibraryEntry.body_words, LibraryEntry.shown)
    before = sorted(map(tuple, filled.execute(rows)))
    service.reindex(filled)
    after = sorted(map(tuple, filled.execute(rows)))
    assert {row[0] for row in before} <= {row[0] for row in after}
    assert [row for row in after if row[0] in {each[0] for each in before}] == before


def test_an_entry_saved_with_another_day_alone_still_follows_its_file(
    filled: Session,
) -> None:
    row = make_citation(filled, title="A work of ours")
    assert row.edited_at == NOON
    came = queries.get_citation(filled, "b16")
    draft = make_work(
        authors=came.authors,
        year=came.year,
        title=came.title,
        publication=came.publication,
        topics=tuple(came.topic_ids),
        verification=came.verification,
        address=came.address,
        note=came.note,
        look_again_on=TODAY,
    )
    service.save_citation(filled, came.id, draft, version=1, now=NOON, actor_id=None)
    assert (came.look_again_on, came.edited_at, came.version) == (TODAY, None, 2)
    document = deepcopy(built_in_document())
    document["bibliography"] = [
        {**each, "title": "From the file"}
        for each in document["bibliography"]
        if each["id"] == "b16"
    ]
    report = import_cases(filled, document)
    assert report == ImportReport(
        sources=Counts(unchanged=71),
        cases=Counts(unchanged=44),
        citations=Counts(changed=1),
    )
    assert report.lines[0].fields == ("title",)


def as_drafted(row: CaseStudy) -> Any:
    """The draft of a case as its form would send it unchanged."""
    main, *others = row.area_ids
    return make_case_draft(
        **{
            name: getattr(row, name)
            for name in (
                "title", "country", "state", "lead_jurisdiction_type",
                "lead_population", "population_class", "population_basis", "form",
                "agreement", "year_started", "year_note", "outcome",
                "costs_and_benefits_shared", "confidence", "confidence_note",
                "icma_link", "vendor_is_underwriter", "look_again_on",
            )
        },
        **{
            name: tuple(getattr(row, name))
            for name in ("jurisdictions", "facts", "own_knowledge")
        },
        partner_classes=tuple(sorted(row.partner_classes)),  # boxes have no order
        topics=tuple(reversed(row.topics)),
        areas=(main, *others),
        sources=tuple(
            SourceDraft(each.title, each.address, each.read) for each in row.sources
        ),
    )  # fmt: skip
