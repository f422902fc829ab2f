"""Publications of the sample program, brought out as staff would."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from io import BytesIO

from sqlalchemy.orm import Session

from csd_events.events import service as events
from csd_events.library import exports
from csd_events.library import queries as library_queries
from csd_events.library import service as library
from csd_events.library.models import CaseStudy
from csd_events.library.rules.publishing import PublicationDraft, PublicationKind
from csd_events.library.rules.summary import SUMMARY
from csd_events.library.service import Desk, Upload
from csd_events.seeds import rules

#: How soon somebody should see whether a sample still holds.
LOOK_AGAIN_AFTER = timedelta(days=365)


def load_publications(session: Session, desk: Desk) -> list[str]:
    """Add the sample publications that are missing, and say which those are."""
    there = library_queries.list_slugs(session)
    added = []
    if rules.E_BOOK.slug not in there:
        _add_e_book(session, desk)
        added.append(rules.E_BOOK.slug)
    slug = rules.RESEARCH_SUMMARY["slug"]
    if slug not in there:
        draft = PublicationDraft(
            kind=PublicationKind.RESEARCH_SUMMARY,
            title=rules.RESEARCH_SUMMARY["title"],
            summary=rules.RESEARCH_SUMMARY["summary"],
            published_on=desk.today,
            look_again_on=desk.today + LOOK_AGAIN_AFTER,
        )
        text = exports.summary_as_text(SUMMARY)
        upload = _upload(slug, text)
        library.add_publication(session, draft, upload, desk, slug=slug)
        added.append(slug)
    return added


def _add_e_book(session: Session, desk: Desk) -> None:
    """Bring out the e-book in two versions, and let an event name it."""
    book = rules.E_BOOK
    whole = (*book.areas, *book.added)
    cases = _about(library_queries.list_cases(session), whole)
    draft = PublicationDraft(
        kind=book.kind,
        title=book.title,
        summary=book.summary,
        areas=whole,
        published_on=desk.today,
        look_again_on=desk.today + LOOK_AGAIN_AFTER,
        cases=tuple(case.id for case in _about(cases, book.areas)),
    )
    first = _upload(
        book.slug, exports.case_book(_about(cases, book.areas), title=book.title)
    )
    row = library.add_publication(session, draft, first, desk, slug=book.slug)
    second = _upload(
        book.slug, exports.case_book(cases, title=book.title), note=book.note
    )
    library.add_version(session, row.id, second, desk)
    other = library_queries.get_citation(session, rules.ALSO_READ)
    names = [f"publication-{row.id}", f"citation-{other.id}"]
    events.tie_resources(session, rules.READ_WITH, names)


def _about(cases: Sequence[CaseStudy], areas: Collection[str]) -> list[CaseStudy]:
    """Return the cases whose main service is one of these."""
    return [case for case in cases if case.areas[0].area in areas]


def _upload(name: str, text: str, *, note: str = "") -> Upload:
    return Upload(file=BytesIO(text.encode()), name=f"{name}.txt", note=note)
