"""Remind me when it opens: asked, confirmed, told once, forgotten."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, cast, delete, literal, select, update
from sqlalchemy.orm import Session, selectinload

from csd_events.accounts.models import Person
from csd_events.accounts.rules import email_key
from csd_events.core.db import INSERTS, among, engine_name
from csd_events.core.errors import RefusedError
from csd_events.core.time import to_wall
from csd_events.core.tokens import new_version
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience, terms
from csd_events.events.rules import State as EventState
from csd_events.organizations import queries as organizations
from csd_events.outbox import queries as outbox_queries
from csd_events.outbox import service as outbox
from csd_events.outbox.queries import AN_HOUR
from csd_events.registrations import rules
from csd_events.registrations.models import OpeningWish
from csd_events.registrations.rules import Answer, Refusal
from csd_events.registrations.service.offering import refusal_of, terms_for
from csd_events.registrations.service.registering import count_form


def ask_for_opening(
    session: Session,
    slug: str,
    email: str,
    *,
    now: datetime,
    person_id: int | None = None,
    network_address: str | None = None,
) -> None:
    """Keep an address that wants to hear when registration for an event opens.

    Asking again does the same and is answered alike; the mail that asks the owner of
    the address goes once an hour at most.

    Args:
        person_id: Who is signed in, and asks for their own address; None for anyone
            else, whose address is asked first.
        network_address: Where it came from; None where that is not counted.

    Raises:
        NotFoundError: No such event.
        RefusedError: Registration is open to them, or will not be.
        TooManyError: Too many forms from one network address.
    """
    if network_address:
        count_form(session, network_address, now)
    event = events.get_with_offers(session, slug)
    found = terms_for(session, event, person_id, now=now)
    refusal = refusal_of(event, found)
    if refusal is not Refusal.NOT_OPEN:
        raise RefusedError(refusal or Refusal.CLOSED)
    wish_id = _keep(session, event.id, email, now)
    if _is_confirmed(session, person_id):
        confirm_wish(session, _id_of(session, event.id, email), now=now)
    elif wish_id is not None:
        _ask_owner(session, wish_id, event.id, email, now)


def confirm_wish(session: Session, wish_id: int, *, now: datetime) -> None:
    """Note that the owner of an address wants to hear; again changes nothing."""
    session.execute(
        update(OpeningWish)
        .where(OpeningWish.id == wish_id, OpeningWish.confirmed_at.is_(None))
        .values(confirmed_at=now)
    )


def tell_of_openings(session: Session, *, now: datetime) -> int:
    """Mail who wished to hear that registration has opened. Return how many.

    What was told is forgotten, and so is what nobody will ever be told: the event is
    off or over, or its registration ended.
    """
    wished = select(OpeningWish.event_id).where(OpeningWish.confirmed_at.is_not(None))
    waiting = (
        select(Event)
        .where(Event.id.in_(wished))
        .options(selectinload(Event.offers))
        .order_by(Event.id)
    )
    return sum(_tell(session, each, now) for each in session.scalars(waiting).all())


def forget_wishes(session: Session, *, now: datetime) -> None:
    """Drop what nobody confirmed in time."""
    unconfirmed = OpeningWish.confirmed_at.is_(None)
    late = OpeningWish.asked_at < now - rules.WISH_KEPT
    session.execute(delete(OpeningWish).where(unconfirmed, late))


def _keep(session: Session, event_id: int, email: str, now: datetime) -> int | None:
    """Write a wish down. Return its id if its owner is to be asked."""
    row = {
        "event_id": event_id,
        "email": email,
        "email_key": email_key(email),
        "version": new_version(),
        "asked_at": now,
    }
    wish = INSERTS[engine_name(session)](OpeningWish).values(row)
    again = wish.on_conflict_do_update(
        index_elements=["event_id", "email_key"],
        set_={"asked_at": now},
        where=OpeningWish.confirmed_at.is_(None)
        & (OpeningWish.asked_at <= now - AN_HOUR),
    )
    found: int | None = session.scalar(again.returning(OpeningWish.id))
    return found


def _id_of(session: Session, event_id: int, email: str) -> int:
    theirs = select(OpeningWish.id).filter_by(
        event_id=event_id, email_key=email_key(email)
    )
    return session.scalars(theirs).one()


def _is_confirmed(session: Session, person_id: int | None) -> bool:
    """Tell whether the address of who is signed in is known to be theirs."""
    whose = select(Person.email_confirmed_at).where(Person.id == person_id)
    return person_id is not None and session.scalar(whose) is not None


def _ask_owner(
    session: Session, wish_id: int, event_id: int, email: str, now: datetime
) -> None:
    kind = "wishes.confirm"
    outbox.enqueue(
        session,
        key=f"{kind}:{wish_id}:{rules.stamp(now)}",
        kind=kind,
        subject_id=wish_id,
        event_id=event_id,
        to_address=email,
        due_at=outbox_queries.next_turn(
            session, email, most=rules.MAILS_AN_HOUR, now=now
        ),
        now=now,
    )


def _tell(session: Session, event: Event, now: datetime) -> int:
    if event.is_postponed:
        return 0  # it opens again when it has a date
    answers = _answers(session, event, now)
    told = [wish_id for wish_id, answer in answers.items() if answer is Answer.TELL]
    gone = [wish_id for wish_id, answer in answers.items() if answer is not Answer.WAIT]
    if told:
        _queue(session, event.id, told, now)
    if gone:
        session.execute(delete(OpeningWish).where(among(session, OpeningWish.id, gone)))
    return len(told)


def _answers(session: Session, event: Event, now: datetime) -> dict[int, Answer]:
    """Say what becomes of each wish; two statements, however many there are."""
    wishes = (
        select(OpeningWish.id, Person.id)
        .outerjoin(Person, Person.email_key == OpeningWish.email_key)
        .where(OpeningWish.event_id == event.id, OpeningWish.confirmed_at.is_not(None))
        # Another process that tells of them now is not waited for: its mails are ours.
        .with_for_update(of=OpeningWish, skip_locked=True)
    )
    whose = {wish_id: person_id for wish_id, person_id in session.execute(wishes)}  # noqa: C416 - a result is no mapping
    members = _members(session, event, [each for each in whose.values() if each], now)
    by_membership = {member: _answer(event, member, now) for member in (True, False)}
    return {
        wish_id: by_membership[person_id in members]
        for wish_id, person_id in whose.items()
    }


def _members(
    session: Session, event: Event, person_ids: Collection[int], now: datetime
) -> set[int]:
    if not person_ids:
        return set()
    today = to_wall(now, event.zone).date()
    found = organizations.standings(session, person_ids, today)
    return {person_id for person_id, standing in found.items() if standing.is_member}


def _answer(event: Event, member: bool, now: datetime) -> Answer:  # noqa: FBT001 - one of two columns
    offers = event.terms_of_offers
    open_now = {o.audience for o in offers if o.window.contains(now)}
    return rules.answer_to_wish(
        terms(offers, member=member, now=now).access,
        is_public=event.state is EventState.PUBLISHED and not event.is_over(now),
        members_can=Audience.MEMBERS in open_now,
    )


def _queue(
    session: Session, event_id: int, wish_ids: Collection[int], now: datetime
) -> None:
    kind = "wishes.opened"
    who = select(
        (literal(f"{kind}:") + cast(OpeningWish.id, String)).label("key"),
        OpeningWish.event_id.label("subject_id"),
        OpeningWish.email.label("to_address"),
    ).where(among(session, OpeningWish.id, wish_ids))
    outbox.enqueue_all(session, who, kind=kind, due_at=now, now=now, event_id=event_id)
