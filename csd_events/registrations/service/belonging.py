"""Whom a sender's own organization makes eligible, and who of them is a member."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from csd_events.core.text import fold
from csd_events.core.time import to_wall
from csd_events.events.models import Event
from csd_events.events.queries import Ledger
from csd_events.events.rules import Audience
from csd_events.organizations import queries as organizations

BY_MEMBERSHIP = (Audience.MEMBERS, Audience.OTHERS, Audience.COLLEAGUES)


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a sender's standing means for those whom they register.

    Attributes:
        through: The organizations through which the sender is a member, folded.
        members: Members, by person, on rosters whose contact the sender is.
    """

    through: Collection[str] = ()
    members: Collection[int] = ()

    def is_colleague(self, organization: str) -> bool:
        """Tell whether a member registers somebody from their own organization."""
        return fold(organization) in self.through


NOBODYS = Belonging()


def belonging_of(
    session: Session,
    sender_id: int | None,
    event: Event | Ledger,
    person_ids: Collection[int],
    *,
    now: datetime,
) -> Belonging:
    """Say what a signed-in sender's standing means, where offers ask for it.

    Whether somebody is a member is looked up for the contact of their organization
    alone, who may know: of others, a price would tell.
    """
    if sender_id is None or not any(o.audience in BY_MEMBERSHIP for o in event.offers):
        return NOBODYS
    today = to_wall(now, event.zone).date()
    return Belonging(
        through=own_organizations(session, sender_id, today),
        members=_members(session, sender_id, person_ids, today),
    )


def own_organizations(session: Session, person_id: int, on: date) -> Sequence[str]:
    """Name, folded, the organizations through which somebody is a member on a day."""
    through = organizations.list_members_through(session, person_id, on)
    return [fold(name) for name in through]


def _members(
    session: Session, sender_id: int, person_ids: Collection[int], on: date
) -> Collection[int]:
    theirs = [o.id for o in organizations.list_contact_of(session, sender_id, on)]
    if not theirs:
        return ()
    lines = organizations.list_on_rosters(session, theirs, on, person_ids)
    found = organizations.standings(session, [line.person_id for line in lines], on)
    return {person_id for person_id, standing in found.items() if standing.is_member}
