"""What the database knows of the things that a piece of a file names.

Loaded with a handful of statements for a whole piece, whatever stands on its lines.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.accounts.rules import email_key
from csd_events.core.db import among
from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.rules import Line, name_key, organization_key, split_place
from csd_events.organizations.service.importing.things import Thing, load_things

#: What names an organization in the course of an import: ``#12``, or ``:`` and the
#: key of one that is new.
Ident = str


@dataclass(frozen=True, slots=True)
class KnownOrganization:
    """An organization that the database holds."""

    id: int
    name: str
    key: str
    name_key: str
    kind: str | None
    population_class: str | None
    state: str | None
    external_id: str | None
    parent_id: int | None

    @property
    def ident(self) -> Ident:
        return f"#{self.id}"


@dataclass(slots=True)
class World:
    """Everything that the lines of a piece are compared with."""

    session: Session
    run_id: int
    today: date
    organizations: dict[Ident, KnownOrganization] = field(default_factory=dict)
    by_key: dict[str, Ident] = field(default_factory=dict)
    by_name: dict[str, list[Ident]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[str, Ident] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)  # ids by key of address
    affiliations: dict[tuple[int, int], list[Affiliation]] = field(
        default_factory=lambda: defaultdict(list)
    )
    memberships: dict[tuple[str, int, date], Membership] = field(default_factory=dict)
    types: dict[str, MembershipType] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    #: Parents of organizations that were asked for, by ident.
    parents: dict[Ident, Ident | None] = field(default_factory=dict)

    def load(self, lines: Sequence[Line]) -> None:
        """Read what these lines may be about."""
        self._load_organizations(lines)
        self._load_people(lines)
        types = self.session.scalars(select(MembershipType))
        self.types = {each.name_key: each for each in types}
        named = [key for line in lines for key in self._thing_keys(line)]
        self.things = load_things(self.session, self.run_id, set(named))
        # A number may stand for an organization that is new, under another name here.
        more = [
            key
            for line in lines
            if (alias := self.things.get(f"n:{line.number}"))
            for key in self._keys_about(alias.said["of"], line)
        ]
        self.things |= load_things(self.session, self.run_id, set(more))

    def add(self, found: KnownOrganization) -> None:
        self.organizations[found.ident] = found
        self.by_key[found.key] = found.ident
        if found.ident not in self.by_name[found.name_key]:
            self.by_name[found.name_key].append(found.ident)
        if found.external_id:
            self.by_number[found.external_id] = found.ident

    def parent_of(self, ident: Ident) -> Ident | None:
        """Return what an organization stands under, by the file or by the database."""
        if ident not in self.parents:
            key = f"u:{ident}"
            found = self.things.get(key) or load_things(
                self.session, self.run_id, [key]
            ).get(key)
            self.parents[ident] = (
                found.said["parent"] if found else self._recorded_parent(ident)
            )
        return self.parents[ident]

    def _recorded_parent(self, ident: Ident) -> Ident | None:
        if not ident.startswith("#"):
            return None
        mine = select(Organization.parent_id).where(Organization.id == int(ident[1:]))
        parent_id = self.session.scalar(mine)
        return f"#{parent_id}" if parent_id else None

    def _load_organizations(self, lines: Sequence[Line]) -> None:
        names, numbers = set(), set()
        for line in lines:
            names |= {name_key(line.name)} if line.name else set()
            numbers |= {line.number} if line.number else set()
            if line.parent:
                names |= {name_key(line.parent), name_key(split_place(line.parent)[0])}
                numbers.add(line.parent)
        rows = self.session.execute(
            select(
                Organization.id,
                Organization.name,
                Organization.key,
                Organization.name_key,
                Organization.kind,
                Organization.population_class,
                Organization.state,
                Organization.external_id,
                Organization.parent_id,
            )
            .where(
                or_(
                    among(self.session, Organization.name_key, names),
                    among(self.session, Organization.external_id, numbers),
                )
            )
            .order_by(Organization.id)
        )
        for row in rows:
            self.add(KnownOrganization(*row))

    def _load_people(self, lines: Sequence[Line]) -> None:
        keys = {email_key(line.email) for line in lines if line.email}
        rows = self.session.execute(
            select(Person.email_key, Person.id).where(
                among(self.session, Person.email_key, keys)
            )
        )
        self.people = dict(rows.all())
        organizations = [each.id for each in self.organizations.values()]
        people = list(self.people.values())
        # Of the people alone: crossed with as many organizations, they are too many.
        for stay in self.session.scalars(
            select(Affiliation)
            .where(among(self.session, Affiliation.person_id, people))
            .order_by(Affiliation.id)
        ):
            self.affiliations[stay.organization_id, stay.person_id].append(stay)
        if any(line.has_membership for line in lines):
            self._load_memberships(organizations, people)

    def _load_memberships(self, organizations: list[int], people: list[int]) -> None:
        rows = self.session.scalars(
            select(Membership)
            .where(
                or_(
                    among(self.session, Membership.organization_id, organizations),
                    among(self.session, Membership.person_id, people),
                )
            )
            .order_by(Membership.id.desc())  # so that the first one recorded stays
        )
        for each in rows:
            owner = ("o", each.organization_id) if each.organization_id else None
            kind, owner_id = owner or ("p", each.person_id or 0)
            self.memberships[kind, owner_id, each.from_on] = each

    def _thing_keys(self, line: Line) -> Iterator[str]:
        """Name all that earlier lines may have said about what this one names."""
        if line.number:
            yield f"n:{line.number}"
        if line.parent:
            yield f"n:{line.parent}"
            name, state = split_place(line.parent)
            for place in {state, line.state, None}:
                yield f"o:{organization_key(name, place)}"
        if line.email:
            yield f"p:{email_key(line.email)}"
        for ident in self._idents(line):
            yield from self._keys_about(ident, line)
        yield from self._recorded_keys(line)

    def _idents(self, line: Line) -> set[Ident]:
        found = set(self.by_name.get(name_key(line.name), ())) if line.name else set()
        if line.name:
            found |= {f":{organization_key(line.name, s)}" for s in (line.state, None)}
        if line.number in self.by_number:
            found.add(self.by_number[line.number])
        return found

    def _keys_about(self, ident: Ident, line: Line) -> Iterator[str]:
        yield f"o{ident}"
        yield f"u:{ident}"
        if line.email:
            since = (line.since or self.today).isoformat()
            yield f"a:{ident}|{email_key(line.email)}|{since}"
        if line.member_from:
            yield f"m:{ident}|{line.member_from.isoformat()}"

    def _recorded_keys(self, line: Line) -> Iterator[str]:
        person_id = self.people.get(email_key(line.email)) if line.email else None
        owners = [
            ("o", self.organizations[i].id)
            for i in self._idents(line)
            if i in self.organizations
        ]
        if person_id is not None:
            for _kind, organization_id in owners:
                for stay in self.affiliations.get((organization_id, person_id), ()):
                    yield f"a#{stay.id}"
            owners.append(("p", person_id))
        if line.member_from:
            if line.email:
                owner = person_ident(email_key(line.email))
                yield f"m:{owner}|{line.member_from.isoformat()}"
            for kind, owner_id in owners:
                found = self.memberships.get((kind, owner_id, line.member_from))
                if found is not None:
                    yield f"m#{found.id}"


def person_ident(key: str) -> Ident:
    """Name a person as an owner: apart from all organizations, whatever the address."""
    return f"@{key}"
