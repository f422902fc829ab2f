"""Registrations and their mails as people and staff read them."""

from csd_events.registrations.words.changes import names_of, news_of, spans_of
from csd_events.registrations.words.foreseeing import (
    NOT_UNDONE_WORDS,
    Foresight,
    Undo,
    clock_words,
    foresight_of,
    leaving_words,
    undo_of,
)
from csd_events.registrations.words.formats import DROPPED_WORDS, FORMAT_WORDS
from csd_events.registrations.words.grouping import saved_words
from csd_events.registrations.words.importing import (
    FILE_COLUMN_WORDS,
    OUTCOMES,
    kept_words,
    line_words,
)
from csd_events.registrations.words.planning import (
    PlanLine,
    lead_words,
    plan_lines,
)
from csd_events.registrations.words.postponing import (
    EffectLine,
    effect_line,
    left_out_words,
    not_postponed_words,
    postponed_lines,
    redated_foresight,
    several_button,
)
from csd_events.registrations.words.registering import (
    KIND_WORDS,
    STATE_WORDS,
    PersonLine,
    answer_lines,
    answer_words,
    dearer_words,
    held_words,
    next_mail_words,
    not_a_member_words,
    not_placed_words,
    person_line,
    plan_words,
)
from csd_events.registrations.words.replacing import (
    not_replaced_words,
    not_swapped_words,
    replace_words,
)
from csd_events.registrations.words.selecting import (
    COLUMN_WORDS,
    not_done_words,
    offer_words,
)
from csd_events.registrations.words.waiting import full_words, queue_words, taken_words
from csd_events.registrations.words.wording import (
    PLACE_WORDS,
    all_fault_words,
    reader_words,
)

__all__ = [
    "COLUMN_WORDS",
    "DROPPED_WORDS",
    "FILE_COLUMN_WORDS",
    "FORMAT_WORDS",
    "KIND_WORDS",
    "NOT_UNDONE_WORDS",
    "OUTCOMES",
    "PLACE_WORDS",
    "STATE_WORDS",
    "EffectLine",
    "Foresight",
    "PersonLine",
    "PlanLine",
    "Undo",
    "all_fault_words",
    "answer_lines",
    "answer_words",
    "clock_words",
    "dearer_words",
    "effect_line",
    "foresight_of",
    "full_words",
    "held_words",
    "kept_words",
    "lead_words",
    "leaving_words",
    "left_out_words",
    "line_words",
    "names_of",
    "news_of",
    "next_mail_words",
    "not_a_member_words",
    "not_done_words",
    "not_placed_words",
    "not_postponed_words",
    "not_replaced_words",
    "not_swapped_words",
    "offer_words",
    "person_line",
    "plan_lines",
    "plan_words",
    "postponed_lines",
    "queue_words",
    "reader_words",
    "redated_foresight",
    "replace_words",
    "saved_words",
    "several_button",
    "spans_of",
    "taken_words",
    "undo_of",
]
