"""Telling people whom somebody else has registered."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import AN_HOUR
from csd_events.registrations.models import RegistrationGroup
from csd_events.registrations.rules import Hold, State, of_group
from csd_events.registrations.service.telling import HELD, Reader, tell_all

DETAILS = "registration.details"
KINDS = {
    State.CONFIRMED: "registration.confirmed",
    State.WAITING: "registration.waiting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A colleague, and what they are told.

    Attributes:
        is_known: Whether they were registered before, and stay so.
        confirmed: Whether the owner of the address has confirmed it.
    """

    registration_id: int
    life: int
    state: State
    hold: Hold | None
    is_known: bool
    email: str
    confirmed: bool


def tell_colleagues(
    session: Session,
    group: RegistrationGroup,
    colleagues: Sequence[Told],
    *,
    now: datetime,
) -> None:
    """Queue the mail that says to each how they stand, and who registered them.

    Who was registered before gets the details of that, at most once an hour.
    """
    known = {each.registration_id for each in colleagues if each.is_known}
    quiet = _told_of_late(session, known, now) if known else set()
    by_kind: dict[str, list[Reader]] = defaultdict(list)
    for each in colleagues:
        if each.registration_id in quiet:
            continue
        kind = HELD[each.hold] if each.hold else KINDS[each.state]
        kind = DETAILS if each.is_known else kind
        occasion = of_group(group.id) if each.is_known else str(each.life)
        reader = Reader(each.registration_id, occasion, each.email, each.confirmed)
        by_kind[kind].append(reader)
    for kind, readers in by_kind.items():
        tell_all(session, kind, readers, event_id=group.event_id, now=now)


def _told_of_late(
    session: Session, registration_ids: Collection[int], now: datetime
) -> set[int]:
    """Find which of some registrations have had their details within the hour."""
    mailed = select(OutboxMessage.subject_id).where(
        OutboxMessage.subject_id.in_(registration_ids),
        OutboxMessage.kind == DETAILS,
        OutboxMessage.queued_at > now - AN_HOUR,
    )
    return set(session.scalars(mailed))
