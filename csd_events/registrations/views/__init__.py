"""Pages on which people register and look after their registration."""

from csd_events.registrations.views import account, forms, invoices, own, receipts
from csd_events.registrations.views.blueprint import bp

__all__ = ["account", "bp", "forms", "invoices", "own", "receipts"]
