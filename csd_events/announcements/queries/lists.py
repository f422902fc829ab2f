"""Who hears of which list, and who has said that they want no more."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.announcements.models import Subscription
from csd_events.core.errors import NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id

#: These links are never ended: an old mail must still let somebody out.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Hearer:
    """A person, by the address that a list writes to."""

    person_id: int
    email_key: str


def get_by_link(session: Session, links: Links, token: str) -> Subscription:
    """Return what an unsubscribe link is of.

    Raises:
        NotFoundError: It is none of ours.
    """
    number = row_id(token)
    found = session.get(Subscription, number) if number is not None else None
    if found is None or not links.matches(token, Purpose.UNSUBSCRIBE, VERSION):
        raise NotFoundError("subscription")
    return found


def get_hearer(session: Session, person_id: int) -> Hearer:
    """Return a person by the address they have now."""
    row = session.execute(
        select(Person.id, Person.email_key).where(Person.id == person_id)
    ).one()
    return Hearer(*row)


def owns_address(session: Session, person_id: int) -> bool:
    """Tell whether a person has shown that their address is theirs."""
    confirmed = select(Person.email_confirmed_at).where(Person.id == person_id)
    return session.scalar(confirmed) is not None


def find_unwanted(
    session: Session, hearer: Hearer, list_keys: Collection[str]
) -> set[str]:
    """Return the lists that somebody, or whoever has their address, wants none of."""
    unwanted = select(Subscription.list_key).where(
        Subscription.list_key.in_(list_keys),
        Subscription.unsubscribed_at.is_not(None),
        or_(
            Subscription.person_id == hearer.person_id,
            Subscription.email_key == hearer.email_key,
        ),
    )
    return set(session.scalars(unwanted))
