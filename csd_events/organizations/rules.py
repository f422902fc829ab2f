"""Who is a member on a day, and why. Pure: values in, a value out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Through(StrEnum):
    """What makes somebody a member."""

    OWN = "own"
    ORGANIZATION = "organization"


class Refusal(StrEnum):
    """Why something about an organization is not recorded."""

    NAME_TAKEN = "name_taken"


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
    """

    term: Term
    organization: str | None = None
    affiliation: Term | None = None

    def holds_on(self, day: date) -> bool:
        return self.term.covers(day) and (
            self.organization is None
            or (self.affiliation is not None and self.affiliation.covers(day))
        )

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
    """

    through: Through | None = None
    organization: str | None = None
    last_on: date | None = None

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
        ),
    )
    through = Through.OWN if best.organization is None else Through.ORGANIZATION
    return Standing(through, best.organization, best.last_on)
