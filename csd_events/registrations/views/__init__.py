"""Pages on which people register and look after their registration."""

from csd_events.registrations.views import forms, own, receipts
from csd_events.registrations.views.blueprint import bp

__all__ = ["bp", "forms", "own", "receipts"]
