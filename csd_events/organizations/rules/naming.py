"""What makes two organizations one, and reading what people write of them."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from csd_events.core.text import fold, one_line
from csd_events.topics.catalogue import (
    JURISDICTION_TYPES,
    POPULATION_CLASSES,
    PROVINCES,
    STATES,
)

NAME_LENGTH = 200  # characters
KEY_LENGTH = 400  # characters: an index takes no longer ones
_STATES = {fold(name): code for code, name in (STATES | PROVINCES).items()} | {
    fold(code): code for code in STATES | PROVINCES
}
_KINDS = {fold(kind): kind for kind in JURISDICTION_TYPES}
_CLASSES = {fold(name): name for name in POPULATION_CLASSES} | {
    fold(words): name for name, (words, _least) in POPULATION_CLASSES.items()
}


class Refusal(StrEnum):
    """Why something about an organization is not recorded."""

    NAME_TAKEN = "name_taken"
    NUMBER_TAKEN = "number_taken"
    PARENT_UNKNOWN = "parent_unknown"
    PARENT_IS_BELOW = "parent_is_below"
    TYPE_TAKEN = "type_taken"
    BEING_UNDONE = "being_undone"  # another import
    COMPARED_WITH_GONE = "compared_with_gone"
    ALREADY_THERE = "already_there"  # a person, from the same day


@lru_cache(maxsize=4096)  # a file names an organization on each of its lines
def name_key(name: str) -> str:
    """Bring a name to the form by which organizations of a state are told apart."""
    return fold(one_line(name))[:KEY_LENGTH]


def organization_key(name: str, state: str | None) -> str:
    """Return what no two organizations share: the name without case, and the state."""
    return f"{name_key(name)}|{(state or '').lower()}"


def read_state(written: str) -> str | None:
    """Read two letters or a name as a postal code; None for anything else."""
    return _STATES.get(fold(one_line(written)))


def read_kind(written: str) -> str | None:
    return _KINDS.get(fold(one_line(written)))


def read_population(written: str) -> str | None:
    """Read a number of people, or a class in our words, as a class."""
    words = fold(one_line(written))
    known = _CLASSES.get(words)
    digits = words.replace(",", "").replace(" ", "")
    if known is None and digits.isascii() and digits.isdigit():
        return population_class_of(int(digits))
    return known


def population_class_of(people: int) -> str:
    """Return the class that a number of people falls into."""
    fitting = [
        name for name, (_, least) in POPULATION_CLASSES.items() if least <= people
    ]
    return fitting[-1]


def split_place(words: str) -> tuple[str, str | None]:
    """Read ``Springfield, IL`` as a name and a state; the state may be missing."""
    name, comma, place = words.rpartition(",")
    state = read_state(place) if comma else None
    return (name.strip(), state) if state else (words, None)


def makes_a_cycle(
    child: int | str, parent: int | str, parents: Mapping[int | str, int | str | None]
) -> bool:
    """Tell whether a parent stands below its child already, or is the child itself.

    Args:
        child: Which organization gets a parent.
        parent: Which one.
        parents: Those known so far; they may hold no cycle of their own.
    """
    above: int | str | None = parent
    seen: set[int | str] = set()
    while above is not None and above not in seen:
        if above == child:
            return True
        seen.add(above)
        above = parents.get(above)
    return False
