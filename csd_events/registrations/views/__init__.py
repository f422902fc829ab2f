"""Pages on which people register and look after their registration."""

from csd_events.registrations.views import (
    account,
    answers,
    embedding,
    forms,
    own,
    receipts,
    replacing,
    wishing,
)
from csd_events.registrations.views.blueprint import bp

__all__ = [
    "account",
    "answers",
    "bp",
    "embedding",
    "forms",
    "own",
    "receipts",
    "replacing",
    "wishing",
]
