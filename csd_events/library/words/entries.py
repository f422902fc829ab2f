"""The bibliography as people read it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.library.models import (
    Citation,
)
from csd_events.library.queries import line_of
from csd_events.library.rules import CaseLine
from csd_events.library.rules.citing import (
    UNDATED,
    CitationFilters,
    Verification,
    citation,
)
from csd_events.library.rules.references import Suffix
from csd_events.topics.catalogue import READING_TOPICS

VERIFICATION_WORDS = {
    Verification.PAGE: lazy_gettext("Verified on the page read"),
    Verification.TITLE: lazy_gettext("Title verified; some details from memory"),
}
#: What references come as, for a reader and for their programs.
SUFFIX_WORDS = {
    Suffix.TEXT: lazy_gettext("Text"),
    Suffix.BIBTEX: "BibTeX",
    Suffix.RIS: "RIS",
    Suffix.CSL: "CSL-JSON",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry of the bibliography.

    Attributes:
        host: Where its address leads to.
        cases: Only on its own page.
    """

    key: str
    title: str
    by_words: str
    publication: str
    citation: str
    is_verified: bool
    verification_words: str
    topic_names: tuple[str, ...]
    note: str
    address: str | None
    host: str
    cases: tuple[CaseLine, ...] = field(default=())


def entry_line(row: Citation, *, with_cases: bool = False) -> EntryLine:
    """Show an entry; its cases only where they were loaded with it."""
    return EntryLine(
        key=row.key,
        title=row.title,
        by_words=_by_words(row),
        publication=row.publication,
        citation=citation(row.work),
        is_verified=row.verification is Verification.PAGE,
        verification_words=str(VERIFICATION_WORDS[row.verification]),
        topic_names=tuple(READING_TOPICS.get(each, each) for each in row.topic_ids),
        note=row.note,
        address=row.address,
        host=(urlsplit(row.address or "").hostname or "").removeprefix("www."),
        cases=_cases(row) if with_cases else (),
    )


def decade_words(decade: int) -> str:
    return str(_("No date")) if decade == UNDATED else f"{decade}s"


def narrowed_words(filters: CitationFilters) -> str:
    """Say in one line what the bibliography is narrowed to; empty if to nothing."""
    names = [
        READING_TOPICS.get(filters.topic or "", ""),
        decade_words(filters.decade) if filters.decade is not None else "",
        str(VERIFICATION_WORDS[filters.verification]) if filters.verification else "",
        filters.words,
    ]
    return ", ".join(name for name in names if name)


def _cases(row: Citation) -> tuple[CaseLine, ...]:
    cases = [each.case for each in row.cases]
    return tuple(line_of(case) for case in cases if case.retired_at is None)


def _by_words(row: Citation) -> str:
    """Say whose a work is, and from when: ``Andrew, S. A. · 2009``."""
    year = str(row.year) if row.year else str(_("no date"))
    return " · ".join(filter(None, [row.authors, year]))
