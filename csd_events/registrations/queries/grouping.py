"""Groups of colleagues, as their sender sees them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from csd_events.core.errors import EndedError, NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.events.models import Event
from csd_events.registrations.models import (
    GroupEntry,
    Registration,
    RegistrationGroup,
)
from csd_events.registrations.rules import State, receipt_version, shown_to_sender


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One row of a form for colleagues, as its sender reads it."""

    number: int
    full_name: str
    email: str
    organization: str
    state: State | None  # None where their own mail alone says it
    price_cents: int
    currency: str

    @property
    def is_kept(self) -> bool:
        return self.state is not State.CANCELLED


def get_group(session: Session, links: Links, token: str) -> RegistrationGroup:
    """Return the group that the link in its sender's mail opens.

    Raises:
        NotFoundError: The link is not ours.
        EndedError: It was, until a newer one took its place.
    """
    found = _named(session, token)
    if found is None:
        raise NotFoundError("group")
    if links.matches(token, Purpose.GROUP, found.link_version):
        return found
    if links.matched_before(token, Purpose.GROUP, found.link_version):
        raise EndedError("group")
    raise NotFoundError("group")


def find_group_receipt(
    session: Session, links: Links, token: str
) -> RegistrationGroup | None:
    """Return the group whose form led to this link, if that is what it is."""
    found = _named(session, token)
    if found is None:
        return None
    version = receipt_version(found.sent_at)
    return found if links.matches(token, Purpose.GROUP_RECEIPT, version) else None


def _named(session: Session, token: str) -> RegistrationGroup | None:
    number = row_id(token)
    return session.get(RegistrationGroup, number) if number is not None else None


def find_sender(session: Session, group_id: int) -> str | None:
    """Return the name of who sent a form for colleagues, as it stands there."""
    sent = select(RegistrationGroup.full_name).where(RegistrationGroup.id == group_id)
    return session.scalar(sent)


def list_lines(
    session: Session, group: RegistrationGroup, event: Event
) -> Sequence[GroupLine]:
    """List the rows of a form in their order, each as its sender reads it."""
    rows = session.execute(
        select(
            GroupEntry,
            Registration.full_name,
            Registration.state,
            Registration.group_id,
            cast("ColumnElement[bool]", Registration.is_pending),
        )
        .join(Registration, Registration.id == GroupEntry.registration_id)
        .where(GroupEntry.group_id == group.id)
        .order_by(GroupEntry.number)
    )
    shown = partial(
        shown_to_sender,
        nobody_waits=event.waiting == 0,
        is_compared=event.requires_conference,
    )
    return [
        _line(entry, name, state, shown)
        if group_id == group.id and not pending
        else _line(entry, entry.full_name, None, shown)
        for entry, name, state, group_id, pending in rows
    ]


def _line(
    entry: GroupEntry,
    full_name: str,
    state: State | None,
    shown: Callable[..., State | None],
) -> GroupLine:
    return GroupLine(
        number=entry.number,
        full_name=full_name,
        email=entry.email,
        organization=entry.organization,
        state=shown(entry.told, state, cancelled=entry.cancelled_at is not None),
        price_cents=entry.price_cents,
        currency=entry.currency,
    )


def line_of(
    session: Session, group: RegistrationGroup, event: Event, number: int
) -> GroupLine | None:
    """Return one row of a form as its sender reads it; None for no such row."""
    lines = list_lines(session, group, event)
    return next((each for each in lines if each.number == number), None)


def find_coming(
    session: Session, *, event_id: int, person_ids: Collection[int]
) -> set[int]:
    """Find who of some people has a place at an event, or waits for one."""
    theirs = select(Registration.person_id).where(
        Registration.event_id == event_id,
        Registration.person_id.in_(person_ids),
        Registration.state != State.CANCELLED,
        ~Registration.is_pending,
    )
    return set(session.scalars(theirs))
