"""Publications, their versions and files, and entries that staff write."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.errors import NotFoundError, ProblemsError, StaleError
from csd_events.library import queries, service
from csd_events.library.models import File, PublicationVersion
from csd_events.library.queries import DeskFilters, Shown
from csd_events.library.rules.citing import CitationFilters
from csd_events.library.rules.media import MOST_BYTES
from csd_events.library.rules.publishing import Problem, PublicationFilters, Standing
from csd_events.library.service import Desk, built_in_document, import_cases
from tests.factories import NOON, make_person, writing
from tests.library import (
    TODAY,
    make_citation,
    make_desk,
    make_draft,
    make_publication,
    make_upload,
    make_work,
)


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return make_desk(tmp_path, actor_id=make_person(session).id)


def trail(session: Session) -> list[tuple[str, dict[str, object]]]:
    rows = session.execute(
        select(AuditEntry.action, AuditEntry.changes).order_by(AuditEntry.id)
    )
    return [(action, changes) for action, changes in rows]


def test_a_publication_keeps_its_file_and_who_brought_it(
    session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk, areas=("fire_ems", "police"))
    found = queries.get_publication(session, "sharing-a-mower")
    version = found.current
    assert version is not None
    assert (version.number, version.uploaded_by_id, version.file.name) == (
        1,
        desk.actor_id,
        "mower.txt",
    )
    assert desk.store.path_of(version.file.path).read_bytes() == b"Words."
    assert (found.id, found.area_ids) == (row.id, ["fire_ems", "police"])
    ((action, changes),) = trail(session)
    assert (action, changes["title"]) == (
        "publication.added",
        [None, "Sharing a mower"],
    )


def test_two_of_one_title_have_addresses_of_their_own(
    session: Session, desk: Desk
) -> None:
    slugs = [make_publication(session, desk).slug for _ in range(3)]
    assert slugs == ["sharing-a-mower", "sharing-a-mower-2", "sharing-a-mower-3"]


def test_nothing_is_published_without_a_file(session: Session, desk: Desk) -> None:
    with pytest.raises(ProblemsError) as refused, writing(session):
        service.add_publication(session, make_draft(), None, desk)
    assert refused.value.problems == {"published_on": Problem.NO_FILE}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b"<svg/>", Problem.UNKNOWN_TYPE),
        (b"x" * (MOST_BYTES + 1), Problem.TOO_LARGE),
    ],
)
def test_a_file_that_is_not_taken_leaves_no_trace(
    session: Session, desk: Desk, content: bytes, problem: Problem
) -> None:
    with pytest.raises(ProblemsError) as refused, writing(session):
        service.add_publication(session, make_draft(), make_upload(content), desk)
    assert refused.value.problems == {"file": problem}
    assert (queries.list_slugs(session), trail(session)) == (frozenset(), [])
    assert list(desk.store.folder.iterdir()) == []


def test_a_new_version_is_the_current_one_and_the_last_stays(
    session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk)
    with writing(session):
        number = service.add_version(
            session, row.id, make_upload(b"Better.", note="Better words."), desk
        )
    found = queries.get_publication_by_id(session, row.id)
    assert number == 2
    assert [(each.number, each.note) for each in found.versions] == [
        (2, "Better words."),
        (1, ""),
    ]
    assert trail(session)[-1] == (
        "publication.version_added",
        {
            "current_version": [1, 2],
            "file": ["mower.txt", "mower.txt"],
            "note": [None, "Better words."],
        },
    )


def test_a_new_version_says_what_changed_and_is_another_file(
    session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk)
    with pytest.raises(ProblemsError) as silent, writing(session):
        service.add_version(session, row.id, make_upload(b"Better."), desk)
    with pytest.raises(ProblemsError) as same, writing(session):
        service.add_version(session, row.id, make_upload(note="The same."), desk)
    assert silent.value.problems == {"note": Problem.NOTE_MISSING}
    assert same.value.problems == {"file": Problem.SAME_FILE}
    assert len(session.scalars(select(PublicationVersion)).all()) == 1


def test_a_save_writes_down_what_changed_and_nothing_else(
    session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk, areas=("police",))
    draft = make_draft(title="Sharing two mowers", areas=("fire_ems", "police"))
    with writing(session):
        service.save_publication(session, row.id, draft, desk, version=1)
    assert trail(session)[-1] == (
        "publication.saved",
        {
            "title": ["Sharing a mower", "Sharing two mowers"],
            "areas": [["police"], ["fire_ems", "police"]],
        },
    )
    assert queries.get_publication(session, "sharing-a-mower").version == 2


def test_saving_it_as_it_was_is_no_change(session: Session, desk: Desk) -> None:
    row = make_publication(session, desk)
    with writing(session):
        service.save_publication(session, row.id, make_draft(), desk, version=1)
    assert [action for action, _ in trail(session)] == ["publication.added"]


def test_nobody_saves_over_what_they_have_not_seen(
    session: Session, desk: Desk
) -> None:
    row, work = make_publication(session, desk), make_citation(session)
    with writing(session):
        service.save_publication(
            session, row.id, make_draft(title="First"), desk, version=1
        )
        service.save_citation(
            session,
            work.id,
            make_work(title="First"),
            version=1,
            now=NOON,
            actor_id=None,
        )
    with pytest.raises(StaleError), writing(session):
        service.save_publication(
            session, row.id, make_draft(title="Second"), desk, version=1
        )
    with pytest.raises(StaleError), writing(session):
        service.save_citation(
            session,
            work.id,
            make_work(title="Second"),
            version=1,
            now=NOON,
            actor_id=None,
        )
    assert queries.get_publication_by_id(session, row.id).title == "First"
    assert queries.get_citation_by_id(session, work.id).title == "First"


def test_retiring_names_a_successor_and_is_taken_back(
    session: Session, desk: Desk
) -> None:
    old, new = (make_publication(session, desk, title=t) for t in ("Old", "New"))
    with writing(session):
        service.retire(session, old.id, desk, successor_id=new.id)
    session.expire_all()
    found = queries.get_publication(session, "old")
    assert (found.standing, found.successor) == (Standing.RETIRED, new)
    with writing(session):
        service.bring_back(session, old.id, desk)
        service.bring_back(session, old.id, desk)
    assert queries.get_publication(session, "old").standing is Standing.PUBLISHED
    assert trail(session)[2:] == [
        (
            "publication.retired",
            {
                "retired_at": [None, "2030-05-01T12:00:00+00:00"],
                "successor_id": [None, new.id],
            },
        ),
        (
            "publication.brought_back",
            {
                "retired_at": ["2030-05-01T12:00:00+00:00", None],
                "successor_id": [new.id, None],
            },
        ),
    ]


def test_nothing_is_its_own_successor_or_follows_nothing(
    session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk)
    with pytest.raises(ProblemsError) as refused, writing(session):
        service.retire(session, row.id, desk, successor_id=row.id)
    with pytest.raises(NotFoundError), writing(session):
        service.retire(session, row.id, desk, successor_id=row.id + 1)
    assert refused.value.problems == {"successor_id": Problem.ITSELF}
    assert queries.get_publication_by_id(session, row.id).retired_at is None


def test_lists_hold_what_everybody_may_read_the_latest_first(
    session: Session, desk: Desk
) -> None:
    for days in (3, 1, 2):
        day = TODAY - timedelta(days=days)
        make_publication(session, desk, title=f"From {days}", published_on=day)
    make_publication(session, desk, title="Draft", file=None)
    gone = make_publication(session, desk, title="Gone")
    with writing(session):
        service.retire(session, gone.id, desk, successor_id=None)
    first, following = queries.list_publications(
        session, PublicationFilters(), limit=2, after=None
    )
    rest, end = queries.list_publications(
        session, PublicationFilters(), limit=2, after=following
    )
    titles = [each.title for each in (*first, *rest)]
    assert (titles, end) == (["From 1", "From 2", "From 3"], None)
    assert queries.count_publications(session) == 3


@pytest.mark.parametrize("edge", ["nothing", "draft", "Not a slug"])
def test_a_list_goes_on_after_nothing_that_is_not_in_it(
    session: Session, desk: Desk, edge: str
) -> None:
    make_publication(session, desk, title="Draft", file=None)
    with pytest.raises(NotFoundError):
        queries.list_publications(session, PublicationFilters(), limit=2, after=edge)


def test_staff_find_drafts_what_is_due_and_what_is_retired(
    session: Session, desk: Desk
) -> None:
    make_publication(session, desk, title="Due", look_again_on=TODAY, file=None)
    make_publication(
        session, desk, title="Later", look_again_on=TODAY + timedelta(days=1)
    )
    gone = make_publication(session, desk, title="Gone Été")
    with writing(session):
        service.retire(session, gone.id, desk, successor_id=None)

    def titles(shown: Shown, words: str = "") -> list[str]:
        page = queries.page_publications(
            session, DeskFilters(shown=shown, words=words), today=TODAY, cursor=None
        )
        return [each.title for each in page.items]

    assert {shown: titles(shown) for shown in Shown} == {
        Shown.ALL: ["Due", "Later"],
        Shown.DRAFTS: ["Due"],
        Shown.DUE: ["Due"],
        Shown.RETIRED: ["Gone Été"],
    }
    assert titles(Shown.RETIRED, "ete") == ["Gone Été"]


def test_the_staff_s_list_is_read_page_by_page(
    session: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.publications, "PAGE", 2)
    for title in ("C", "A", "B"):
        make_publication(session, desk, title=title)
    first = queries.page_publications(session, DeskFilters(), today=TODAY, cursor=None)
    second = queries.page_publications(
        session, DeskFilters(), today=TODAY, cursor=first.after
    )
    titles = [each.title for each in (*first.items, *second.items)]
    assert (titles, second.after) == (["A", "B", "C"], None)


def test_files_that_rows_name_are_never_swept(session: Session, desk: Desk) -> None:
    make_publication(session, desk)
    kept = session.scalars(select(File.path)).one()
    orphan = desk.store.save(make_upload(b"Orphan.").file)
    later = NOON + timedelta(days=36500)
    assert service.sweep_files(session, store=desk.store, now=later) == 1
    assert [path.name for path in desk.store.folder.iterdir()] == [kept]
    assert orphan.path != kept


def test_an_entry_that_staff_add_is_found_by_its_words(session: Session) -> None:
    added = make_citation(session, note="The abstract was read.")
    page = queries.page_citations(session, CitationFilters(words="WARNER costs"))
    assert [each.key for each in page.items] == ["cooperation-and-costs"]
    ((action, changes),) = trail(session)
    assert (action, changes["topics"], changes["verification"]) == (
        "citation.added",
        [None, ["cost"]],
        [None, "page"],
    )
    assert added.edited_at == NOON


def test_a_retired_entry_is_in_no_list_until_it_is_back(session: Session) -> None:
    row = make_citation(session)

    def listed() -> tuple[int, int]:
        page = queries.page_citations(session, CitationFilters())
        retired = queries.page_citations(session, CitationFilters(), retired=True)
        return page.total, retired.total

    with writing(session):
        service.retire_citation(session, row.id, now=NOON, actor_id=None)
        service.retire_citation(session, row.id, now=NOON, actor_id=None)
    assert (listed(), queries.list_matching_citations(session, CitationFilters())) == (
        (0, 1),
        [],
    )
    with writing(session):
        service.bring_back_citation(session, row.id, now=NOON, actor_id=None)
    assert listed() == (1, 0)
    assert [action for action, _ in trail(session)] == [
        "citation.added",
        "citation.retired",
        "citation.brought_back",
    ]


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        (CitationFilters(), 52),
        (CitationFilters(topic="decision_tool"), 5),
        (CitationFilters(decade=2010), 31),
        (CitationFilters(decade=0), 2),
        (CitationFilters(words="zeemering"), 3),
        (CitationFilters(words="100% _"), 0),
        (CitationFilters(topic="county", decade=2000), 2),
    ],
)
def test_the_bibliography_is_narrowed(
    session: Session, filters: CitationFilters, number: int
) -> None:
    import_cases(session, built_in_document())
    assert queries.page_citations(session, filters).total == number
    assert len(queries.list_matching_citations(session, filters)) == number


def test_the_bibliography_is_read_page_by_page_both_ways(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.bibliography, "PAGE", 20)
    import_cases(session, built_in_document())
    first = queries.page_citations(session, CitationFilters())
    second = queries.page_citations(session, CitationFilters(), after=first.after)
    third = queries.page_citations(session, CitationFilters(), after=second.after)
    back = queries.page_citations(session, CitationFilters(), before=third.before)
    every = [each.key for page in (first, second, third) for each in page.items]
    whole = queries.list_matching_citations(session, CitationFilters())
    assert every == [each.key for each in whole]
    assert (back, third.after, first.before) == (second, None, None)


def test_a_case_study_names_what_is_tied_to_it(session: Session, desk: Desk) -> None:
    import_cases(session, built_in_document())
    session.commit()
    tied = ("dakota-911", "troy-building")
    make_publication(session, desk, title="A book", cases=tied)
    make_publication(session, desk, title="A draft", cases=tied, file=None)
    make_citation(session, cases=tied)
    found = queries.list_related_to_case(session, "dakota-911")
    assert [(each.slug, each.key, each.title) for each in found] == [
        ("a-book", None, "A book"),
        (None, "cooperation-and-costs", "Cooperation and costs"),
    ]
    assert queries.list_related_to_case(session, "heartland-fire") == []
