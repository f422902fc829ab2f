"""Reading conferences: their schedule for everybody, their lists for staff."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from csd_events.accounts.models import Person
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page
from csd_events.core.search import holds
from csd_events.core.text import fold
from csd_events.events.models import Conference, ConferenceAddress, Event
from csd_events.events.queries.finding import is_public
from csd_events.events.rules import State

ADDRESSES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class ConferenceLine:
    """A conference as staff list it, with how much belongs to it."""

    id: int
    name: str
    first_on: date
    last_on: date
    published: bool
    forums: int
    addresses: int


def get_published_conference(session: Session, slug: str) -> Conference:
    """Return a conference that everybody may see, with its partners.

    Raises:
        NotFoundError: None has this slug, or staff have not published it.
    """
    query = _whole().where(Conference.slug == slug, Conference.published)
    return _found(session.scalar(query))


def get_conference(session: Session, conference_id: int) -> Conference:
    """Return a conference, published or not, with its partners.

    Raises:
        NotFoundError: There is none of this id.
    """
    return _found(session.scalar(_whole().where(Conference.id == conference_id)))


def list_forums(
    session: Session,
    conference_id: int,
    *,
    states: Collection[State] = (State.PUBLISHED, State.CANCELLED),
) -> Sequence[Event]:
    """List the public forums of a conference in the order in which they begin."""
    parts = (
        selectinload(Event.sessions),
        selectinload(Event.offers),
        selectinload(Event.contributions),
    )
    query = select(Event).where(
        Event.conference_id == conference_id,
        is_public(),
        Event.state.in_(states),
    )
    return session.scalars(
        query.options(*parts).order_by(Event.listed_at, Event.id)
    ).all()


def list_conferences_for_staff(session: Session) -> list[ConferenceLine]:
    """List all conferences, the latest first."""
    forums = select(func.count()).where(Event.conference_id == Conference.id)
    of_it = ConferenceAddress.conference_id == Conference.id
    listed = select(func.count()).where(of_it)
    rows = session.execute(
        select(
            Conference.id,
            Conference.name,
            Conference.first_on,
            Conference.last_on,
            Conference.published,
            forums.scalar_subquery(),
            listed.scalar_subquery(),
        ).order_by(Conference.first_on.desc(), Conference.id)
    )
    return [ConferenceLine(*row) for row in rows]


def count_addresses(session: Session, conference_id: int) -> int:
    """Count who is registered for a conference, as its list says."""
    listed = ConferenceAddress.conference_id == conference_id
    return session.scalar(select(func.count()).where(listed)) or 0


def find_listed(
    session: Session, conference_id: int, person_ids: Collection[int]
) -> frozenset[int]:
    """Find whose addresses, of some people, are on the list of a conference."""
    of_list = ConferenceAddress.conference_id == conference_id
    theirs = (
        select(Person.id)
        .join(ConferenceAddress, ConferenceAddress.email_key == Person.email_key)
        .where(Person.id.in_(person_ids), of_list)
    )
    return frozenset(session.scalars(theirs))


def known_addresses(session: Session, conference_id: int) -> frozenset[str]:
    """Return every address of a conference's list."""
    listed = select(ConferenceAddress.email_key)
    found = listed.where(ConferenceAddress.conference_id == conference_id)
    return frozenset(session.scalars(found))


def page_addresses(
    session: Session, conference_id: int, *, words: str, after: str | None
) -> Page[str, str]:
    """Return a page of a conference's list, A to Z."""
    key = ConferenceAddress.email_key
    query = select(key).where(
        ConferenceAddress.conference_id == conference_id,
        *(holds(key, word) for word in fold(words).split()),
    )
    if after:
        query = query.where(key > after)
    keys = session.scalars(query.order_by(key).limit(ADDRESSES_A_PAGE + 1)).all()
    more = len(keys) > ADDRESSES_A_PAGE
    shown = keys[:ADDRESSES_A_PAGE]
    return Page(items=shown, after=shown[-1] if more else None)


def _whole() -> Select[Conference]:
    return select(Conference).options(selectinload(Conference.partners))


def _found(conference: Conference | None) -> Conference:
    if conference is None:
        raise NotFoundError("conference")
    return conference
