"""Somebody else comes instead, or the same person by another address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.service import Met
from csd_events.audit import service as audit
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import (
    Handover,
    Receipt,
    Registration,
)
from csd_events.registrations.queries import standing_of
from csd_events.registrations.rules import (
    HandoverKind,
    Newcomer,
    NotReplaced,
)
from csd_events.registrations.service.answering import forget_said
from csd_events.registrations.service.handing import (
    handover_of,
    pass_on,
    show_in_group,
)
from csd_events.registrations.service.locking import lock
from csd_events.registrations.service.registering import count_form
from csd_events.registrations.service.succeeding import (
    is_colleague,
    refuse_another_audience,
)
from csd_events.registrations.service.telling import (
    Telling,
    queue_mail,
    tell_again,
    tell_of_handover,
    untold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who asks for a change, and how.

    Attributes:
        link_version: Of the link by which it is asked for; None without a link.
        actor_id: Who is signed in and does it; None for who has the link.
        is_staff: Whether they are of the staff, whom no last day binds, and no price
            that the holder has not confirmed. A place for members stays with members.
        network_address: Where it came from; None where that is not counted.
        tell: Whether the two are mailed.
        group_id: Of the form whose sender asks for it, and is named to who made way.
    """

    link_version: int | None = None
    actor_id: int | None = None
    is_staff: bool = False
    network_address: str | None = None
    tell: bool = True
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """Who comes instead: as typed, and who that is."""

    newcomer: Newcomer
    met: Met


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passing:
    """A place that has gone on: how it was, and whose it is."""

    kept: Handover
    given: Registration
    met: Met
    old_email: str
    now: datetime


def replace(
    session: Session,
    registration_id: int,
    newcomer: Newcomer,
    *,
    now: datetime,
    by: By,
) -> int:
    """Let somebody else have a place, or the place in the queue. Return whose it is.

    What is answered never depends on whether they had one already: then theirs stays,
    and this one goes to the next in line. Both hear it by mail, the old holder with a
    way to have it back.

    Raises:
        NotFoundError: No such registration, or its link has ended.
        RefusedError: See `NotReplaced`.
        TooManyError: Too many forms from one network address, or too many addresses
            tried for one place for members.
    """
    event, registration = _open(session, registration_id, by, now)
    refusal = rules.refuse_replacing(
        standing_of(event, registration), now, by_staff=by.is_staff
    )
    if refusal:
        raise RefusedError(refusal)
    met = _meet(session, registration, newcomer, now)
    if not is_colleague(event, registration, newcomer):
        refuse_another_audience(session, event, registration, met, now)
    successor = Successor(newcomer, met)
    return let_come(session, event, registration, successor, by=by, now=now)


def let_come(
    session: Session,
    event: Event,
    registration: Registration,
    successor: Successor,
    *,
    by: By,
    now: datetime,
) -> int:
    """Let somebody have a place that may go to them. Return whose registration it is.

    Args:
        session: To write in.
        event: Locked.
        registration: Whose place it is; with its person.
        successor: Who comes instead.
        by: Who asks for it.
        now: When this is done.
    """
    passing = _pass(session, event, registration, successor, HandoverKind.REPLACED, now)
    passing.kept.group_id = by.group_id
    given = passing.given
    if passing.kept.received_id is not None:
        show_in_group(session, given, successor.newcomer)
        given.confirmed_at = now if given.confirmed_at else None  # they hear it now
        given.reminders_off = False
        forget_said(session, given.id)  # it was said of somebody else
    if by.tell:
        _tell(session, passing, "registration.handed")
    _note(session, passing, "registration.replaced", by)
    return given.id


def correct_address(
    session: Session, registration_id: int, email: str, *, now: datetime, by: By
) -> int:
    """Let a registration go by another address of its person. Return which that is.

    As `replace` in all else: answered alike whoever has the address, and told to the
    old one.

    Raises:
        NotFoundError: No such registration, or its link has ended.
        RefusedError: See `NotReplaced`.
        TooManyError: Too many forms from one network address.
    """
    event, registration = _open(session, registration_id, by, now)
    refusal = rules.refuse_readdressing(
        standing_of(event, registration), now, by_staff=by.is_staff
    )
    if refusal:
        raise RefusedError(refusal)
    same = Newcomer(
        full_name=registration.full_name,
        email=email,
        organization=registration.organization,
    )
    met = _meet(session, registration, same, now)
    kind = HandoverKind.READDRESSED
    passing = _pass(session, event, registration, Successor(same, met), kind, now)
    if by.tell:
        _tell(session, passing, "registration.details")
    _note(session, passing, "registration.readdressed", by)
    return passing.given.id


def _open(
    session: Session, registration_id: int, by: By, now: datetime
) -> tuple[Event, Registration]:
    event, registration = lock(session, registration_id)
    if by.link_version not in {None, registration.link_version}:
        raise NotFoundError(str(registration_id))
    if registration.is_pending:  # of which they have not heard
        raise RefusedError(NotReplaced.DECIDED)
    if by.network_address:  # each is a mail to an address of their choice
        count_form(session, by.network_address, now)
    return event, registration


def _meet(
    session: Session, registration: Registration, newcomer: Newcomer, now: datetime
) -> Met:
    met = accounts.meet(
        session, email=newcomer.email, full_name=newcomer.full_name, now=now
    )
    if met.person_id == registration.person_id:
        raise RefusedError(NotReplaced.SAME)
    return met


def _pass(
    session: Session,
    event: Event,
    registration: Registration,
    successor: Successor,
    kind: HandoverKind,
    now: datetime,
) -> _Passing:
    """Pass a place on and keep how it was, for the day in which it can go back."""
    kept, old_email = (
        handover_of(registration, kind, now=now),
        registration.person.email,
    )
    met, named = successor.met, successor.newcomer
    passed = pass_on(session, event, registration, met.person_id, named=named, now=now)
    kept.received_id = passed.to.id if passed.moved else None
    kept.made_way = passed.made_way
    # The receipt of the form that made it moves it to no other address any more.
    session.execute(
        update(Receipt)
        .where(Receipt.registration_id == kept.registration_id)
        .values(made_it=False)
    )
    session.add(kept)
    session.flush()
    return _Passing(kept=kept, given=passed.to, met=met, old_email=old_email, now=now)


def _tell(session: Session, passing: _Passing, kind: str) -> None:
    """Tell the old address what became of the place, and the new one what it has."""
    kept, given, met, now = passing.kept, passing.given, passing.met, passing.now
    tell_of_handover(session, kept, passing.old_email, event_id=given.event_id, now=now)
    if kept.received_id is None:
        tell_again(
            session,
            given.id,
            event_id=given.event_id,
            to_address=met.email,
            at_once=met.confirmed,
            now=now,
        )
        return
    handed = kept.kind is HandoverKind.REPLACED
    what = str(given.life) if handed else f"address-{given.link_version}"
    queue_mail(
        session,
        Telling(kind, given.event_id, given.id, what),
        to_address=met.email,
        at_once=met.confirmed or met.is_new,
        now=now,
    )


def _note(session: Session, passing: _Passing, action: str, by: By) -> None:
    audit.record(
        session,
        action,
        subject_id=passing.kept.registration_id,
        actor_id=by.actor_id,
        now=passing.now,
        changes={"email": [passing.old_email, passing.met.email]}
        | untold(tell=by.tell),
    )
