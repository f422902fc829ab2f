"""Worksheets begun, answered, sent, kept and removed."""

from csd_events.worksheets.service.answering import (
    Beginning,
    answer,
    begin,
    claim,
    forget_old,
    remove,
)
from csd_events.worksheets.service.instruments import instrument
from csd_events.worksheets.service.sending import send_link

__all__ = [
    "Beginning",
    "answer",
    "begin",
    "claim",
    "forget_old",
    "instrument",
    "remove",
    "send_link",
]
