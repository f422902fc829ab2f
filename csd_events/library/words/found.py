"""What a search of the library found, as people read it."""

from dataclasses import dataclass

from csd_events.core.search import asked_words
from csd_events.core.words import lazy_gettext
from csd_events.library.models import LibraryEntry
from csd_events.library.rules.searching import EntryKind, Piece, excerpt, marked

FOUND_WORDS = {
    EntryKind.CASE_STUDY: lazy_gettext("Case study"),
    EntryKind.PUBLICATION: lazy_gettext("Publication"),
    EntryKind.CITATION: lazy_gettext("Work of others"),
    EntryKind.STATEMENT: lazy_gettext("What the research says"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """Something that was found, with the words somebody looked for marked.

    Attributes:
        outcome: How a case study stood; empty for anything else.
    """

    url: str
    kind_words: str
    byline: tuple[Piece, ...]
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    outcome: str


def found_line(row: LibraryEntry, question: str, *, url: str) -> FoundLine:
    words = asked_words(question)
    return FoundLine(
        url=url,
        kind_words=str(FOUND_WORDS[row.kind]),
        byline=marked(row.byline, words),
        title=marked(row.title, words),
        excerpt=excerpt(row.body, words),
        outcome=row.outcome or "",
    )
