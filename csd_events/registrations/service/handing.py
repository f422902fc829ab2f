"""Handing a place from one registration of an event to another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from csd_events.accounts import service as accounts
from csd_events.accounts.service import Met
from csd_events.audit import service as audit
from csd_events.core.text import sort_key
from csd_events.core.tokens import new_version
from csd_events.events.models import Event
from csd_events.registrations import rules
from csd_events.registrations.models import GroupEntry, Handover, Registration
from csd_events.registrations.rules import HandoverKind, Hold, Newcomer, State, outranks
from csd_events.registrations.service.answering import hand_said
from csd_events.registrations.service.charging import charge, take_back_charge
from csd_events.registrations.service.comparing import is_unlisted
from csd_events.registrations.service.placing import give_back, leave, put
from csd_events.registrations.service.telling import IN
from csd_events.registrations.service.waiting import promote

#: What a registration says of its place and of its form, whoever's it is.
GIVEN = (
    "offer_id", "state", "hold", "held_until", "position", "full_name",
    "organization", "name_key", "organization_key", "service_area", "us_state",
    "price_cents", "currency", "purchase_order", "bill_to", "registered_at",
    "confirmed_at", "reminders_off", "group_id", "decline_note",
)  # fmt: skip
#: What somebody waits with, and has again if a place they were given goes back.
WAITED_WITH = (
    "offer_id", "price_cents", "currency", "purchase_order", "bill_to", "full_name",
    "organization", "name_key", "organization_key", "position", "group_id",
)  # fmt: skip


def handover_of(
    registration: Registration, kind: HandoverKind, *, now: datetime
) -> Handover:
    """Write down how a registration stands before its place goes."""
    return Handover(
        kind=kind,
        registration_id=registration.id,
        from_person_id=registration.person_id,
        full_name=registration.full_name,
        organization=registration.organization,
        state=registration.state,
        hold=registration.hold,
        position=registration.position,
        life=registration.life,
        version=new_version(),
        made_at=now,
        ends_at=now + rules.TAKEN_BACK_FOR,
    )


def name(registration: Registration, full_name: str, organization: str) -> None:
    """Write another name on a registration, with what lists are sorted by."""
    registration.full_name, registration.organization = full_name, organization
    registration.name_key = sort_key(full_name)
    registration.organization_key = sort_key(organization)


def hand_to(registration: Registration, who: Met) -> None:
    """Let a registration be another person's."""
    registration.person_id, registration.email_key = who.person_id, who.key


def show_in_group(session: Session, given: Registration, newcomer: Newcomer) -> None:
    """Name who comes instead to whoever registered them."""
    row = GroupEntry.registration_id == given.id
    said = {
        "full_name": newcomer.full_name,
        "email": newcomer.email,
        "organization": newcomer.organization,
    }
    session.execute(
        update(GroupEntry)
        .where(row, GroupEntry.group_id == given.group_id)
        .values(said)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Passed:
    """A place that somebody passed on.

    Attributes:
        to: The registration of who it was for.
        moved: Whether the place is theirs now; else they have one of their own.
        made_way: What they waited with until then, if they did.
    """

    to: Registration
    moved: bool = True
    made_way: dict[str, Any] | None = None


def pass_on(
    session: Session,
    event: Event,
    given: Registration,
    person_id: int,
    *,
    named: Newcomer | None = None,
    now: datetime,
) -> Passed:
    """Let another person have a place of a locked event, or the place in its queue.

    Nobody holds two: who has a place already keeps it, and this one goes to the next
    in line; who only waits gets it, under the name that they gave themselves, and
    waits no longer. Calendars get a new entry.

    Args:
        session: To write in.
        event: Locked.
        given: Whose place it is.
        person_id: Who gets it.
        named: What it says of them from now on; None for what it said before.
        now: When this is done.
    """
    theirs = _of_person(session, event.id, person_id)
    if theirs is None:
        hand_to(given, accounts.recognize(session, person_id))
        if named is not None:
            name(given, named.full_name, named.organization)
        given.life += 1
        given.sequence += 1
        given.link_version += 1
        session.flush()
        session.refresh(given, ["person"])
        _compare_anew(session, event, given, now)
        return Passed(given)
    made_way = None
    if theirs.state in IN:
        if not outranks(given.state, theirs.state):
            take_back(session, event, given, now)
            return Passed(theirs, moved=False)
        if not theirs.is_pending:
            made_way = {each: getattr(theirs, each) for each in WAITED_WITH}
            named = Newcomer(
                full_name=theirs.full_name,
                email=theirs.person.email,
                organization=theirs.organization,
            )
        give_back(event, theirs, now=now)
        session.flush()
    given.link_version += 1
    revive_with(session, theirs, given, life=theirs.life + 1, now=now)
    if named is not None:
        name(theirs, named.full_name, named.organization)
    _compare_anew(session, event, theirs, now)
    session.flush()
    promote(session, event, now=now)  # to what they had held until now
    charge_instead(session, event, theirs, given, now=now)
    return Passed(theirs, made_way=made_way)


def _compare_anew(
    session: Session, event: Event, registration: Registration, now: datetime
) -> None:
    """Hold a place that was had by an address on the conference's list.

    The new one may not be on it. One that is now gets what was held by itself.
    """
    if registration.state is not State.CONFIRMED or event.needs_approval:
        return
    if is_unlisted(session, event, registration.person_id):
        leave(event, registration)
        put(event, registration, State.HELD, now=now)
        registration.hold = Hold.CONFERENCE
        take_back_charge(session, registration, now=now)


def take_back(
    session: Session, event: Event, registration: Registration, now: datetime
) -> None:
    """Free a place of somebody who has one already, under another address."""
    give_back(event, registration, now=now)
    registration.link_version += 1
    registration.handed_on_at = now
    session.flush()
    audit.record(
        session, "registration.taken_back", subject_id=registration.id, now=now
    )
    promote(session, event, now=now)
    take_back_charge(session, registration, now=now)


def revive_with(
    session: Session,
    theirs: Registration,
    given: Registration,
    *,
    life: int,
    now: datetime,
) -> None:
    """Give a cancelled registration the place, or the position, that another has.

    With what its form said. A person has one row at an event, which is locked, and
    counters stay as they are. What was charged is for `charge_instead`.

    Args:
        session: To write in.
        theirs: The one that gets it.
        given: The one that had it.
        life: Of the entries in their calendar.
        now: When this is done.
    """
    place = {name: getattr(given, name) for name in GIVEN}
    given.state, given.position, given.cancelled_at = State.CANCELLED, None, now
    given.hold = given.held_until = None
    given.handed_on_at = now
    if given.group_id is not None:  # whose sender goes on looking after it
        entry = GroupEntry.group_id == given.group_id
        theirs_now = update(GroupEntry).where(
            entry, GroupEntry.registration_id == given.id
        )
        session.execute(theirs_now.values(registration_id=theirs.id))
        given.group_id = None
    given.sequence += 1
    session.flush()  # before another row has the same position
    for name, value in place.items():
        setattr(theirs, name, value)
    theirs.cancelled_at = theirs.handed_on_at = None
    hand_said(session, from_id=given.id, to_id=theirs.id)
    theirs.life = life
    theirs.link_version += 1
    session.flush()


def charge_instead(
    session: Session,
    event: Event,
    theirs: Registration,
    given: Registration,
    *,
    now: datetime,
) -> None:
    """Credit what a place was charged to one registration, and charge it to another."""
    take_back_charge(session, given, now=now)
    charge(session, event, theirs, now=now)


def _of_person(session: Session, event_id: int, person_id: int) -> Registration | None:
    pair = select(Registration).filter_by(event_id=event_id, person_id=person_id)
    with_person = pair.options(joinedload(Registration.person))
    return session.scalar(with_person.execution_options(populate_existing=True))
