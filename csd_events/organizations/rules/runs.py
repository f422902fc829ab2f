"""In which pieces and in which order an import of organizations is worked on."""

from enum import IntEnum

PIECE = 250  # lines or things that are worked on in one unit of work


class Step(IntEnum):
    """Kinds of things, in the order they are written."""

    ORGANIZATION = 1
    PARENT = 2
    PERSON = 3
    AFFILIATION = 4
    MEMBERSHIP = 5
