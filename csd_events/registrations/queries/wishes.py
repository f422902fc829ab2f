"""Finding who wishes to hear when registration opens."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from csd_events.accounts.rules import email_key
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.registrations.models import OpeningWish


def find_wish(session: Session, links: Links, token: str) -> OpeningWish | None:
    """Return the wish that a link is about; None once it is answered or forgotten."""
    found = session.get(OpeningWish, row_id(token) or 0)
    if found is None or not links.matches(token, Purpose.WISH, found.version):
        return None
    return found


def has_wish(session: Session, event_id: int, email: str) -> bool:
    """Tell whether the owner of an address hears when registration opens."""
    wish = exists().where(
        OpeningWish.event_id == event_id,
        OpeningWish.email_key == email_key(email),
        OpeningWish.confirmed_at.is_not(None),
    )
    return bool(session.scalar(select(wish)))
