"""Pages on which people register and look after their registration."""

from csd_events.registrations.views import (
    account,
    answers,
    colleagues,
    forms,
    groups,
    own,
    receipts,
)
from csd_events.registrations.views.blueprint import bp

__all__ = [
    "account",
    "answers",
    "bp",
    "colleagues",
    "forms",
    "groups",
    "own",
    "receipts",
]
