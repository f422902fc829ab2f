"""Finding registrations: by link, by person, and what was mailed about them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from csd_events.core.errors import EndedError, NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.events.models import Event
from csd_events.events.queries import FEED_REACHES_BACK, MOST_IN_A_FEED
from csd_events.events.rules import State as EventState
from csd_events.organizations.queries import colleagues_on
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.models import Receipt, Registration
from csd_events.registrations.rules import State, receipt_version

#: Kinds of mail by which somebody hears of a place, once in each life.
PLACED = ("approved", "confirmed", "handed", "let_in", "placed", "promoted")


# Made once: every page and every form of somebody who is signed in asks them.
_PAIR = (
    select(Registration)
    .where(
        Registration.event_id == bindparam("event_id"),
        Registration.person_id == bindparam("person_id"),
    )
    .options(joinedload(Registration.person))
)
_WITH_PERSON = (
    select(Registration)
    .where(Registration.id == bindparam("id"))
    .options(joinedload(Registration.person, innerjoin=True))
)
_RECEIPT = select(Receipt).where(Receipt.id == bindparam("id"))
_LINK_VERSION = select(Registration.link_version).where(
    Registration.id == bindparam("id")
)


def get(session: Session, registration_id: int) -> Registration:
    """Return a registration with its person, its event and the event's sessions.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = _find(session, registration_id)
    if found is None:
        raise NotFoundError(str(registration_id))
    return found


def get_with_person(session: Session, registration_id: int) -> Registration:
    """Return a registration with its person alone.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.scalar(_WITH_PERSON, {"id": registration_id})
    if found is None:
        raise NotFoundError(str(registration_id))
    return found


def get_by_link(
    session: Session, links: Links, token: str, purpose: Purpose
) -> Registration:
    """Return the registration a lasting link opens.

    Raises:
        NotFoundError: The link is not ours.
        EndedError: It was, until a newer one took its place.
    """
    number = row_id(token)
    found = _find(session, number) if number is not None else None
    if found is None:
        raise NotFoundError("registration")
    if links.matches(token, purpose, found.link_version):
        return found
    if links.matched_before(token, purpose, found.link_version):
        raise EndedError("registration")
    raise NotFoundError("registration")


def find_receipt(session: Session, links: Links, token: str) -> Receipt | None:
    """Return the receipt a link opens, if it is one."""
    number = row_id(token)
    if number is None:
        return None
    found = session.scalar(_RECEIPT, {"id": number})
    if found is None:
        return None
    version = receipt_version(found.sent_at)
    return found if links.matches(token, Purpose.RECEIPT, version) else None


def find(session: Session, *, event_id: int, person_id: int) -> Registration | None:
    """Find what a person has at an event, cancelled or not, and the person with it."""
    return session.scalar(_PAIR, {"event_id": event_id, "person_id": person_id})


def get_link_version(session: Session, registration_id: int) -> int:
    """Return the version that a registration's link has now."""
    return session.scalars(_LINK_VERSION, {"id": registration_id}).one()


def find_states(
    session: Session, *, person_id: int, event_ids: Collection[int]
) -> dict[int, State]:
    """Return how a person stands at some events, where they ever registered."""
    theirs = select(Registration.event_id, Registration.state).where(
        Registration.person_id == person_id,
        Registration.event_id.in_(event_ids),
        ~Registration.is_pending,
    )
    return dict(session.execute(theirs).all())


def has_colleagues(session: Session, registration: Registration, day: date) -> bool:
    """Tell whether others of somebody's organization are registered there too.

    By the rosters of that day, which staff vouch for: what is typed into a form proves
    nothing, and an answer would tell a stranger who comes. Who is cancelled or waiting
    does not count, nor does a place that is nobody's yet.
    """
    others = exists().where(
        Registration.event_id == registration.event_id,
        Registration.state == State.CONFIRMED,
        Registration.person_id.in_(colleagues_on(registration.person_id, day)),
    )
    return bool(session.scalar(select(others)))


def list_own(session: Session, person_id: int) -> Sequence[Registration]:
    """List what belongs to a person, the latest event first."""
    mine = (
        select(Registration)
        .join(Registration.event)
        .options(contains_eager(Registration.event).selectinload(Event.offers))
        .where(
            Registration.person_id == person_id,
            Registration.handed_on_at.is_(None),
            ~Registration.is_pending,
        )
        .order_by(Event.listed_at.desc(), Registration.id.desc())
    )
    return session.scalars(mine).all()


def list_for_feed(
    session: Session, person_id: int, *, now: datetime
) -> Sequence[Registration]:
    """List the places somebody has, for a calendar of theirs that follows them."""
    mine = (
        select(Registration)
        .join(Registration.event)
        .options(
            contains_eager(Registration.event).selectinload(Event.sessions),
            joinedload(Registration.person),
        )
        .where(
            Registration.person_id == person_id,
            Registration.state == State.CONFIRMED,
            Event.state == EventState.PUBLISHED,
            Event.starts_at.is_not(None),
            or_(Event.over_at.is_(None), Event.over_at > now - FEED_REACHES_BACK),
        )
        .order_by(Event.listed_at.desc(), Registration.id.desc())
        .limit(MOST_IN_A_FEED)
    )
    return session.scalars(mine).all()


def count_coming(session: Session, person_id: int, *, now: datetime) -> int:
    """Count the places somebody holds, or waits for, at events that are not over."""
    coming = (
        select(func.count(Registration.id))
        .join(Registration.event)
        .where(
            Registration.person_id == person_id,
            Registration.state != State.CANCELLED,
            ~Registration.is_pending,
            Event.cancelled_at.is_(None),
            or_(Event.over_at.is_(None), Event.over_at > now),
        )
    )
    return session.scalar(coming) or 0


def rank_waiting(session: Session, registration: Registration) -> int | None:
    """Return a person's place in the queue, from 1; None if they are not in it."""
    if registration.position is None:
        return None
    ahead = select(func.count()).where(
        Registration.event_id == registration.event_id,
        Registration.state == State.WAITING,
        Registration.position <= registration.position,
    )
    return session.scalar(ahead)


def held_place(session: Session, registration_id: int, *, life: int) -> bool:
    """Tell whether a registration had a place in an earlier life: it was told so."""
    told = [f"registration.{kind}:{registration_id}:{life}" for kind in PLACED]
    mailed = select(OutboxMessage.id).where(OutboxMessage.key.in_(told))
    return session.scalar(mailed.limit(1)) is not None


def was_mailed(
    session: Session, registration_id: int, kind: str, *, since: datetime
) -> bool:
    """Tell whether a mail of a kind was queued about a registration since then."""
    mailed = select(OutboxMessage.id).where(
        OutboxMessage.subject_id == registration_id,
        OutboxMessage.kind == kind,
        OutboxMessage.queued_at > since,
    )
    return session.scalar(mailed.limit(1)) is not None


@cache  # every mail and every page of a registration asks this
def _whole() -> Select[Registration]:
    event = contains_eager(Registration.event)
    return (
        select(Registration)
        .join(Registration.person)
        .join(Registration.event)
        .options(
            contains_eager(Registration.person),
            event,
            event.options(
                joinedload(Event.sessions),
                joinedload(Event.areas),
                joinedload(Event.conference),
            ),
        )
        .where(Registration.id == bindparam("id"))
    )


def _find(session: Session, registration_id: int) -> Registration | None:
    found = session.scalars(_whole(), {"id": registration_id})
    return found.unique().one_or_none()
