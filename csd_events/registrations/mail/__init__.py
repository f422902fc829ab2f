"""What we write to people about their registration, from what is true right then."""

from csd_events.registrations.mail.composing import WRITERS, compose
from csd_events.registrations.mail.suggesting import best_case, profile_of
from csd_events.registrations.mail.writing import own_links, relative_words
from csd_events.registrations.words import KIND_WORDS

__all__ = [
    "KIND_WORDS",
    "WRITERS",
    "best_case",
    "compose",
    "own_links",
    "profile_of",
    "relative_words",
]
