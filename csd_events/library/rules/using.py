"""What is counted of the use of the library, and for how long."""

from datetime import timedelta
from enum import StrEnum

from csd_events.core.text import fold
from csd_events.topics.rules import AREAS

#: As long as a worksheet without an account is kept: both are shown together.
KEPT = timedelta(days=180)
#: Nobody reads a longer gap; more than this was pasted.
LONGEST_WORDS = 60


class Use(StrEnum):
    """What somebody who is signed in did."""

    SEEN = "seen"  # opened something about a service
    LOOKED_FOR = "looked_for"  # asked a list or the search for a service
    MISSED = "missed"  # searched for words that nothing holds


def missed_key(words: str) -> str:
    """Return what words are compared by; empty where too much was typed to compare."""
    key = " ".join(fold(words).split())
    return key if len(key) <= LONGEST_WORDS else ""


def area_of(words: str) -> str | None:
    """Return the service area that somebody's words name, if they name one."""
    return _NAMED.get(missed_key(words))


_NAMED = {missed_key(name): area for area, name in AREAS.items()}
