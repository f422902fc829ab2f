"""A person goes by another address, and brings along who registered under it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import MailedLink, Person
from csd_events.accounts.rules import LinkKind, Refusal
from csd_events.accounts.service import Holder
from csd_events.audit import service as audit
from csd_events.core.errors import EndedError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.organizations import service as organizations
from csd_events.registrations import rules
from csd_events.registrations.models import Registration, RegistrationGroup
from csd_events.registrations.rules import Rival, State
from csd_events.registrations.service.handing import (
    charge_instead,
    hand_to,
    revive_with,
    take_back,
)
from csd_events.registrations.service.telling import IN, Telling, queue_mail
from csd_events.worksheets import service as worksheets


def take_new_address(session: Session, link_id: int, *, now: datetime) -> int:
    """Give an account the address that its owner has confirmed. Return the person.

    The old address is told, and can put things back for three days. All sessions
    end, and all links that went to the old address.

    Raises:
        EndedError: The link was used before, or has ended.
        RefusedError: The address has an account of its own.
    """
    link = accounts.use_link(session, link_id, LinkKind.NEW_ADDRESS, now=now)
    person_id = _whose(link)
    old = _go_by(session, person_id, link.address, now)
    accounts.end_sessions(session, person_id, now=now)
    accounts.tell_old_address(session, person_id, old, now=now)
    return person_id


def put_address_back(session: Session, link_id: int, *, now: datetime) -> None:
    """Undo a change of address, for who still reads mail at the old one.

    Whoever changed it may be somebody else: their sessions, the password they knew
    and the links made since end too.

    Raises:
        EndedError: The link was used before, or has ended.
        RefusedError: The old address has an account of its own by now.
    """
    link = accounts.use_link(session, link_id, LinkKind.NOT_ME, now=now)
    _go_by(session, _whose(link), link.address, now)
    accounts.undo_by_link(session, link, now=now)


def _whose(link: MailedLink) -> int:
    if link.person_id is None:
        raise EndedError("link")
    return link.person_id


def _go_by(session: Session, person_id: int, address: str, now: datetime) -> str:
    """Give a person an address, with all that was registered under it.

    Their account and the link are locked by now. Events come next, as everywhere,
    then the people: nobody registers as either of them meanwhile. Return the old
    address.
    """
    holder, locked = _lock(session, person_id, address, now)
    if holder is not None and holder.person_id == person_id:
        return address
    if holder is not None:
        _bring_along(session, holder.person_id, person_id, locked, now)
    old = accounts.give_address(
        session,
        person_id,
        address,
        holder_id=holder.person_id if holder else None,
        now=now,
    )
    audit.record(
        session,
        "person.readdressed",
        subject_id=person_id,
        actor_id=person_id,
        now=now,
        changes={"merged_with": holder.person_id} if holder else {},
    )
    _send_new_links(session, person_id, address, locked, now)
    worksheets.renew_links(session, person_id)
    return old


def _lock(
    session: Session, person_id: int, address: str, now: datetime
) -> tuple[Holder | None, dict[int, Event]]:
    """Lock a person, whoever has an address, and all that the two registered for.

    Again if somebody came by with that address in the meantime; where nobody has it,
    nobody comes by with it any more.

    Raises:
        RefusedError: The address has an account of its own.
    """
    locked: dict[int, Event] = {}
    held: set[int] = set()
    while True:
        holder = accounts.find_holder(session, address)
        if holder is not None and holder.has_account and holder.person_id != person_id:
            raise RefusedError(Refusal.HAS_ACCOUNT)
        people = {person_id, *([holder.person_id] if holder else [])}
        if people <= held and (
            holder is not None or accounts.hold_address(session, address, now=now)
        ):
            return holder, locked
        held |= people
        _lock_events(session, held, locked)
        accounts.lock_people(session, held)
        _lock_events(session, held, locked)  # of who registered until now


def _lock_events(
    session: Session, people: Collection[int], locked: dict[int, Event]
) -> None:
    """Lock the events of some people, and then what they hold at them."""
    theirs = Registration.person_id.in_(people)
    ids = session.scalars(select(Registration.event_id).where(theirs)).all()
    for event_id in sorted(set(ids) - set(locked)):
        locked[event_id] = events.lock(session, event_id)
    held = select(Registration.id).where(theirs).order_by(Registration.id)
    session.execute(held.with_for_update()).all()


def _bring_along(
    session: Session,
    from_id: int,
    to_id: int,
    locked: dict[int, Event],
    now: datetime,
) -> None:
    """Let a person have what was registered, and where they belong, as somebody else.

    Where both are registered for what is still to come, the better one stays and the
    place of the other goes to the next in line. What is over stays as it was.
    """
    who = accounts.recognize(session, to_id)
    own = {each.event_id: each for each in _registrations(session, to_id)}
    for other in _registrations(session, from_id):
        mine = own.get(other.event_id)
        event = locked[other.event_id]
        if mine is None:
            hand_to(other, who)
        elif rules.may_cancel(event.over_at, event.cancelled_at, now):
            _keep_the_better(session, event, mine, other, now)
    session.flush()
    session.execute(
        update(RegistrationGroup)
        .where(RegistrationGroup.sender_id == from_id)
        .values(sender_id=to_id)
    )
    worksheets.hand_over(session, from_id=from_id, to_id=to_id)
    organizations.hand_over(
        session, from_id=from_id, to_id=to_id, now=now, actor_id=to_id
    )


def _keep_the_better(
    session: Session,
    event: Event,
    mine: Registration,
    other: Registration,
    now: datetime,
) -> None:
    """Leave a person one of two registrations, in the row that is theirs."""
    if other.state not in IN:
        return
    if other.state is State.CONFIRMED and not event.on_demand:
        _tell_of_the_one(session, mine, other, now)
    if rules.better_of(_rival(mine), _rival(other)).id == mine.id:
        take_back(session, event, other, now)
        return
    life, held = mine.life, mine.state in IN
    if held:
        take_back(session, event, mine, now)
    # Where they had a place, their calendar was never told to remove the entry.
    kept_life = life if held else life + 1
    revive_with(session, mine, other, life=kept_life, now=now)
    charge_instead(session, event, mine, other, now=now)


def _tell_of_the_one(
    session: Session, mine: Registration, other: Registration, now: datetime
) -> None:
    """Take the entry of a registration that is dropped out of its calendar."""
    whose = select(Person.email).where(Person.id == other.person_id)
    queue_mail(
        session,
        Telling(
            "registration.merged", mine.event_id, mine.id, f"{other.id}-{other.life}"
        ),
        to_address=session.scalars(whose).one(),
        at_once=True,  # its owner has just confirmed it
        now=now,
    )


def _rival(registration: Registration) -> Rival:
    return Rival(registration.state, registration.registered_at, registration.id)


def _registrations(session: Session, person_id: int) -> Sequence[Registration]:
    return session.scalars(
        select(Registration)
        .where(Registration.person_id == person_id)
        .order_by(Registration.event_id)
        .execution_options(populate_existing=True)
    ).all()


def _send_new_links(
    session: Session,
    person_id: int,
    address: str,
    locked: dict[int, Event],
    now: datetime,
) -> None:
    """End all links to a person's registrations; mail those of what is to come."""
    session.execute(
        update(Registration)
        .where(Registration.person_id == person_id)
        .values(link_version=Registration.link_version + 1)
    )
    session.execute(
        update(RegistrationGroup)
        .where(RegistrationGroup.sender_id == person_id)
        .values(link_version=RegistrationGroup.link_version + 1)
    )
    for each in _registrations(session, person_id):
        event = locked.get(each.event_id)
        if event is None or each.state not in IN:
            continue
        over_at, on_demand = event.over_at, event.on_demand
        if rules.has_use(over_at, event.cancelled_at, now, on_demand=on_demand):
            what = f"address-{each.link_version}"
            queue_mail(
                session,
                Telling("registration.details", event.id, each.id, what),
                to_address=address,
                at_once=True,
                now=now,
            )
