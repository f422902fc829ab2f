"""What we write to people about their registration, from what is true right then."""

from csd_events.registrations.mail.composing import WRITERS, compose
from csd_events.registrations.mail.grouping import GROUP_KINDS, compose_group
from csd_events.registrations.mail.suggesting import best_case, profile_of
from csd_events.registrations.words import KIND_WORDS

__all__ = [
    "GROUP_KINDS",
    "KIND_WORDS",
    "WRITERS",
    "best_case",
    "compose",
    "compose_group",
    "profile_of",
]
