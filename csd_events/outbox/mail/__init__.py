"""Writing a mail: both of its sides, from templates or from words that staff wrote."""

from csd_events.outbox.mail.filling import both_sides
from csd_events.outbox.mail.sides import Block, Filled, Value, sides

__all__ = ["Block", "Filled", "Value", "both_sides", "sides"]
