"""What is used and what is missing, told of several communities or not at all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Of fewer communities nothing is told: their people would be known by it.
FEWEST = 5


class Sign(StrEnum):
    """What tells of an interest in something, in the order it is shown."""

    CARED = "cared"  # named it among what they care about
    LOOKED_FOR = "looked_for"
    SEEN = "seen"
    SAVED = "saved"
    BEGUN = "begun"  # a worksheet
    FINISHED = "finished"  # a worksheet


#: What is asked for, and not what there already was to open.
ASKING = frozenset({Sign.CARED, Sign.LOOKED_FOR, Sign.BEGUN})


@dataclass(frozen=True, slots=True)
class Mark:
    """Something done, so many times, by people of one community.

    Attributes:
        subject: A service area, or words somebody searched for.
        community: Its id; None where nobody knows which it was. Such a mark adds to a
            number that is told, and never to the communities that allow it.
    """

    sign: Sign
    subject: str
    community: int | None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was done, and by how many communities."""

    times: int
    communities: int


def count(marks: Iterable[Mark]) -> dict[str, dict[Sign, Count]]:
    """Count by subject and sign; what comes from fewer than `FEWEST` is left out."""
    marks_of: dict[tuple[str, Sign], list[Mark]] = defaultdict(list)
    for mark in marks:
        marks_of[mark.subject, mark.sign].append(mark)
    told: dict[str, dict[Sign, Count]] = defaultdict(dict)
    for (subject, sign), of_it in marks_of.items():
        counted = _counted(of_it)
        if counted.communities >= FEWEST:
            told[subject][sign] = counted
    return dict(told)


def gaps(marks: Iterable[Mark], covered: Collection[str]) -> Mapping[str, Count]:
    """Return what is asked for and not covered, by subject, the most wanted first."""
    marks_of: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.sign in ASKING and mark.subject not in covered:
            marks_of[mark.subject].append(mark)
    counted = {subject: _counted(of_it) for subject, of_it in marks_of.items()}
    wanted = sorted(counted, key=lambda each: (-counted[each].communities, each))
    return {
        subject: counted[subject]
        for subject in wanted
        if counted[subject].communities >= FEWEST
    }


def _counted(marks: Collection[Mark]) -> Count:
    communities = {mark.community for mark in marks} - {None}
    return Count(sum(mark.times for mark in marks), len(communities))
