"""Write things of one kind: what is new is added, what differs is changed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select, true
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.accounts.rules import name_key
from csd_events.core.db import INSERTS, among, engine_name, given_rows
from csd_events.organizations.models import ImportRun, Organization
from csd_events.organizations.rules import Step, makes_a_cycle, organization_key
from csd_events.organizations.service.importing.rows import (
    TABLES,
    Written,
    add,
    change,
    kept,
    parsed,
)
from csd_events.organizations.service.importing.things import row_ids
from csd_events.organizations.service.recording import keys_of

#: Of how somebody belongs to an organization.
NOTHING_SAID = {"position": "", "until_on": None, "is_contact": False}


def _organizations(
    session: Session, run: ImportRun, things: Sequence[Any], _now: datetime
) -> list[Written]:
    table = TABLES[Step.ORGANIZATION]
    fresh = {t.key[2:]: t for t in things if t.key.startswith("o:")}
    numbers = [t.said["external_id"] for t in things if "external_id" in t.said]
    found = session.execute(
        select(table.c.id, table.c.key, table.c.external_id).where(
            among(session, table.c.key, fresh)
            | among(session, table.c.external_id, numbers)
        )
    ).all()
    there = {row.key: row.id for row in found}
    taken = {row.external_id: row.id for row in found}
    stateless = _not_theirs(session, things)
    plan = [
        (thing, _row_of(thing, there), _without_taken(thing, there, taken, stateless))
        for thing in things
    ]
    new = [(thing, values) for thing, row_id, values in plan if row_id is None]
    rows = [
        {"kind": None, "population_class": None, "external_id": None, "state": None}
        | values
        | keys_of(values["name"], values.get("state"))
        for _thing, values in new
    ]
    written = add(session, table, [t for t, _ in new], rows)
    changes = [(t, row_id, v) for t, row_id, v in plan if row_id is not None]
    return written + change(session, table, changes)


def _not_theirs(session: Session, things: Sequence[Any]) -> set[str]:
    """Return what cannot get its state: another of its name is in it by now."""
    states = {
        int(thing.key[2:]): thing.said["state"]
        for thing in things
        if thing.key.startswith("o#") and "state" in thing.said
    }
    if not states:
        return set()
    mine = among(session, Organization.id, states)
    named = session.execute(select(Organization.id, Organization.name).where(mine))
    wanted = {organization_key(row.name, states[row.id]): row.id for row in named}
    same = among(session, Organization.key, wanted)
    holders = session.execute(select(Organization.key, Organization.id).where(same))
    return {f"o#{wanted[key]}" for key, holder in holders if holder != wanted[key]}


def _row_of(thing: Any, there: dict[str, int]) -> int | None:
    if thing.key.startswith("o#"):
        return int(thing.key[2:])
    return there.get(thing.key[2:])


def _without_taken(
    thing: Any,
    there: dict[str, int],
    taken: dict[str | None, int],
    stateless: set[str],
) -> dict[str, Any]:
    """Leave out what another organization has got meanwhile: a number, a state."""
    said = dict(thing.said)
    if thing.key in stateless:
        said.pop("state")
    row_id = _row_of(thing, there)
    if row_id is not None:
        said.pop("name", None)
    holder = taken.get(said.get("external_id"))
    if "external_id" in said and holder is not None and holder != row_id:
        del said["external_id"]
    return said


def _parents(
    session: Session, run: ImportRun, things: Sequence[Any], _now: datetime
) -> list[Written]:
    idents = {t.key[2:] for t in things} | {t.said["parent"] for t in things}
    ids = _organization_ids(session, run, idents)
    standing = _parents_above(session, set(ids.values()))
    changes = []
    for thing in things:
        child, parent = ids.get(thing.key[2:]), ids.get(thing.said["parent"])
        if child is None or parent is None:
            continue
        # Somebody may have moved it since it was compared.
        if not makes_a_cycle(child, parent, standing):
            standing[child] = parent
            changes.append((thing, child, {"parent_id": parent}))
    return change(session, TABLES[Step.PARENT], changes)


def _parents_above(
    session: Session, ids: set[int]
) -> dict[int | str, int | str | None]:
    """Return the parents of organizations and of all above them, a level at a time."""
    found: dict[int | str, int | str | None] = {}
    while ids:
        mine = among(session, Organization.id, ids)
        rows = session.execute(
            select(Organization.id, Organization.parent_id).where(mine)
        ).all()
        found |= {row.id: row.parent_id for row in rows}
        ids = {row.parent_id for row in rows if row.parent_id} - found.keys()
    return found


def _people(
    session: Session, run: ImportRun, things: Sequence[Any], now: datetime
) -> list[Written]:
    table = TABLES[Step.PERSON]
    rows = [
        {
            "email": thing.said["email"],
            "email_key": thing.key[2:],
            "full_name": thing.said["full_name"],
            "name_key": name_key(thing.said["full_name"]),
        }
        for thing in things
    ]
    given = given_rows(session, [table.c[name] for name in rows[0]], rows)
    created_at = literal(now, table.c.created_at.type)
    # SQLite would take ON for a join's, were there no WHERE before it.
    adding = INSERTS[engine_name(session)](table).from_select(
        [*rows[0], "created_at"], select(given, created_at).where(true())
    )
    made = session.execute(
        adding.on_conflict_do_nothing().returning(table.c.email_key, table.c.id)
    )
    ids = dict(made.all())
    return [
        Written(thing.id, ids[thing.key[2:]], None, thing.said)
        for thing in things
        if thing.key[2:] in ids
    ]


def _affiliations(
    session: Session, run: ImportRun, things: Sequence[Any], _now: datetime
) -> list[Written]:
    table = TABLES[Step.AFFILIATION]
    new = [thing for thing in things if not thing.key.startswith("a#")]
    organizations = _organization_ids(session, run, {t.said["of"] for t in new})
    people = _people_ids(session, {t.said["email"] for t in new})
    there = {
        (row.person_id, row.organization_id, row.from_on): row.id
        for row in session.execute(
            select(
                table.c.id, table.c.person_id, table.c.organization_id, table.c.from_on
            ).where(among(session, table.c.person_id, people.values()))
        )
    }
    changes = _recorded(things, "a#")
    rows, made = [], []
    for thing in new:
        said = parsed(thing.said)
        of, person = organizations.get(said.pop("of")), people.get(said.pop("email"))
        if of is None or person is None:
            continue
        known = there.get((person, of, said["from_on"]))
        if known is not None:
            changes.append((thing, known, kept(said)))
            continue
        made.append(thing)
        owner = {"person_id": person, "organization_id": of}
        rows.append(NOTHING_SAID | said | owner)
    return add(session, table, made, rows) + change(session, table, changes)


def _memberships(
    session: Session, run: ImportRun, things: Sequence[Any], _now: datetime
) -> list[Written]:
    table = TABLES[Step.MEMBERSHIP]
    new = [thing for thing in things if not thing.key.startswith("m#")]
    owners = {t.said["of"] for t in new}
    organizations = _organization_ids(session, run, {o for o in owners if o[0] in "#:"})
    people = _people_ids(session, {o[1:] for o in owners if o[0] == "@"})
    there = _locked_memberships(session, organizations, people)
    changes = _recorded(things, "m#")
    rows, made = [], []
    for thing in new:
        said = parsed(thing.said)
        of = said.pop("of")
        owner = {
            "organization_id": organizations.get(of),
            "person_id": people.get(of[1:]) if of[0] == "@" else None,
        }
        known = there.get((*owner.values(), said["from_on"]))
        if known is not None:
            changes.append((thing, known, kept(said)))
        elif any(owner.values()):
            made.append(thing)
            rows.append({"type_id": None} | said | owner)
    return add(session, table, made, rows) + change(session, table, changes)


def _locked_memberships(
    session: Session, organizations: dict[str, int], people: dict[str, int]
) -> dict[tuple[int | None, int | None, date], int]:
    """Return what owners are members by, by now; nobody adds to it meanwhile."""
    for model, ids in ((Organization, organizations), (Person, people)):
        owners = select(model.id).where(among(session, model.id, ids.values()))
        session.execute(owners.order_by(model.id).with_for_update())
    table = TABLES[Step.MEMBERSHIP].c
    rows = session.execute(
        select(table.organization_id, table.person_id, table.from_on, table.id)
        .where(
            among(session, table.organization_id, organizations.values())
            | among(session, table.person_id, people.values())
        )
        .order_by(table.id.desc())  # so that the first one recorded stays
    )
    return {(row[0], row[1], row.from_on): row.id for row in rows}


def _recorded(
    things: Sequence[Any], mark: str
) -> list[tuple[Any, int, dict[str, Any]]]:
    """List what changes a row that was there when the file was compared."""
    return [(t, int(t.key[2:]), t.said) for t in things if t.key.startswith(mark)]


def _organization_ids(
    session: Session, run: ImportRun, idents: set[str]
) -> dict[str, int]:
    """Return the rows that idents mean: known ones, or new ones by now written."""
    new = {f"o{ident}" for ident in idents if ident.startswith(":")}
    found = {key[1:]: row_id for key, row_id in row_ids(session, run.id, new).items()}
    missing = {key[2:] for key in new} - {ident[1:] for ident in found}
    table = TABLES[Step.ORGANIZATION]
    late = select(table.c.key, table.c.id).where(among(session, table.c.key, missing))
    found |= {f":{key}": row_id for key, row_id in session.execute(late)}
    return found | {i: int(i[1:]) for i in idents if i.startswith("#")}


def _people_ids(session: Session, keys: set[str]) -> dict[str, int]:
    rows = session.execute(
        select(Person.email_key, Person.id).where(
            among(session, Person.email_key, keys)
        )
    )
    return dict(rows.all())


WRITERS: dict[
    Step, Callable[[Session, ImportRun, Sequence[Any], datetime], list[Written]]
] = {
    Step.ORGANIZATION: _organizations,
    Step.PARENT: _parents,
    Step.PERSON: _people,
    Step.AFFILIATION: _affiliations,
    Step.MEMBERSHIP: _memberships,
}
