"""Pages on which people register and look after their registration."""

from csd_events.registrations.views import (
    account,
    answers,
    colleagues,
    embedding,
    feeds,
    forms,
    groups,
    invoices,
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
    "colleagues",
    "embedding",
    "feeds",
    "forms",
    "groups",
    "invoices",
    "own",
    "receipts",
    "replacing",
    "wishing",
]
