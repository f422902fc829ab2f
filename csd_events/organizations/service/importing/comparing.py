"""Compare lines with what is there: what would be new, what would change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from csd_events.accounts.rules import email_key
from csd_events.core.fields import address_objection
from csd_events.imports.rules import Flaws
from csd_events.organizations.models import Affiliation
from csd_events.organizations.rules import (
    Column,
    Line,
    LineError,
    Problem,
    Step,
    Term,
    last_day,
    makes_a_cycle,
    name_key,
    organization_key,
    same_stay,
    split_place,
)
from csd_events.organizations.service.importing.saying import Saying
from csd_events.organizations.service.importing.world import (
    Ident,
    World,
    person_ident,
)


def compare(world: World, number: int, line: Line, flaws: Flaws) -> Saying:
    """Say what taking in a line would do; later lines of the piece know of it.

    Args:
        flaws: What is wrong with the line by itself.

    Raises:
        UnsoundLineError: It cannot be taken in, and nothing of it is.
    """
    _refuse_flaws(world, line, flaws)
    saying = Saying(world.things, number)
    ident = _organization(world, saying, line) if line.has_organization else None
    if ident is not None and line.parent:
        _parent(world, saying, ident, line)
    if line.email:
        _person(world, saying, line)
        if ident is not None:
            _affiliation(world, saying, ident, line)
    if line.member_from:
        _membership(world, saying, ident, line)
    world.things.update(saying.drafts)
    for key, thing in saying.drafts.items():
        if key.startswith("u:"):
            world.parents[key[2:]] = thing.said["parent"]
    return saying


def _refuse_flaws(world: World, line: Line, flaws: Flaws) -> None:
    is_new = line.email and _is_new(world, line)
    if is_new and address_objection(line.email) is not None:
        flaws.add(LineError(Problem.EMAIL, Column.EMAIL, line.email))
    if flaws:
        raise flaws.all()


def _organization(world: World, saying: Saying, line: Line) -> Ident:
    named = _named(world, line.name, line.state) if line.name else None
    numbered = _numbered(world, line.number) if line.number else None
    is_others = line.name and numbered and not _is_called(world, numbered, line)
    if is_others or (named and numbered and named != numbered):
        raise LineError(Problem.NUMBER_IS_OTHERS, Column.NUMBER, line.number)
    ident = numbered or named
    if ident is None and not line.name:
        raise LineError(Problem.NO_NAME, Column.NAME)
    ident = ident or f":{organization_key(line.name, line.state)}"
    known = world.organizations.get(ident)
    if known and line.number and known.external_id not in {None, line.number}:
        raise LineError(Problem.OTHER_NUMBER, Column.NUMBER, line.number)
    before = None
    values: dict[str, Any] = {
        "kind": line.kind,
        "population_class": line.population,
        "external_id": line.number or None,
    }
    if known:
        before = {name: getattr(known, name) for name in (*values, "state")}
        values["state"] = line.state if known.state is None else None
    elif f"o{ident}" not in world.things:
        values = {"name": line.name, "state": line.state} | values
    saying.say(f"o{ident}", Step.ORGANIZATION, values, before=before)
    if line.number and numbered is None:
        saying.alias(line.number, ident)
    return ident


def _named(world: World, name: str, state: str | None) -> Ident | None:
    """Find an organization by its name, as far as that says which one is meant.

    Raises:
        LineError: Several have this name, and the line does not say in which state.
    """
    key = organization_key(name, state)
    if key in world.by_key:
        return world.by_key[key]
    if f"o:{key}" in world.things:
        return f":{key}"
    others = world.by_name.get(name_key(name), [])
    if state is not None:
        stateless = [i for i in others if world.organizations[i].state is None]
        return stateless[0] if stateless else None
    if len(others) > 1:
        raise LineError(Problem.STATE_MISSING, Column.STATE, name)
    return others[0] if others else None


def _numbered(world: World, number: str) -> Ident | None:
    alias = world.things.get(f"n:{number}")
    return world.by_number.get(number) or (alias.said["of"] if alias else None)


def _is_called(world: World, ident: Ident, line: Line) -> bool:
    """Tell whether a number and a name mean one organization.

    They must agree: a number mistyped by one digit makes nobody another's member.
    """
    known = world.organizations.get(ident)
    if known is None:
        return ident == f":{organization_key(line.name, line.state)}" or (
            line.state is None and ident.startswith(f":{name_key(line.name)}|")
        )
    same_state = line.state is None or known.state in {None, line.state}
    return known.name_key == name_key(line.name) and same_state


def _parent(world: World, saying: Saying, ident: Ident, line: Line) -> None:
    parent = _find_parent(world, ident, line)
    if parent is None:
        raise LineError(Problem.PARENT_UNKNOWN, Column.PARENT, line.parent)
    chain: dict[int | str, int | str | None] = {}
    above: Ident | None = parent
    while above is not None and above not in chain:
        chain[above] = world.parent_of(above)
        above = world.parent_of(above)
    if makes_a_cycle(ident, parent, chain):
        raise LineError(Problem.PARENT_IS_BELOW, Column.PARENT, line.parent)
    known = world.organizations.get(ident)
    before = {"parent": f"#{known.parent_id}"} if known and known.parent_id else {}
    saying.say(
        f"u:{ident}",
        Step.PARENT,
        {"parent": parent},
        before=before,
        shown={"parent": line.parent},
    )


def _find_parent(world: World, ident: Ident, line: Line) -> Ident | None:
    """Find it by name in the state of the line, by name alone, or by number."""
    name, place = split_place(line.parent)
    known = world.organizations.get(ident)
    state = place or line.state or (known.state if known else None)
    for each_name, each_state in ((name, state), (line.parent, None), (name, place)):
        try:
            found = _named(world, each_name, each_state)
        except LineError:
            continue
        if found is not None:
            return found
    return _numbered(world, line.parent)


def _person(world: World, saying: Saying, line: Line) -> None:
    """Take in an address that is new; what people have told us themselves stays."""
    if not _is_new(world, line):
        return
    if not line.full_name:
        raise LineError(Problem.NO_FULL_NAME, Column.FULL_NAME, line.email)
    values = {"full_name": line.full_name, "email": line.email}
    saying.say(f"p:{email_key(line.email)}", Step.PERSON, values, before=None)


def _is_new(world: World, line: Line) -> bool:
    """Tell whether nothing is known of an address yet, from lines before either."""
    key = email_key(line.email)
    return key not in world.people and f"p:{key}" not in world.things


def _affiliation(world: World, saying: Saying, ident: Ident, line: Line) -> None:
    person = email_key(line.email)
    known = _stay(world, ident, person, line)
    values: dict[str, Any] = {
        "position": line.position or None,
        "from_on": _iso(line.since),
        "until_on": _iso(line.until),
        "is_contact": line.contact,
    }
    since = line.since or world.today
    if known is None:
        key = f"a:{ident}|{person}|{since.isoformat()}"
        before = None
        values |= {"from_on": since.isoformat(), "of": ident, "email": person}
    else:
        key = f"a#{known.id}"
        before = _columns_of(known)
        since = line.since or known.from_on
    until = line.until or (known.until_on if known else None)
    if until is not None and until < since:
        raise LineError(Problem.ENDS_FIRST, Column.UNTIL, until.isoformat())
    saying.say(key, Step.AFFILIATION, values, before=before)


def _stay(world: World, ident: Ident, person: str, line: Line) -> Affiliation | None:
    """Find which of the times a person was there is meant."""
    person_id = world.people.get(person)
    if person_id is None or not ident.startswith("#"):
        return None
    stays = world.affiliations.get((int(ident[1:]), person_id), [])
    given = Term(line.since, line.until) if line.since else None
    index = same_stay([Term(s.from_on, s.until_on) for s in stays], given)
    return None if index is None else stays[index]


def _columns_of(stay: Affiliation) -> Mapping[str, Any]:
    return {
        "position": stay.position,
        "from_on": _iso(stay.from_on),
        "until_on": _iso(stay.until_on),
        "is_contact": stay.is_contact,
    }


def _membership(world: World, saying: Saying, ident: Ident | None, line: Line) -> None:
    first_on = line.member_from
    if first_on is None:  # the line was read: there is one
        return
    owner = ident if ident is not None else person_ident(email_key(line.email))
    type_id, months = _type(world, line, of_person=ident is None)
    known = world.memberships.get((*_owner(world, ident, line), first_on))
    key = f"m#{known.id}" if known else f"m:{owner}|{first_on.isoformat()}"
    until = line.member_until
    if until is None and known is None:
        earlier = saying.things.get(key)
        if earlier is None and months is None:
            raise LineError(Problem.MEMBER_UNTIL_MISSING, Column.MEMBER_UNTIL)
        until = last_day(first_on, months) if months and earlier is None else None
    values: dict[str, Any] = {"type_id": type_id, "until_on": _iso(until)}
    before = None
    if known is None:
        values = {"of": owner, "from_on": first_on.isoformat()} | values
    else:
        before = {"type_id": known.type_id, "until_on": _iso(known.until_on)}
    shown = {"type_id": line.membership_type}
    saying.say(key, Step.MEMBERSHIP, values, before=before, shown=shown)


def _type(
    world: World, line: Line, *, of_person: bool
) -> tuple[int | None, int | None]:
    """Return the kind of membership that is meant, and the months of its term."""
    if not line.membership_type:
        return None, None
    found = world.types.get(name_key(line.membership_type))
    column, value = Column.MEMBERSHIP_TYPE, line.membership_type
    if found is None:
        raise LineError(Problem.TYPE_UNKNOWN, column, value)
    if not (found.for_people if of_person else found.for_organizations):
        raise LineError(Problem.TYPE_NOT_FOR, column, value)
    return found.id, found.months


def _owner(world: World, ident: Ident | None, line: Line) -> tuple[str, int]:
    """Return whose membership it is, as the database numbers them; 0 for a new one."""
    if ident is None:
        return "p", world.people.get(email_key(line.email), 0)
    known = world.organizations.get(ident)
    return "o", known.id if known else 0


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
