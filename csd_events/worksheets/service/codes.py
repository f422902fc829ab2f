"""Codes by which groups are joined: how often wrong ones may be tried."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.core import limits
from csd_events.worksheets.rules import WRONG_CODES_A_MINUTE

WHAT = "wrong group code"


def may_try(session: Session, *, now: datetime) -> bool:
    """Tell whether a code is looked at; not after too many wrong ones on the site."""
    tried = limits.times_lately(session, what=WHAT, now=now)
    return tried < WRONG_CODES_A_MINUTE


def count_wrong(session: Session, *, now: datetime) -> bool:
    """Count a wrong code, and tell whether it was one of those that may be tried."""
    tried = limits.count_in_minute(session, what=WHAT, now=now)
    return tried <= WRONG_CODES_A_MINUTE
