"""Words that staff wrote as the two sides of a mail, for many readers.

The Markdown is read once: what is kept are pieces with places between them, so that
a mail costs no more than joining them. What enters the places is escaped for its
side; it can be no Markdown, since nothing reads it as such any more.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from csd_events.core.letters import html_side, text_side
from csd_events.core.placeholders import (
    ALONE,
    UnfilledError,
    fill_markdown,
    is_link,
    names_in,
)
from csd_events.core.text import one_line


@dataclass(frozen=True, slots=True)
class Block:
    """A part of ours, written for both sides; empty where it has nothing to say."""

    text: str
    html: Markup


#: What stands for a name: words, an address, or a part that is written when asked for.
Value = str | Callable[[], Block]

#: Nobody can write these: drawn when the process starts.
_MARK = f"p{secrets.token_hex(8)}n"
_PLACE = re.compile(
    rf"<p>{_MARK}(\d+)z</p>|https://{_MARK}(\d+)z\.invalid/|{_MARK}(\d+)z"
)
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Filled:
    """The two sides of one reader's mail, as far as they are words of staff."""

    text: str
    html: Markup


def sides(words: str, values: Mapping[str, Value]) -> Filled:
    """Write both sides of Markdown with places to fill.

    Where a block, or anything that stands alone on its line, has nothing to say,
    nothing is left of it. A paragraph or an item of a list whose link leads nowhere
    for this reader is left out too: it would ask for what cannot be done.

    Args:
        words: Markdown; see ``core.placeholders``.
        values: By name. Names that end with ``link`` are addresses; a value that is
            called gives a `Block`, only where its name occurs.

    Raises:
        UnfilledError: A name has no value, or a brace is open.
    """
    given: dict[str, str | Block] = {}
    for name in names_in(words):
        if name not in values:
            message = f"nothing stands for {{{name}}}"
            raise UnfilledError(message)
        value = values[name]
        given[name] = one_line(value) if isinstance(value, str) else value()
    empty = frozenset(n for n, v in given.items() if not _says(v))
    return Sides.of(words, empty).filled(given)


def _says(value: str | Block) -> str:
    return value if isinstance(value, str) else value.text


class _Place(NamedTuple):
    """Where the value of a name enters; alone: as all there is of a paragraph."""

    name: str
    alone: bool


_Pieces = tuple[str | _Place, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Words read once: what stands there, with places between."""

    text: _Pieces
    html: _Pieces

    @staticmethod
    @lru_cache(maxsize=256)
    def of(words: str, empty: frozenset[str]) -> "Sides":
        """Read words.

        Args:
            words: As staff wrote them.
            empty: The names that have nothing to say.
        """
        left = _without(words, empty)
        names = names_in(left)
        marks = {
            name: f"https://{_MARK}{n}z.invalid/" if is_link(name) else f"{_MARK}{n}z"
            for n, name in enumerate(names)
        }
        markdown = fill_markdown(left, marks)
        return Sides(
            text=_pieces(text_side(markdown), names),
            html=_pieces(html_side(markdown), names),
        )

    def filled(self, values: Mapping[str, str | Block]) -> Filled:
        """Put values into the places; each name must have one."""
        text = [
            piece if isinstance(piece, str) else _says(values[piece.name])
            for piece in self.text
        ]
        html = [
            piece if isinstance(piece, str) else _shown(values[piece.name], piece)
            for piece in self.html
        ]
        return Filled("".join(text), Markup("".join(html)))  # noqa: S704 - escaped


def _shown(value: str | Block, place: _Place) -> Markup:
    if isinstance(value, Block):
        return value.html
    return Markup("<p>{}</p>").format(value) if place.alone else escape(value)


def _pieces(side: str, names: list[str]) -> _Pieces:
    found: list[str | _Place] = []
    end = 0
    for match in _PLACE.finditer(side):
        alone, link, inside = match.groups()
        name = names[int(alone or link or inside)]
        found += [side[end : match.start()], _Place(name, alone=alone is not None)]
        end = match.end()
    return (*found, side[end:])


def _without(words: str, empty: frozenset[str]) -> str:
    """Leave out what has nothing to say; what stands alone is a paragraph by itself."""
    apart = ALONE.sub(r"\n\1\n", words.replace("\r\n", "\n"))
    kept = []
    for paragraph in re.split(r"\n[ \t]*\n", apart):
        items = _items(paragraph)
        left = [item for item in items if not _is_dropped(item, empty)]
        if left:
            kept.append("\n".join(left))
    return "\n\n".join(kept)


def _items(paragraph: str) -> list[str]:
    """Take a paragraph apart where items of a list begin."""
    starts = [match.start() for match in _ITEM.finditer(paragraph)]
    bounds = [0, *(start for start in starts if start), len(paragraph)]
    pairs = pairwise(bounds)
    return [paragraph[start:end].rstrip("\n") for start, end in pairs]


def _is_dropped(item: str, empty: frozenset[str]) -> bool:
    names = names_in(item)
    if any(is_link(name) and name in empty for name in names):
        return True
    return len(names) == 1 and names[0] in empty and item.strip() == f"{{{names[0]}}}"
