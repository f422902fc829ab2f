"""What we write to people about their registration, from what is true right then."""

from csd_events.outbox.service import TRIAL
from csd_events.registrations.mail import handing, wishing
from csd_events.registrations.mail.composing import WRITERS, compose
from csd_events.registrations.mail.grouping import BUTTONS, compose_group
from csd_events.registrations.mail.originals import WORDINGS as OF_REGISTRATIONS
from csd_events.registrations.mail.originals.presenting import PRESENTING
from csd_events.registrations.mail.presenting import compose_presenting
from csd_events.registrations.mail.suggesting import best_case, prepare, profile_of
from csd_events.registrations.mail.trying import (
    SAMPLE,
    Trial,
    compose_trial,
    list_examples,
    list_readers,
    write_trial,
)
from csd_events.registrations.words import KIND_WORDS

#: Every kind of mail that is written here.
WORDINGS = {**OF_REGISTRATIONS, **PRESENTING}
#: Who writes which kind of mail.
COMPOSERS = {
    **dict.fromkeys(WRITERS, compose),
    **dict.fromkeys(BUTTONS, compose_group),
    **dict.fromkeys(handing.HANDED_KINDS, handing.compose_handover),
    **dict.fromkeys(wishing.WISH_KINDS, wishing.compose_wish),
    **dict.fromkeys(PRESENTING, compose_presenting),
    TRIAL: compose_trial,
}

__all__ = [
    "COMPOSERS",
    "KIND_WORDS",
    "SAMPLE",
    "WORDINGS",
    "WRITERS",
    "Trial",
    "best_case",
    "compose",
    "list_examples",
    "list_readers",
    "prepare",
    "profile_of",
    "write_trial",
]
