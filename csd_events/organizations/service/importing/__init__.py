"""Take in files of organizations: compare, write in pieces, take back."""

from csd_events.organizations.service.importing.runs import (
    confirm,
    match_columns,
    take_in,
    undo,
)
from csd_events.organizations.service.importing.working import work, work_on

__all__ = ["confirm", "match_columns", "take_in", "undo", "work", "work_on"]
