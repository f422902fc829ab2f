"""One line of a file of organizations, as it is understood."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from csd_events.core.text import fold, one_line
from csd_events.imports.rules import (
    FORMULA_ERRORS,
    Flaws,
    UnsoundLineError,
    is_unreadable,
)
from csd_events.organizations.rules.columns import Column
from csd_events.organizations.rules.naming import (
    NAME_LENGTH,
    read_kind,
    read_population,
    read_state,
)

_DAYS = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:[T ].*)?"),
    re.compile(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})"),
)
T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 1900, 2199
_OF_A_PLACE = {Column.POSITION, Column.FROM, Column.UNTIL, Column.CONTACT}
_OF_AN_ORGANIZATION = {Column.KIND, Column.STATE, Column.POPULATION, Column.PARENT}
_OF_A_MEMBERSHIP = {Column.MEMBER_FROM, Column.MEMBER_UNTIL, Column.MEMBERSHIP_TYPE}
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"no", "n", "false", "0"}


class Problem(StrEnum):
    """What keeps a line from being taken in."""

    NOTHING = "nothing"
    UNREADABLE = "unreadable"
    FORMULA = "formula"  # that found no value
    BEYOND = "beyond"  # the last heading
    TOO_LONG = "too_long"
    KIND = "kind"
    STATE = "state"
    POPULATION = "population"
    DAY = "day"
    YES_OR_NO = "yes_or_no"
    EMAIL = "email"
    NO_NAME = "no_name"  # of an organization that is new
    NO_FULL_NAME = "no_full_name"  # of a person who is new
    NO_EMAIL = "no_email"
    NO_ORGANIZATION = "no_organization"
    MEMBER_FROM_MISSING = "member_from_missing"
    MEMBER_UNTIL_MISSING = "member_until_missing"
    ENDS_FIRST = "ends_first"
    TYPE_UNKNOWN = "type_unknown"
    TYPE_NOT_FOR = "type_not_for"
    STATE_MISSING = "state_missing"  # two organizations have this name
    NUMBER_IS_OTHERS = "number_is_others"
    OTHER_NUMBER = "other_number"
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_IS_BELOW = "parent_is_below"
    SAYS_OTHERWISE = "says_otherwise"


class LineError(UnsoundLineError):
    """A line that is not taken in.

    Args:
        problem: Why.
        column: What it is about; None where it is the line as a whole.
        value: What stands there.
        line: An earlier line that says otherwise.
    """

    def __init__(
        self,
        problem: Problem,
        column: Column | None = None,
        value: str = "",
        *,
        line: int | None = None,
    ) -> None:
        super().__init__(problem.value)
        self.facts = {
            "problem": problem.value,
            "column": column.value if column else None,
            "value": value[:NAME_LENGTH],
            "line": line,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it was understood. What is None or empty is not said."""

    name: str = ""
    number: str = ""
    kind: str | None = None
    state: str | None = None
    population: str | None = None
    parent: str = ""
    membership_type: str = ""
    member_from: date | None = None
    member_until: date | None = None
    full_name: str = ""
    email: str = ""
    position: str = ""
    since: date | None = None
    until: date | None = None
    contact: bool | None = None

    @property
    def has_organization(self) -> bool:
        return bool(self.name or self.number)

    @property
    def has_membership(self) -> bool:
        return bool(self.member_from or self.member_until or self.membership_type)


def read_line(
    cells: Sequence[str], columns: Mapping[int, Column], flaws: Flaws
) -> Line | None:
    """Understand the cells of one line; None where a part of it cannot be read.

    Args:
        flaws: Gets all that the line alone shows to be wrong.
    """
    said = {
        column: one_line(cells[position])
        for position, column in columns.items()
        if position < len(cells)
    }
    unreadable = [flaw for each in said.items() if (flaw := _unreadable(*each))]
    for flaw in unreadable:
        flaws.add(flaw)
    if unreadable:
        return None
    if not any(said.values()):
        flaws.add(LineError(Problem.NOTHING))
    known = partial(_known, said, flaws)
    line = Line(
        name=said.get(Column.NAME, ""),
        number=said.get(Column.NUMBER, ""),
        kind=known(Column.KIND, read_kind, Problem.KIND),
        state=known(Column.STATE, read_state, Problem.STATE),
        population=known(Column.POPULATION, read_population, Problem.POPULATION),
        parent=said.get(Column.PARENT, ""),
        membership_type=said.get(Column.MEMBERSHIP_TYPE, ""),
        member_from=known(Column.MEMBER_FROM, read_day, Problem.DAY),
        member_until=known(Column.MEMBER_UNTIL, read_day, Problem.DAY),
        full_name=said.get(Column.FULL_NAME, ""),
        email=said.get(Column.EMAIL, ""),
        position=said.get(Column.POSITION, ""),
        since=known(Column.FROM, read_day, Problem.DAY),
        until=known(Column.UNTIL, read_day, Problem.DAY),
        contact=known(Column.CONTACT, _yes_or_no, Problem.YES_OR_NO),
    )
    for column, value in said.items():
        if len(value) > NAME_LENGTH:
            flaws.add(LineError(Problem.TOO_LONG, column))
    for problem, column in _missing({each for each in said if said[each]}):
        flaws.add(LineError(problem, column))
    _find_what_ends_first(line, flaws)
    return line


def read_day(written: str) -> date | None:
    """Read ``2026-10-31`` or ``10/31/2026``; None for anything else."""
    for pattern in _DAYS:
        found = pattern.fullmatch(written)
        if found and FIRST_YEAR <= int(found["y"]) <= LAST_YEAR:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def _unreadable(column: Column, value: str) -> LineError | None:
    """Say why a cell holds what nobody has typed, if it does."""
    if is_unreadable(value):
        return LineError(Problem.UNREADABLE, column)
    if value in FORMULA_ERRORS:
        return LineError(Problem.FORMULA, column, value)
    return None


def _known(
    said: Mapping[Column, str],
    flaws: Flaws,
    column: Column,
    read: Callable[[str], T | None],
    problem: Problem,
) -> T | None:
    value = said.get(column, "")
    found = read(value) if value else None
    if value and found is None:
        flaws.add(LineError(problem, column, value))
    return found


def _yes_or_no(value: str) -> bool | None:
    return fold(value) in _YES if fold(value) in _YES | _NO else None


def _missing(said: Set[Column]) -> Iterator[tuple[Problem, Column]]:
    """Find what is not said, and has to be because of what is."""
    of_a_person = _OF_A_PLACE | {Column.FULL_NAME}
    if said & of_a_person and Column.EMAIL not in said:
        yield Problem.NO_EMAIL, Column.EMAIL
    of_a_member = said & _OF_A_MEMBERSHIP and Column.EMAIL not in said
    if not said & {Column.NAME, Column.NUMBER} and (
        of_a_member or said & (_OF_A_PLACE | _OF_AN_ORGANIZATION)
    ):
        yield Problem.NO_ORGANIZATION, Column.NAME
    if said & _OF_A_MEMBERSHIP and Column.MEMBER_FROM not in said:
        yield Problem.MEMBER_FROM_MISSING, Column.MEMBER_FROM


def _find_what_ends_first(line: Line, flaws: Flaws) -> None:
    for first, last, column in (
        (line.member_from, line.member_until, Column.MEMBER_UNTIL),
        (line.since, line.until, Column.UNTIL),
    ):
        if first and last and last < first:
            flaws.add(LineError(Problem.ENDS_FIRST, column, last.isoformat()))
