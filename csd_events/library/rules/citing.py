"""Works that others published: how an entry of the bibliography is cited."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verification(StrEnum):
    """What of an entry was seen on a page, and what was not."""

    PAGE = "page"
    TITLE = "title"


#: As files write it, those that come in and those that go out.
WRITTEN = {
    Verification.PAGE: "verified on the page read",
    Verification.TITLE: "title verified; some details from own knowledge",
}


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or a body that has no given name."""

    family: str
    given: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is cited of a work.

    Attributes:
        authors: As a title page gives them: ``Bel, G., and Warner, M. E.``
        publication: Where it stands, or who brought it out.
    """

    authors: str
    year: int | None
    title: str
    publication: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Where in a journal an article stands."""

    title: str
    volume: str
    issue: str
    page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationFilters:
    """What the bibliography is narrowed to. None does not narrow.

    Attributes:
        decade: Its first year; `UNDATED` for works without a year.
    """

    topic: str | None = None
    decade: int | None = None
    verification: Verification | None = None
    words: str = ""


UNDATED = 0
#: A work of more authors than these is cited by its first.
MOST_NAMED = 3
_INITIALS = r"(?:[A-Z]\.[ -]?)+"
_PERSON = re.compile(
    rf"(?:with )?(?P<family>[^,()]+?), (?P<given>{_INITIALS})(?: ?\(eds?\.\))?"
)
_BETWEEN = re.compile(r",? and |, ")
_OTHERS = re.compile(r"(?:[a-z]+ )?other(?:s| contributors)")
_JOURNAL = re.compile(
    r"(?P<title>.+?) (?P<volume>[0-9]+)\((?P<issue>[0-9]+)\)"
    r"(?:, (?P<page>[0-9]+-[0-9]+))?(?:, .+)?"
)
_DOI = re.compile(r"\bdoi (10\.\S+)")


def citation(work: Work) -> str:
    """Cite a work: authors, year, title, publication.

    Without an author the title comes first; without a year it says so.
    """
    year = f"({work.year})." if work.year else "(no date)."
    title, publication = _sentence(work.title), _sentence(work.publication)
    if not work.authors:
        return f"{title} {year} {publication}"
    return f"{_named(work.authors)} {year} {title} {publication}"


def authors_of(words: str) -> tuple[Author, ...]:
    """Tell the authors apart; a body, or what is not understood, stays whole.

    Others who are not named are left out.
    """
    found: list[Author] = []
    rest = words.strip()
    while rest:
        person = _PERSON.match(rest)
        if person is not None:
            found.append(Author(person["family"], person["given"].strip()))
            rest = rest[person.end() :]
        elif found and _OTHERS.fullmatch(rest):
            rest = ""
        else:
            return (Author(words.strip()),)
        between = _BETWEEN.match(rest)
        rest = rest[between.end() :] if between else rest
    return tuple(found)


def journal_of(publication: str) -> Journal | None:
    """Read a journal with volume and issue out of a publication, if it is one."""
    found = _JOURNAL.fullmatch(publication)
    return Journal(**found.groupdict()) if found else None


def doi_of(publication: str) -> str | None:
    """Find the DOI that a publication names."""
    found = _DOI.search(publication)
    return found[1] if found else None


def decade_of(year: int | None) -> int:
    return UNDATED if year is None else year // 10 * 10


def decades_of(years: Iterable[int | None]) -> list[int]:
    """List the decades there are, the latest first; the undated come last."""
    return sorted({decade_of(year) for year in years}, reverse=True)


def _named(authors: str) -> str:
    people = authors_of(authors)
    if len(people) <= MOST_NAMED:
        return authors
    first = people[0]
    return f"{first.family}, {first.given}, and others"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."
