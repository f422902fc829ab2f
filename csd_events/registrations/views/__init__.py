"""Pages on which people register and look after their registration."""

from csd_events.registrations.views import (
    account,
    answers,
    forms,
    invoices,
    own,
    receipts,
)
from csd_events.registrations.views.blueprint import bp

__all__ = ["account", "answers", "bp", "forms", "invoices", "own", "receipts"]
