"""What the lines of a file of people say: read, or refused with every reason."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from csd_events.core.text import fold, one_line
from csd_events.events.rules import Answer, Question, QuestionKind, read_number
from csd_events.imports.rules import (
    FORMULA_ERRORS,
    Flaws,
    UnsoundLineError,
    is_unreadable,
)

#: Lines that are compared in one unit of work; registrations that are made in one.
COMPARED_AT_ONCE, MADE_AT_ONCE = 250, 25
LONGEST_NAME, LONGEST_ANSWER, LONGEST_ABOUT = 200, 5_000, 20_000
_QUESTION = "question-"


class ImportKind(StrEnum):
    """What a file is of."""

    REGISTRATIONS = "registrations"
    PRESENTERS = "presenters"


class FileColumn(StrEnum):
    """What a column of such a file may hold, beside answers."""

    FULL_NAME = "full_name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    ORGANIZATION = "organization"
    US_STATE = "us_state"
    STANDING = "standing"
    OFFER = "offer"
    TITLE = "title"
    ABOUT = "about"
    TELEPHONE = "telephone"


class LineFlaw(StrEnum):
    """Why a line is left out."""

    NO_NAME = "no_name"
    NO_EMAIL = "no_email"
    EMAIL = "email"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    FORMULA = "formula"
    US_STATE = "us_state"
    STANDING = "standing"
    CANCELLED = "cancelled"
    OFFER = "offer"
    ANSWER = "answer"
    TWICE = "twice"
    BEYOND = "beyond"
    OVER = "over"  # the event, when it was to be written


#: Which of them a file of each kind may have.
COLUMNS: Mapping[ImportKind, tuple[FileColumn, ...]] = {
    ImportKind.REGISTRATIONS: (
        FileColumn.FULL_NAME, FileColumn.FIRST_NAME, FileColumn.LAST_NAME,
        FileColumn.EMAIL, FileColumn.ORGANIZATION, FileColumn.US_STATE,
        FileColumn.STANDING, FileColumn.OFFER,
    ),
    ImportKind.PRESENTERS: (
        FileColumn.FULL_NAME, FileColumn.FIRST_NAME, FileColumn.LAST_NAME,
        FileColumn.TITLE, FileColumn.ORGANIZATION, FileColumn.ABOUT,
        FileColumn.EMAIL, FileColumn.TELEPHONE,
    ),
}  # fmt: skip
#: Headings by which we know a column, folded, without signs; what our own pages call it
#: is among them.
SPELLINGS: Mapping[FileColumn, Sequence[str]] = {
    FileColumn.FULL_NAME: ("full name", "name", "person", "attendee", "presenter"),
    FileColumn.FIRST_NAME: (
        "first name", "given name", "forename",
        "first name where the full name is not given",
    ),
    FileColumn.LAST_NAME: (
        "last name", "surname", "family name",
        "last name where the full name is not given",
    ),
    FileColumn.EMAIL: ("email", "e mail", "email address", "mail", "address"),
    FileColumn.ORGANIZATION: (
        "organization", "organisation", "municipality or organization", "company",
        "jurisdiction", "agency", "municipality", "employer", "affiliation",
    ),
    FileColumn.US_STATE: ("u s state", "us state", "state", "st"),
    FileColumn.STANDING: (
        "state of the registration", "confirmed or waiting", "standing", "status",
    ),
    FileColumn.OFFER: ("offer", "ticket", "ticket type", "price category"),
    FileColumn.TITLE: ("title", "job title", "position", "role"),
    FileColumn.ABOUT: ("biography", "bio", "about", "description"),
    FileColumn.TELEPHONE: ("telephone", "phone", "telephone number", "mobile", "cell"),
}  # fmt: skip
_CONFIRMED = {"", "confirmed", "registered", "yes", "attending"}
_WAITING = {"waiting", "waitlist", "waitlisted", "waiting list"}
_CANCELLED = {"cancelled", "canceled"}
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0"}


class FlawError(UnsoundLineError):
    """A line that is left out, and what of it is wrong."""

    def __init__(self, flaw: LineFlaw, value: str = "", *, line: int | None = None):
        super().__init__(flaw.value)
        self.facts = {"flaw": flaw.value, "value": value[:200]}
        if line is not None:
            self.facts["line"] = line


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """What one line says."""

    full_name: str
    email: str = ""
    organization: str = ""
    us_state: str = ""
    waits: bool = False
    offer: str = ""
    title: str = ""
    about: str = ""
    telephone: str = ""
    answers: Mapping[int, Answer] = field(default_factory=dict)


def guess_file_columns(
    headings: Sequence[str], kind: ImportKind, questions: Sequence[Question] = ()
) -> dict[str, int]:
    """Say which column of a file holds what, as far as the headings tell."""
    known = [heading_key(each) for each in headings]
    wanted: dict[str, Sequence[str]] = {c.value: SPELLINGS[c] for c in COLUMNS[kind]}
    wanted |= {f"{_QUESTION}{q.id}": (heading_key(q.label),) for q in questions}
    found: dict[str, int] = {}
    for name, spellings in wanted.items():
        for spelling in spellings:
            if spelling in known and known.index(spelling) not in found.values():
                found[name] = known.index(spelling)
                break
    return found


def heading_key(heading: str) -> str:
    """Fold a heading to what it is known by."""
    return re.sub(r"[^a-z0-9]+", " ", fold(heading)).strip()


def read_file_line(
    cells: Sequence[str],
    columns: Mapping[str, int],
    questions: Sequence[Question],
    flaws: Flaws,
) -> FileLine | None:
    """Read what a line says; None where a part of it cannot be read.

    Args:
        columns: By what they hold, their places.
        flaws: Gets all that is wrong with it.
    """
    unreadable: list[FlawError] = []

    def said(name: str) -> str:
        place = columns.get(name, len(cells))
        cell = cells[place] if place < len(cells) else ""
        flaw = _unreadable(cell)
        if flaw is not None:
            unreadable.append(flaw)
        return "" if flaw else cell

    def answer(question: Question) -> Answer | None:
        return read_answer(question, said(f"{_QUESTION}{question.id}"))

    line = FileLine(
        full_name=_full_name(said),
        email=said(FileColumn.EMAIL).strip(),
        organization=one_line(said(FileColumn.ORGANIZATION)),
        us_state=one_line(said(FileColumn.US_STATE)),
        waits=flaws.read(lambda: _waits(said(FileColumn.STANDING)), otherwise=False),
        offer=one_line(said(FileColumn.OFFER)),
        title=one_line(said(FileColumn.TITLE)),
        about=said(FileColumn.ABOUT).strip(),
        telephone=one_line(said(FileColumn.TELEPHONE)),
        answers={
            each.id: given
            for each in questions
            if (given := flaws.read(partial(answer, each), None)) is not None
        },
    )
    short = line.full_name, line.organization, line.title, line.telephone
    too_long = [words for words in short if len(words) > LONGEST_NAME]
    if len(line.about) > LONGEST_ABOUT:
        too_long.append(line.about)
    for flaw in unreadable + [FlawError(LineFlaw.TOO_LONG, each) for each in too_long]:
        flaws.add(flaw)
    if unreadable:
        return None
    if not line.full_name:
        flaws.add(FlawError(LineFlaw.NO_NAME))
    return line


def _full_name(said: Callable[[str], str]) -> str:
    whole = one_line(said(FileColumn.FULL_NAME))
    names = FileColumn.FIRST_NAME, FileColumn.LAST_NAME
    return whole or one_line(" ".join(said(each) for each in names))


def _unreadable(cell: str) -> FlawError | None:
    """Say why a cell holds what nobody has typed, if it does."""
    if is_unreadable(cell, allow="\t\n\r"):
        return FlawError(LineFlaw.UNREADABLE)
    if cell in FORMULA_ERRORS:
        return FlawError(LineFlaw.FORMULA, cell)
    return None


def read_answer(question: Question, cell: str) -> Answer | None:
    """Read what a cell answers; None for nothing.

    Raises:
        FlawError: The question does not take that.
    """
    cell = cell.strip()
    if not cell:
        return None
    if len(cell) > LONGEST_ANSWER:
        raise FlawError(LineFlaw.TOO_LONG, cell)
    if question.kind is QuestionKind.CONSENT and fold(cell) in _NO:
        return None
    answer = _READERS[question.kind](question, cell)
    if answer is None:
        raise FlawError(LineFlaw.ANSWER, f"{question.label}: {cell}")
    return answer


def _several(question: Question, cell: str) -> list[str] | None:
    chosen = [_choice(question, each) for each in cell.split(";") if each.strip()]
    found = [each for each in chosen if each is not None]
    return found if found and len(found) == len(chosen) else None


def _yes_or_no(_question: Question, cell: str) -> bool | None:
    if fold(cell) in _YES:
        return True
    return False if fold(cell) in _NO else None


def _choice(question: Question, cell: str) -> str | None:
    wanted = fold(one_line(cell))
    return next((each for each in question.choices if fold(each) == wanted), None)


def _waits(standing: str) -> bool:
    key = heading_key(standing)
    if key in _CANCELLED:
        raise FlawError(LineFlaw.CANCELLED, standing)
    if key not in _CONFIRMED | _WAITING:
        raise FlawError(LineFlaw.STANDING, standing)
    return key in _WAITING


_READERS: Mapping[QuestionKind, Callable[[Question, str], Answer | None]] = {
    QuestionKind.SHORT: lambda _question, cell: one_line(cell),
    QuestionKind.LONG: lambda _question, cell: cell,
    QuestionKind.NUMBER: lambda _question, cell: read_number(cell),
    QuestionKind.ONE: _choice,
    QuestionKind.SEVERAL: _several,
    QuestionKind.YES_NO: _yes_or_no,
    QuestionKind.CONSENT: _yes_or_no,
}
