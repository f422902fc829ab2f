"""What we write to people about their registration, from what is true right then."""

from csd_events.registrations.mail import handing, wishing
from csd_events.registrations.mail.composing import WRITERS, compose
from csd_events.registrations.mail.grouping import GROUP_KINDS, compose_group
from csd_events.registrations.mail.suggesting import best_case, profile_of
from csd_events.registrations.words import KIND_WORDS

#: Who writes which kind of mail.
COMPOSERS = {
    **dict.fromkeys(WRITERS, compose),
    **dict.fromkeys(GROUP_KINDS, compose_group),
    **dict.fromkeys(handing.SUBJECTS, handing.compose_handover),
    **dict.fromkeys(wishing.SUBJECTS, wishing.compose_wish),
}

__all__ = [
    "COMPOSERS",
    "KIND_WORDS",
    "WRITERS",
    "best_case",
    "compose",
    "profile_of",
]
