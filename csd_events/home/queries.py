"""Reading across features."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person


def has_confirmed(session: Session, person_id: int) -> bool:
    """Tell whether a person has shown that their address is theirs."""
    confirmed = select(Person.email_confirmed_at).where(Person.id == person_id)
    return session.scalar(confirmed) is not None
