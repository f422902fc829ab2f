"""Staff's list of people: searched, narrowed, by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from csd_events.accounts.models import Account, Person
from csd_events.accounts.rules import name_key
from csd_events.core.access import Role
from csd_events.core.pages import Page
from csd_events.core.search import holds
from csd_events.events.models import Event
from csd_events.organizations import queries as organizations
from csd_events.organizations.models import Affiliation, Membership, Organization
from csd_events.organizations.rules import NO_MEMBER, Standing
from csd_events.registrations.models import Registration

PER_PAGE = 50
MOST_WORDS = 5  # of a search: each is looked for by itself
NEVER = (None, None)


class Who(StrEnum):
    """Which people staff want to see."""

    ALL = "all"
    ACCOUNTS = "accounts"
    STAFF = "staff"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilters:
    """Whom staff look for, and the day on which somebody is a member."""

    today: date
    who: Who = Who.ALL
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person in staff's list.

    Attributes:
        role: Of their account; None for who has none.
        last_at: When they registered last, for the event `last_title`.
    """

    id: int
    full_name: str
    email: str
    role: Role | None
    standing: Standing
    last_at: datetime | None
    last_title: str | None


def has_confirmed(session: Session, person_id: int) -> bool:
    """Tell whether a person has shown that their address is theirs."""
    confirmed = select(Person.email_confirmed_at).where(Person.id == person_id)
    return session.scalar(confirmed) is not None


def page_people(
    session: Session, filters: PeopleFilters, *, after: int | None = None
) -> Page[PersonRow, int]:
    """Return a page of people by name, however long the list, in five statements."""
    wanted = search_statement(filters)
    edge = select(Person.name_key).where(Person.id == after)
    if (key := session.scalar(edge)) is not None:
        wanted = wanted.where(tuple_(Person.name_key, Person.id) > (key, after))
    ids = list(session.scalars(wanted))
    shown = ids[:PER_PAGE]
    return Page(
        items=_rows(session, shown, filters.today),
        after=shown[-1] if len(ids) > PER_PAGE else None,
    )


def _rows(session: Session, ids: Sequence[int], today: date) -> list[PersonRow]:
    standings = organizations.standings(session, ids, today)
    last = _last_registrations(session, ids)
    query = (
        select(Person.id, Person.full_name, Person.email, Account.role)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(ids))
    )
    found = {row.id: row for row in session.execute(query)}
    return [
        PersonRow(
            id=row.id,
            full_name=row.full_name,
            email=row.email,
            role=row.role,
            standing=standings.get(row.id, NO_MEMBER),
            last_at=last.get(row.id, NEVER)[0],
            last_title=last.get(row.id, NEVER)[1],
        )
        for row in (found[each] for each in ids)
    ]


def search_statement(filters: PeopleFilters) -> Select[int]:
    """Write down what finds a page of people, and whether there is more."""
    query = select(Person.id).order_by(Person.name_key, Person.id).limit(PER_PAGE + 1)
    has_account = select(Account.person_id)
    if filters.who is Who.ACCOUNTS:
        query = query.where(Person.id.in_(has_account))
    elif filters.who is Who.STAFF:
        query = query.where(Person.id.in_(has_account.where(Account.role != Role.NONE)))
    elif filters.who is Who.MEMBERS:
        query = query.where(Person.id.in_(_members(filters.today)))
    words = name_key(filters.words).split()[:MOST_WORDS]
    return query.where(*(_holds(word, filters.today) for word in words))


def _members(today: date) -> Select[int]:
    """Select whoever is a member on a day, of their own or through an organization."""
    current = Membership.from_on <= today, Membership.until_on >= today
    own = select(Membership.person_id).where(
        Membership.person_id.is_not(None), *current
    )
    through = (
        select(Affiliation.person_id)
        .join(Membership, Membership.organization_id == Affiliation.organization_id)
        .where(*current, organizations.belongs_on(today))
    )
    both = union(own, through).subquery()
    return select(both.c.person_id)


def _holds(word: str, today: date) -> ColumnElement[bool]:
    """Match a word of a search: something of theirs has a word that begins like it.

    Every name is looked at, in the narrow index that has the list's order.
    """
    starts_address = Person.email_key.startswith(word, autoescape=True)
    if "@" in word:
        return starts_address
    works_at = (
        select(Affiliation.person_id)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(organizations.belongs_on(today), _has(Organization.name_key, word))
    )
    return or_(
        _has(Person.name_key, word),
        starts_address,
        holds(Person.email_key, f"@{word}"),
        Person.id.in_(works_at),
    )


def _has(column: ColumnElement[str] | InstrumentedAttribute[str], word: str) -> Any:
    """Match a text in which a word begins like this one."""
    return holds(literal(" ") + column, f" {word}")


def _last_registrations(
    session: Session, person_ids: Collection[int]
) -> dict[int, tuple[datetime, str]]:
    latest = (
        select(Registration.person_id, func.max(Registration.registered_at).label("at"))
        .where(Registration.person_id.in_(person_ids))
        .group_by(Registration.person_id)
        .subquery()
    )
    rows = session.execute(
        select(Registration.person_id, Registration.registered_at, Event.title)
        .join(
            latest,
            and_(
                latest.c.person_id == Registration.person_id,
                latest.c.at == Registration.registered_at,
            ),
        )
        .join(Event, Event.id == Registration.event_id)
    )
    return {person_id: (at, title) for person_id, at, title in rows}
