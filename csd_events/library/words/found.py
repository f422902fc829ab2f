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
    EntryKind.RECORDING: lazy_gettext("Recording"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveButton:
    """What saves a thing, or takes it away again.

    Attributes:
        url: Where it is saved.
        item_id: Of what somebody saved; None as long as they did not.
        here: The page to come back to.
    """

    url: str
    title: str
    item_id: int | None
    here: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """Something that was found, with the words somebody looked for marked.

    Attributes:
        outcome: How a case study stood; empty for anything else.
    """

    url: str
    kind_words: str
    save: SaveButton
    byline: tuple[Piece, ...]
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    outcome: str


def found_line(
    row: LibraryEntry, question: str, *, url: str, save: SaveButton
) -> FoundLine:
    words = asked_words(question)
    return FoundLine(
        url=url,
        save=save,
        kind_words=str(FOUND_WORDS[row.kind]),
        byline=marked(row.byline, words),
        title=marked(row.title, words),
        excerpt=excerpt(row.body, words),
        outcome=row.outcome or "",
    )
