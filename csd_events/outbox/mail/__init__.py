"""Writing a mail: both of its sides, from words that staff may have changed."""

from csd_events.outbox.mail.composing import (
    Kept,
    Sheet,
    in_force,
    once,
    readings_kept,
    write,
)
from csd_events.outbox.mail.filling import both_sides
from csd_events.outbox.mail.parts import part
from csd_events.outbox.mail.sides import (
    NOTHING,
    Block,
    Filled,
    Value,
    faulty_links,
    sides,
)

__all__ = [
    "NOTHING",
    "Block",
    "Filled",
    "Kept",
    "Sheet",
    "Value",
    "both_sides",
    "faulty_links",
    "in_force",
    "once",
    "part",
    "readings_kept",
    "sides",
    "write",
]
