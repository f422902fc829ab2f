"""Markdown as the two sides of a mail: HTML, and text that reads as if typed."""

from collections.abc import Iterator, Sequence

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from csd_events.core.text import MARKDOWN, TAGS

#: Words that end with one of these need no colon before the address they lead to.
_ENDS = ".!?:"
_BULLET = "- "


def html_side(markdown: str) -> Markup:
    """Turn Markdown into safe HTML whose first heading is the mail's own."""
    html = nh3.clean(
        MARKDOWN.render(markdown),
        tags=TAGS | {"h1"},
        url_schemes={"https", "mailto"},
        link_rel=None,
    )
    return Markup(html)  # noqa: S704 - cleaned above


def text_side(markdown: str) -> str:
    """Write Markdown as one would type it into a mail without any.

    Links become ``words: address``, lists keep their bullets and numbers, and what
    is only made to look different loses its marks.
    """
    lines = _Lines()
    for token in MARKDOWN.parse(markdown):
        lines.take(token)
    return "\n".join(lines.written).strip("\n")


class _Lines:
    """The lines of a text side, written token by token."""

    def __init__(self) -> None:
        self.written: list[str] = []
        #: What stands before the lines of the lists and quotations one is in.
        self._margins: list[str] = []
        self._counters: list[int | None] = []
        self._bullet = ""
        self._row: list[str] | None = None

    def take(self, token: Token) -> None:
        """Write what a token brings, if it brings anything."""
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            first = token.attrs.get("start", 1)
            self._counters.append(int(first) if token.tag == "ol" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._counters.pop()
            self._gap()
        elif token.type == "list_item_open":
            self._open_item()
        elif token.type in {"list_item_close", "blockquote_close"}:
            self._margins.pop()
        elif token.type == "blockquote_open":
            self._margins.append("> ")
        else:
            self._take_words(token)

    def _take_words(self, token: Token) -> None:
        if token.type in {"code_block", "fence", "hr"}:
            self._add("* * *" if token.tag == "hr" else token.content.rstrip("\n"))
            self._gap()
        elif token.type == "inline":
            self._add_words("".join(_pieces(token.children or ())))
        elif token.type in {"paragraph_close", "heading_close", "table_close"}:
            if not token.hidden:  # as in a list without empty lines
                self._gap()
        elif token.type == "tr_open":
            self._row = []
        elif token.type == "tr_close":
            row, self._row = self._row or [], None
            self._add(" | ".join(row))

    def _open_item(self) -> None:
        number = self._counters[-1]
        self._bullet = _BULLET if number is None else f"{number}. "
        if number is not None:
            self._counters[-1] = number + 1
        self._margins.append(" " * len(self._bullet))

    def _add_words(self, words: str) -> None:
        if self._row is None:
            self._add(words)
        else:
            self._row.append(words)

    def _add(self, words: str) -> None:
        margin = "".join(self._margins)
        for line in words.split("\n"):
            begin = margin
            if self._bullet:
                begin, self._bullet = margin[: -len(self._bullet)] + self._bullet, ""
            self.written.append(f"{begin}{line}".rstrip())

    def _gap(self) -> None:
        """Leave one empty line, as far as there is something above it."""
        if self.written and self.written[-1]:
            self.written.append("")


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    """Write a paragraph; the address of a link follows its words."""
    address, words = "", ""
    for token in tokens:
        piece = token.content
        if token.type in {"softbreak", "hardbreak"}:
            piece = "\n"
        elif token.type == "link_open":
            address, words = str(token.attrs["href"]), ""
            continue
        elif token.type == "link_close":
            piece, address = _link(words, address), ""
        if address:
            words += piece
        else:
            yield piece


def _link(words: str, address: str) -> str:
    address = address.removeprefix("mailto:")
    if not words or words == address:
        return address
    return f"{words} {address}" if words[-1] in _ENDS else f"{words}: {address}"
