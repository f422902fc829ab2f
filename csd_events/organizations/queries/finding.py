"""Finding organizations, one of them or a page of their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.core.search import holds
from csd_events.core.text import fold
from csd_events.organizations.models import (
    Membership,
    Organization,
)
from csd_events.organizations.queries.paging import PER_PAGE
from csd_events.organizations.rules import name_key, split_place
from csd_events.topics.catalogue import GOVERNMENT_TYPES

#: So many names are offered to who has typed so many letters.
NAMES_OFFERED, LETTERS_NEEDED = 10, 2


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """One organization in staff's list."""

    id: int
    name: str
    key: str
    kind: str | None
    state: str | None
    external_id: str | None
    is_member: bool


def get(session: Session, organization_id: int) -> Organization:
    """Return an organization.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(Organization, organization_id)
    if found is None:
        raise NotFoundError("organization")
    return found


def list_above(session: Session, organization_id: int) -> list[int]:
    """List the organizations above one, by walking up from parent to parent."""
    above = (
        select(Organization.parent_id.label("id"))
        .where(Organization.id == organization_id, Organization.parent_id.is_not(None))
        .cte("above", recursive=True)
    )
    higher = aliased(Organization)
    above = above.union(
        select(higher.parent_id)
        .join(above, above.c.id == higher.id)
        .where(higher.parent_id.is_not(None))
    )
    return list(session.scalars(select(above.c.id)))


def list_named(session: Session, words: str) -> Sequence[Organization]:
    """List what is meant by ``Springfield`` or ``Springfield, IL``: at most two."""
    whole = select(Organization).where(Organization.name_key == name_key(words))
    found = session.scalars(whole.order_by(Organization.id).limit(2)).all()
    name, state = split_place(words)
    if found or state is None:
        return found
    in_state = select(Organization).where(
        Organization.name_key == name_key(name), Organization.state == state
    )
    return session.scalars(in_state).all()


def list_names(session: Session, typed: str) -> Sequence[str]:
    """List names of governments that hold the words typed, for anybody.

    Nothing about them tells who is a member; below two letters there are none.
    """
    words = [fold(word) for word in typed.split()]
    if sum(map(len, words)) < LETTERS_NEEDED:
        return []
    fitting = (
        select(Organization.name)
        .where(
            Organization.kind.in_(GOVERNMENT_TYPES),
            *(holds(Organization.key, word) for word in words),
        )
        .group_by(Organization.name)
        .order_by(func.min(Organization.key))
        .limit(NAMES_OFFERED)
    )
    return session.scalars(fitting).all()


def page_organizations(
    session: Session,
    *,
    words: str,
    member: bool | None,
    today: date,
    parent_id: int | None = None,
    edge: tuple[str | None, str | None] = (None, None),
) -> CountedPage[OrganizationLine, str]:
    """Return a page of organizations by name.

    Args:
        words: Each must stand in name or state, or be the number.
        member: Only members of today, only others, or all.
        parent_id: Only what stands right below this one.
        edge: The key after which the page begins, or else before which it ends.
    """
    after, before = edge
    fitting = _fitting(words, member, today)
    if parent_id is not None:
        fitting = fitting.where(Organization.parent_id == parent_id)
    total = session.scalar(select(func.count()).select_from(fitting.subquery())) or 0
    query = fitting.order_by(
        Organization.key.desc() if before else Organization.key.asc()
    )
    if before:
        query = query.where(Organization.key < before)
    elif after:
        query = query.where(Organization.key > after)
    rows = session.execute(query.limit(PER_PAGE + 1)).all()
    lines = [OrganizationLine(*row) for row in rows[:PER_PAGE]]
    more = len(rows) > PER_PAGE
    if before:
        lines.reverse()
    return CountedPage(
        items=lines,
        total=total,
        before=lines[0].key if lines and (more if before else after) else None,
        after=lines[-1].key if lines and (before or more) else None,
    )


def _fitting(words: str, member: bool | None, today: date) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 - one of three
    is_member = (
        select(Membership.id)
        .where(
            Membership.organization_id == Organization.id,
            Membership.from_on <= today,
            Membership.until_on >= today,
        )
        .exists()
    )
    query = select(
        Organization.id,
        Organization.name,
        Organization.key,
        Organization.kind,
        Organization.state,
        Organization.external_id,
        is_member,
    )
    if member is not None:
        query = query.where(is_member if member else ~is_member)
    for word in words.split():
        in_key = holds(Organization.key, fold(word))
        query = query.where(or_(in_key, Organization.external_id == word))
    return query
