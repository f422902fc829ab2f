"""What can be found in the library, and how what was found is shown."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from csd_events.core.text import fold


class EntryKind(StrEnum):
    """What something to find is."""

    CASE_STUDY = "case_study"
    PUBLICATION = "publication"
    CITATION = "citation"
    STATEMENT = "statement"  # of the research summary
    RECORDING = "recording"  # of an event, by its slug


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """Everything a search looks at and shows of one thing.

    Attributes:
        shown: Whether everybody may find it.
        also: What it is found by and not shown with.
    """

    kind: EntryKind
    key: str
    title: str
    byline: str
    body: str
    also: str = ""
    shown: bool = True
    areas: tuple[str, ...] = ()
    form: str | None = None
    state: str | None = None
    size: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilters:
    """What is looked for in the library. None does not narrow."""

    words: str = ""
    kind: EntryKind | None = None
    area: str | None = None
    form: str | None = None
    state: str | None = None
    size: str | None = None
    outcome: str | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked for at all."""
        return self != SearchFilters()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is what somebody looked for."""

    words: str
    is_hit: bool = False


#: How much of a text is shown around the first hit, in characters.
BEFORE, SHOWN = 80, 280
_TOKEN = re.compile("[^\\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\\W_]+)*")
_MARK = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")
#: The engines find by stems of their own; to mark a hit, a rough one is enough.
_ENDING = re.compile(
    r"(?<=\w{3})(?:ations?|ating|ated|ates?|ings?|ments?|ied|ies|ed|es|ers?|s|e|y|i)$"
)
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def marked(text: str, words: Collection[str]) -> tuple[Piece, ...]:
    """Cut a text where it holds one of these words, in whatever number or case."""
    text = unicodedata.normalize("NFC", text)
    roots = {_root(word) for word in words}
    pieces, end = [], 0
    for token in _TOKEN.finditer(text):
        if _root(_MARK.sub("", fold(token[0]))) not in roots:
            continue
        if token.start() > end:
            pieces.append(Piece(text[end : token.start()]))
        pieces.append(Piece(token[0], is_hit=True))
        end = token.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return tuple(pieces)


def excerpt(text: str, words: Collection[str]) -> tuple[Piece, ...]:
    """Cut out what stands around the first of these words, or else the beginning."""
    text = unicodedata.normalize("NFC", text)
    first, start = marked(text, words)[:2], 0
    if first and not first[0].is_hit and len(first) > 1:
        start = max(len(first[0].words) - BEFORE, 0)
    start = text.find(" ", start) + 1 if start else 0
    end = start + SHOWN
    if end < len(text):
        between_words = text.rfind(" ", start, end)
        end = between_words if between_words > start else end
    before = _ELLIPSIS + " " if start else ""
    after = " " + _ELLIPSIS if end < len(text) else ""
    return marked(f"{before}{text[start:end]}{after}", words)


def _root(word: str) -> str:
    return _ENDING.sub("", word)
