"""How a mail moves on, and what a mail server's answer means."""

from enum import StrEnum


class State(StrEnum):
    """Where a message is on its way out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
