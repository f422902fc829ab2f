"""Registrations, what they say, where places went, groups, and receipts."""

from csd_events.registrations.models.groups import GroupEntry, RegistrationGroup
from csd_events.registrations.models.handing import Handover, OpeningWish
from csd_events.registrations.models.importing import ListImport, ListImportLine
from csd_events.registrations.models.receipts import Receipt, ReminderRun
from csd_events.registrations.models.registration import Registration
from csd_events.registrations.models.saying import AccessibilityNeed, Answer
from csd_events.registrations.models.selecting import (
    ListColumns,
    Selected,
    Selection,
)
from csd_events.registrations.models.unlisted import keep_unlisted

__all__ = [
    "AccessibilityNeed",
    "Answer",
    "GroupEntry",
    "Handover",
    "ListColumns",
    "ListImport",
    "ListImportLine",
    "OpeningWish",
    "Receipt",
    "Registration",
    "RegistrationGroup",
    "ReminderRun",
    "Selected",
    "Selection",
]

keep_unlisted()
