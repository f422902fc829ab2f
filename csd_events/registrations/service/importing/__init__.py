"""Take in files of registrations and presenters: compare, write in pieces, undo."""

from csd_events.registrations.service.importing.runs import (
    Matched,
    confirm,
    match_columns,
    take_in,
    undo,
)
from csd_events.registrations.service.importing.working import work, work_on

__all__ = ["Matched", "confirm", "match_columns", "take_in", "undo", "work", "work_on"]
