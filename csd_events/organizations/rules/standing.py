"""Who is a member on a day, and why. Pure: values in, a value out."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Through(StrEnum):
    """What makes somebody a member."""

    OWN = "own"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Term:
    """From a day to a day, both included.

    Attributes:
        first_on: The first day.
        last_on: The last day; None while it goes on.
    """

    first_on: date
    last_on: date | None = None

    def __post_init__(self) -> None:
        if self.last_on is not None and self.last_on < self.first_on:
            raise ValueError(f"{self.last_on} is before {self.first_on}")

    def covers(self, day: date) -> bool:
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """A membership that somebody might be a member by.

    Attributes:
        term: When it holds.
        organization: Whose it is; None for the person's own.
        affiliation: When the person belongs to that organization.
        membership_type: What the membership is called, where that is recorded.
    """

    term: Term
    organization: str | None = None
    affiliation: Term | None = None
    membership_type: str | None = None

    def holds_on(self, day: date) -> bool:
        return self.term.covers(day) and (
            self.organization is None
            or (self.affiliation is not None and self.affiliation.covers(day))
        )

    @property
    def first_on(self) -> date:
        """The first day on which this makes the person a member."""
        terms = (self.term, self.affiliation)
        return max(term.first_on for term in terms if term is not None)

    @property
    def last_on(self) -> date:
        """The last day on which this makes the person a member."""
        terms = (self.term, self.affiliation)
        ends = (term.last_on for term in terms if term is not None)
        return min((end for end in ends if end is not None), default=date.max)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody is a member on a day, and why.

    Attributes:
        through: What makes them one; None if they are none.
        organization: The organization's name where it is through one.
        last_on: The last day it holds, as things are recorded today.
        membership_type: What the membership is called, where that is recorded.
    """

    through: Through | None = None
    organization: str | None = None
    last_on: date | None = None
    membership_type: str | None = None

    @property
    def is_member(self) -> bool:
        return self.through is not None


NO_MEMBER = Standing()


def is_member(memberships: Iterable[MembershipFact], on: date) -> Standing:
    """Say whether these make somebody a member on a day, and by which.

    A membership of one's own is named before an organization's, one that holds
    longer before one that ends sooner.
    """
    holding = [fact for fact in memberships if fact.holds_on(on)]
    if not holding:
        return NO_MEMBER
    best = max(
        holding,
        key=lambda fact: (
            fact.organization is None,
            fact.last_on,
            fact.organization or "",
            fact.membership_type or "",
        ),
    )
    through = Through.OWN if best.organization is None else Through.ORGANIZATION
    return Standing(through, best.organization, best.last_on, best.membership_type)


def last_ended(
    memberships: Iterable[MembershipFact], on: date
) -> MembershipFact | None:
    """Return the membership that was the last to end before a day, if one did."""
    ended = (fact for fact in memberships if fact.first_on <= fact.last_on < on)
    return max(
        ended,
        key=lambda fact: (
            fact.last_on,
            fact.organization is None,
            fact.organization or "",
        ),
        default=None,
    )


def last_day(first_on: date, months: int) -> date:
    """Propose the last day of a term: a year from March 1 ends on the last of February.

    A term that begins on a day which the month after it has not ends with that month.
    """
    year, month = divmod(first_on.year * 12 + first_on.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if first_on.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, first_on.day) - timedelta(days=1)


def overlaps(one: Term, other: Term) -> bool:
    """Tell whether two terms share a day."""
    ends = one.last_on or date.max, other.last_on or date.max
    return one.first_on <= ends[1] and other.first_on <= ends[0]


def same_stay(known: Sequence[Term], given: Term | None) -> int | None:
    """Find which of the times somebody was at a place is meant; None for a new one.

    Args:
        known: The times on record.
        given: The one somebody writes about; None where they gave no first day, and
            mean the latest.
    """
    if given is None:
        return max(range(len(known)), key=lambda i: known[i].first_on, default=None)
    for index, term in enumerate(known):
        if term.first_on == given.first_on:
            return index
    return next((i for i, term in enumerate(known) if overlaps(term, given)), None)
