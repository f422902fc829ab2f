"""What a case study may say of itself."""

from enum import StrEnum


class Outcome(StrEnum):
    """How the arrangement stood. The first two say so of the day it was written."""

    STARTING = "starting when reported"
    IN_PLACE = "in place when reported"
    RENEGOTIATED = "renegotiated"
    DISPUTED = "disputed"
    REVERSED = "reversed"
    ENDED = "ended"


class Confidence(StrEnum):
    """How sure we are."""

    HIGH = "high"  # the facts are on the page named
    MEDIUM = "medium"  # one thin, interested or second-hand source
