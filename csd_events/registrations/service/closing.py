"""An account is closed, and what belonged to it with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.worksheets import service as worksheets


def close_account(session: Session, person_id: int, *, now: datetime) -> None:
    """Close an account: registrations stay, worksheets and groups are nobody's.

    Raises:
        NotFoundError: They have none.
        RefusedError: Nobody would be left to administer the site.
    """
    accounts.close_account(session, person_id, now=now)
    worksheets.let_go(session, person_id)
