"""What we write to people about their registration, from what is true right then."""

from csd_events.registrations.mail.composing import WRITERS, compose
from csd_events.registrations.mail.suggesting import best_case, profile_of
from csd_events.registrations.words import KIND_WORDS

__all__ = [
    "KIND_WORDS",
    "WRITERS",
    "best_case",
    "compose",
    "profile_of",
]
