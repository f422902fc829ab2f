"""The search over all of the library: the same answers on either database."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from csd_events.core.search import asked_words, words_of
from csd_events.library import queries, service
from csd_events.library.models import LibraryEntry, LibraryState
from csd_events.library.queries.searching import best
from csd_events.library.rules.searching import EntryKind, SearchFilters
from csd_events.library.service import built_in_document, import_cases
from csd_events.library.service.indexing import is_indexed, reindex
from tests.factories import NOON, writing
from tests.library import (
    make_citation,
    make_desk,
    make_draft,
    make_publication,
    make_work,
)
from tests.plans import plan_of


@pytest.fixture
def filled(session: Session) -> Session:
    with writing(session):
        import_cases(session, built_in_document())
        reindex(session)
    return session


def found(session: Session, words: str = "", **others: Any) -> list[str]:
    filters = SearchFilters(words=words, **others)
    return [row.key for row in queries.search(session, filters).items]


#: What is asked, of which kind, and everything that is found, in no order.
QUESTIONS: list[tuple[str, set[str]]] = [
    (
        "ymca",
        {"bedford-ymca", "delaware-ymca", "morgan-hill-ymca", "ticonderoga-youth"},
    ),
    ("city YMCA", {"bedford-ymca", "delaware-ymca", "morgan-hill-ymca"}),
    ("CITIES ymca", {"bedford-ymca", "delaware-ymca", "morgan-hill-ymca"}),
    ("dispatch minnesota", {"dakota-911", "virtual-dispatch"}),
    ("dispatching Minnesota", {"dakota-911", "virtual-dispatch"}),
    ("Colláborative O'Leary", {"b06", "b27", "b28", "b29"}),
    ("fire ended", {"belmont-san-carlos-fire"}),
    ("reversed", {"sandy-springs"}),
    ("consolidated police", {"charlotte-police"}),
    ("the consolidation of police", {"charlotte-police"}),
    ("library", {"denton-library", "skagit-library", "steuben-library"}),
    ("libraries", {"denton-library", "skagit-library", "steuben-library"}),
    ('"asset specificity"', {"S1-1", "S1-2", "S1-3", "S4-2", "tool-3"}),
    ("union", {"C6-1", "C6-2", "tompkins-health", "tool-4", "union-vale-assessor"}),
    ("Canada", {"innisfil-transit", "west-vancouver"}),
    ("canáda", {"innisfil-transit", "west-vancouver"}),
    ("e-book", {"b08", "b20"}),
    ("zebra", set()),
    *((nothing, set()) for nothing in ('foo"', "AND", "-x", "^", "*", "''", "(a")),
    ("title_words:ymca", set()),
    ("the and of", set()),
]


@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_both_databases_give_the_expected_answers(
    filled: Session, question: str, answer: set[str]
) -> None:
    assert set(found(filled, question)) == answer


def test_what_the_title_says_comes_before_what_the_text_says(filled: Session) -> None:
    first, *rest = found(filled, "unions", kind=EntryKind.STATEMENT)
    assert first.startswith("C6")
    assert "tool-4" in rest


def test_what_ended_is_found_as_what_lasts(filled: Session) -> None:
    everything = SearchFilters(kind=EntryKind.CASE_STUDY)
    facets = queries.search(filled, everything).facets
    assert facets["outcome"] == {
        "disputed": 1,
        "ended": 1,
        "in place when reported": 38,
        "renegotiated": 1,
        "reversed": 1,
        "starting when reported": 2,
    }
    assert found(filled, "contract private firm", outcome="reversed") == [
        "sandy-springs"
    ]


def test_each_filter_narrows_and_is_counted(filled: Session) -> None:
    whole = queries.search(filled, SearchFilters(words="fire"))
    assert whole.total == sum(whole.facets["kind"].values())
    for name, counts in whole.facets.items():
        for value, number in counts.items():
            changed: dict[str, Any] = {name: value}
            narrowed = replace(SearchFilters(words="fire"), **changed)
            assert queries.search(filled, narrowed).total == number


def test_pages_follow_each_other_to_an_end(
    filled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.searching, "PAGE", 7)
    filters = SearchFilters(words="service")
    pages = [queries.search(filled, filters, number=n) for n in (1, 2, 3)]
    keys = [row.key for page in pages for row in page.items]
    assert len(keys) == len(set(keys)) == 21
    assert [page.has_next for page in pages] == [True] * 3
    beyond = queries.search(filled, filters, number=10**9)
    assert (beyond.number, list(beyond.items)) == (queries.MOST // 7, [])


def test_nothing_asked_finds_nothing(filled: Session) -> None:
    nothing = queries.search(filled, SearchFilters())
    assert (nothing.total, list(nothing.items)) == (0, [])


def whole(session: Session) -> list[tuple[object, ...]]:
    """Return all that a search looks at, and what it has for each word."""
    session.rollback()
    session.expire_all()
    rows = session.query(LibraryEntry).order_by(LibraryEntry.kind, LibraryEntry.key)
    names = [each.name for each in LibraryEntry.__table__.columns if each.name != "id"]
    return [
        (*(getattr(row, name) for name in names), *(each.area for each in row.areas))
        for row in rows
    ]


def test_every_change_is_found_at_once_as_if_all_were_written_anew(
    filled: Session, tmp_path: Path
) -> None:
    desk = make_desk(tmp_path)
    book = make_publication(filled, desk, title="Zebras in town")
    work = make_citation(filled, title="Okapis and costs")
    assert found(filled, "zebra") == [book.slug]
    assert found(filled, "okapi") == [work.key]
    with writing(filled):
        draft = make_draft(title="Giraffes in town", areas=("police",))
        service.save_publication(filled, book.id, draft, desk, version=1)
        other = make_work(title="Tapirs and costs")
        service.save_citation(
            filled, work.id, other, version=1, now=NOON, actor_id=None
        )
        document = built_in_document()
        document["case_studies"][0]["title"] = "Cañon City shares a lemur"
        document["bibliography"][0]["note"] = "Read beside a lemur."
        import_cases(filled, document)
    assert (found(filled, "zebra"), found(filled, "okapi")) == ([], [])
    assert found(filled, "giraffe", area="police") == [book.slug]
    assert found(filled, "tapir") == [work.key]
    assert set(found(filled, "lemurs")) == {"heartland-fire", "b01"}
    assert found(filled, "canon lemur") == ["heartland-fire"]
    kept = whole(filled)
    with writing(filled):
        reindex(filled)
    assert whole(filled) == kept


def test_what_is_retired_or_a_draft_is_not_found_until_it_is_back(
    filled: Session, tmp_path: Path
) -> None:
    desk = make_desk(tmp_path)
    draft = make_publication(filled, desk, title="A zebra draft", file=None)
    book = make_publication(filled, desk, title="A zebra book")
    work = make_citation(filled, title="A zebra paper")
    assert set(found(filled, "zebra")) == {book.slug, work.key}
    with writing(filled):
        service.retire(filled, book.id, desk, successor_id=None)
        service.retire_citation(filled, work.id, now=NOON, actor_id=None)
    assert found(filled, "zebra") == []
    listed = queries.page_publications(
        filled, queries.DeskFilters(words="zebras"), today=desk.today, cursor=None
    )
    assert [row.id for row in listed.items] == [draft.id]
    with writing(filled):
        service.bring_back(filled, book.id, desk)
        service.bring_back_citation(filled, work.id, now=NOON, actor_id=None)
    assert set(found(filled, "zebra")) == {book.slug, work.key}


def test_a_change_that_is_undone_is_not_found(filled: Session) -> None:
    document = built_in_document()
    document["case_studies"][0]["title"] = "A zebra"
    import_cases(filled, document)
    assert found(filled, "zebra") == ["heartland-fire"]
    filled.rollback()
    assert found(filled, "zebra") == []


def test_writing_anew_mends_what_was_changed_by_hand(filled: Session) -> None:
    kept = whole(filled)
    with writing(filled):
        filled.execute(
            update(LibraryEntry)
            .where(LibraryEntry.key == "dakota-911")
            .values(title="Zebra", title_words="zebra")
        )
        row = {**dict.fromkeys(("title", "byline", "body"), "Zebra"), "shown": True}
        words = {"title_words": "zebra", "body_words": "zebra"}
        filled.execute(
            insert(LibraryEntry).values(
                kind=EntryKind.CASE_STUDY, key="gone", **row, **words
            )
        )
        filled.execute(update(LibraryState).values(searched_as="0-earlier"))
    assert set(found(filled, "zebra")) == {"dakota-911", "gone"}
    assert not is_indexed(filled)
    with writing(filled):
        assert reindex(filled) == len(kept)
    assert is_indexed(filled)
    assert whole(filled) == kept
    assert found(filled, "zebra") == []


def test_a_search_of_many_entries_is_answered_from_an_index(session: Session) -> None:
    """Found in the plan, which decides whether 20,000 entries take longer."""
    with writing(session):
        session.execute(insert(LibraryEntry), [_entry(n) for n in range(4000)])
        session.execute(text("ANALYZE"))
    statement = best(session, SearchFilters(words="number 77"))
    plan = plan_of(session, statement)
    indexes = "VIRTUAL TABLE INDEX", "ix_library_entries_lexemes"
    assert any(index in plan for index in indexes), plan
    assert "Seq Scan" not in plan
    assert "SCAN library_entries\n" not in plan
    assert found(session, "number 77") == ["n77"]
    assert asked_words("number 77") == ["number", "77"]


def _entry(number: int) -> dict[str, Any]:
    words = words_of(f"Case number {number} {'and more of it ' * 50}")
    return {
        "kind": EntryKind.CASE_STUDY,
        "key": f"n{number}",
        "title": words,
        "byline": "",
        "body": words,
        "shown": True,
        "title_words": words,
        "body_words": words,
    }
