"""A reference as reference managers read it: BibTeX, RIS and CSL-JSON."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from csd_events.core.text import one_line
from csd_events.library.rules.citing import Author, Journal


class Suffix(StrEnum):
    """What a reference is handed out as, by the ending of its file."""

    TEXT = "txt"
    BIBTEX = "bib"
    RIS = "ris"
    CSL = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A work as it is cited.

    Attributes:
        words: As a reader cites it, in one line.
        publisher: Of what stands in no journal.
        read_on: When it was read, of a page that may change.
    """

    key: str
    words: str
    authors: tuple[Author, ...]
    title: str
    year: int | None = None
    journal: Journal | None = None
    publisher: str | None = None
    doi: str | None = None
    url: str | None = None
    note: str = ""
    read_on: date | None = None


#: LaTeX's commands for marks above and below letters.
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=",
    "\u0306": "u ", "\u0307": ".", "\u0308": '"', "\u030a": "r ", "\u030b": "H ",
    "\u030c": "v ", "\u0323": "d ", "\u0327": "c ", "\u0328": "k ",
}  # fmt: skip
_SIGNS = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "ß": r"{\ss}", "ø": r"{\o}", "Ø": r"{\O}", "æ": r"{\ae}", "Æ": r"{\AE}",
    "œ": r"{\oe}", "Œ": r"{\OE}", "ł": r"{\l}", "Ł": r"{\L}", "\u00a0": "~",
    "\N{EN DASH}": "--", "\N{EM DASH}": "---",
    "\N{LEFT SINGLE QUOTATION MARK}": "`", "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``", "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
}  # fmt: skip
#: The dots of these make way for a mark above them.
_DOTLESS = {"i": r"\i", "j": r"\j"}
_BELOW = frozenset({"\u0323", "\u0327", "\u0328"})
#: What an address of the web may not hold inside the braces of a field.
_UNQUOTED = {"{": "%7B", "}": "%7D", "\\": "%5C"}
_UNLIKE_A_KEY = re.compile(r"[^a-z0-9-]")


def bibtex(reference: Reference) -> str:
    """Write an entry of BibTeX, in ASCII as far as LaTeX has a command for it."""
    journal = reference.journal
    fields = {
        "author": " and ".join(map(_bibtex_name, reference.authors)),
        "title": f"{{{_latex(reference.title)}}}",  # whose capitals stay
        "year": str(reference.year or ""),
        "journal": _latex(journal.title) if journal else "",
        "volume": journal.volume if journal else "",
        "number": journal.issue if journal else "",
        "pages": (journal.page or "").replace("-", "--") if journal else "",
        "howpublished": _latex(reference.publisher or ""),
        "doi": _address(reference.doi or ""),
        "url": _address(reference.url or ""),
        "urldate": reference.read_on.isoformat() if reference.read_on else "",
        "note": _latex(reference.note),
    }
    kind = "article" if journal else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    key = _UNLIKE_A_KEY.sub("", reference.key)
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def ris(reference: Reference) -> str:
    """Write a record of RIS: a tag a line, none of them broken."""
    return "".join(
        f"{tag}  - {one_line(value)}\r\n" for tag, value in [*_tags(reference)]
    )


def csl(reference: Reference) -> dict[str, Any]:
    """Write an item of CSL-JSON."""
    journal, read_on = reference.journal, reference.read_on
    item: dict[str, Any] = {
        "id": reference.key,
        "type": "article-journal" if journal else "document",
        "title": reference.title,
        "author": [_csl_name(author) for author in reference.authors],
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        "container-title": journal.title if journal else None,
        "volume": journal.volume if journal else None,
        "issue": journal.issue if journal else None,
        "page": journal.page if journal else None,
        "publisher": reference.publisher,
        "DOI": reference.doi,
        "URL": reference.url,
        "accessed": {"date-parts": [_parts(read_on)]} if read_on else None,
        "note": reference.note,
    }
    return {name: value for name, value in item.items() if value}


def _tags(reference: Reference) -> Iterator[tuple[str, str]]:
    journal = reference.journal
    first, _, last = (journal.page or "").partition("-") if journal else ("", "", "")
    read_on = reference.read_on
    tags: Iterable[tuple[str, str | None]] = [
        ("TY", "JOUR" if journal else "GEN"),
        ("ID", reference.key),
        *(("AU", _ris_name(author)) for author in reference.authors),
        ("TI", reference.title),
        ("PY", str(reference.year or "")),
        ("T2", journal.title if journal else None),
        ("VL", journal.volume if journal else None),
        ("IS", journal.issue if journal else None),
        ("SP", first),
        ("EP", last),
        ("PB", reference.publisher),
        ("DO", reference.doi),
        ("UR", reference.url),
        ("Y2", f"{read_on:%Y/%m/%d}" if read_on else None),
        ("N1", reference.note),
    ]
    yield from ((tag, value) for tag, value in tags if value)
    yield "ER", ""


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _bibtex_name(author: Author) -> str:
    """Write a person by both names, and a body in braces: nothing of it is a name."""
    if not author.given:
        return f"{{{_latex(author.family)}}}"
    return f"{_latex(author.family)}, {_latex(author.given)}"


def _ris_name(author: Author) -> str:
    return f"{author.family}, {author.given}" if author.given else author.family


def _csl_name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}


def _latex(words: str) -> str:
    composed = unicodedata.normalize("NFC", one_line(words))
    return "".join(map(_latex_letter, composed))


def _latex_letter(letter: str) -> str:
    if letter.isascii() and letter.isalnum():
        return letter
    if letter in _SIGNS:
        return _SIGNS[letter]
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[:1], parts[1:]
    if not base.isascii() or marks not in _ACCENTS:
        return letter
    letter = base if marks in _BELOW else _DOTLESS.get(base, base)
    return f"{{\\{_ACCENTS[marks]}{letter}}}"


def _address(address: str) -> str:
    return "".join(_UNQUOTED.get(letter, letter) for letter in address)
