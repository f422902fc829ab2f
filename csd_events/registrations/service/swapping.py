"""The sender of a form for colleagues lets somebody else come instead of one."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.rules import email_key
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience
from csd_events.registrations import rules
from csd_events.registrations.models import (
    GroupEntry,
    RegistrationGroup,
)
from csd_events.registrations.queries import line_of, standing_of_line
from csd_events.registrations.rules import (
    Newcomer,
    NotReplaced,
    Refusal,
    State,
    Wish,
)
from csd_events.registrations.service.belonging import belonging_of
from csd_events.registrations.service.confirming import lock_group
from csd_events.registrations.service.informing import tell_colleagues
from csd_events.registrations.service.keeping import find_before
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.pending import make_way
from csd_events.registrations.service.registering import count_form
from csd_events.registrations.service.replacing import By, Successor, let_come
from csd_events.registrations.service.seating import Guest, write_all
from csd_events.registrations.service.waiting import seats_of

#: Whose price somebody else pays only if the sender may say so of them.
BY_STANDING = {Audience.MEMBERS, Audience.COLLEAGUES}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a form, at its locked event."""

    event: Event
    group: RegistrationGroup
    entry: GroupEntry


def let_another_come(
    session: Session,
    group_id: int,
    number: int,
    newcomer: Newcomer,
    *,
    by: By,
    now: datetime,
) -> None:
    """Name somebody else in a row of a form: who was registered by it makes way.

    Of who was registered by another form nothing changes, and the newcomer is
    registered as if the form had named them. What is answered is the same: it rests
    on what the sender reads of the row, and never on whose registration that is.

    Args:
        session: To write in.
        group_id: Of the form.
        number: Of the row.
        newcomer: Who comes instead.
        by: The link to the form, which came by mail.
        now: When this is done.

    Raises:
        NotFoundError: No such form or row, or the link has ended.
        RefusedError: See `NotReplaced`.
        TooManyError: Too many forms from one network address.
    """
    event, group = lock_group(session, group_id, by.link_version)
    entry = session.get(GroupEntry, (group.id, number), populate_existing=True)
    if entry is None:
        raise NotFoundError("row of a group")
    if by.network_address:  # each is a mail to an address of their choice
        count_form(session, by.network_address, now)
    row = _Row(event, group, entry)
    _refuse(session, row, newcomer, now)
    met = accounts.meet(
        session, email=newcomer.email, full_name=newcomer.full_name, now=now
    )
    successor = Successor(newcomer, met)
    _refuse_another_price(session, row, successor, now)
    entry.registration_id = _let_come(session, row, successor, by, now)
    entry.told = None  # whether they had a place already is in their own mail alone
    entry.full_name, entry.email = newcomer.full_name, newcomer.email
    entry.organization = newcomer.organization


def _refuse(session: Session, row: _Row, newcomer: Newcomer, now: datetime) -> None:
    """Refuse what the sender can see is not possible."""
    entry = row.entry
    line = line_of(session, row.group, row.event, entry.number)
    if row.group.confirmed_at is None or line is None:
        raise RefusedError(NotReplaced.DECIDED)
    refusal = rules.refuse_replacing(standing_of_line(row.event, line), now)
    if refusal:
        raise RefusedError(refusal)
    key = email_key(newcomer.email)
    if key == email_key(entry.email):
        raise RefusedError(NotReplaced.SAME)
    others = session.execute(
        select(GroupEntry.email_key, GroupEntry.email).where(
            GroupEntry.group_id == row.group.id, GroupEntry.number != entry.number
        )
    )
    if any(key in {first, email_key(email)} for first, email in others):
        raise RefusedError(NotReplaced.IN_THE_FORM)
    if entry.offer_id is None:
        raise RefusedError(NotReplaced.NO_OFFER)


def _refuse_another_price(
    session: Session, row: _Row, successor: Successor, now: datetime
) -> None:
    """Keep a price for members, or for their colleagues, with those."""
    offers = (each for each in row.event.offers if each.id == row.entry.offer_id)
    audience = next(offers).audience
    if audience not in BY_STANDING:
        return
    person_id = successor.met.person_id
    belonging = belonging_of(
        session, row.group.sender_id, row.event, [person_id], now=now
    )
    if person_id in belonging.members:
        return
    is_colleague = belonging.is_colleague(successor.newcomer.organization)
    if not (is_colleague and audience is Audience.COLLEAGUES):
        raise RefusedError(NotReplaced.NOT_A_MEMBER)


def _let_come(
    session: Session, row: _Row, successor: Successor, by: By, now: datetime
) -> int:
    """Pass the place of a row on, or give another. Return whose registration it is."""
    event, registration = lock(session, row.entry.registration_id)
    is_of_the_form = registration.group_id == row.group.id
    is_theirs = registration.person_id == successor.met.person_id
    is_in = registration.state in {State.CONFIRMED, State.WAITING}
    if not is_of_the_form or is_theirs or not is_in:
        return _register(session, row, successor, now)
    by = replace(by, actor_id=row.group.sender_id, group_id=row.group.id)
    return let_come(session, event, registration, successor, by=by, now=now)


def _register(session: Session, row: _Row, successor: Successor, now: datetime) -> int:
    """Register somebody as their row would have been. Return the registration.

    Where nobody more may wait they do nevertheless: the sender reads no difference.
    """
    event, entry, met = row.event, row.entry, successor.met
    before = find_before(session, event_id=event.id, person_id=met.person_id)
    if before is not None and before.is_pending:
        make_way(session, [before.id], event_id=event.id, now=now)
    session.flush()
    ledger = events.lock_ledger(session, event.slug)
    offer = next(each for each in ledger.offers if each.id == entry.offer_id)
    place = rules.decide(seats_of(ledger, offer))
    place = State.WAITING if isinstance(place, Refusal) else place
    known = before is not None and before.is_kept
    waits = place is State.WAITING and not known
    wish = Wish(slug=event.slug, opened_at=now, **asdict(successor.newcomer))
    guest = Guest(
        index=entry.number,
        wish=wish,
        met=met,
        offer=replace(offer, price_cents=entry.price_cents, currency=entry.currency),
        before=before,
        is_known=known,
        place=place,
        position=ledger.next_position if waits else None,
    )
    (made,) = write_all(session, row.group, ledger, [guest], now=now)
    tell_colleagues(session, row.group, [made.as_told], now=now)
    return made.registration_id
