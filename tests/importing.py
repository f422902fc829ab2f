"""Files of organizations, and taking them in as the program does."""

import io
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.db import db, transaction
from csd_events.core.tables import read_table
from csd_events.imports import queries
from csd_events.imports.rules import AT_WORK, RunState
from csd_events.organizations.models import (
    Affiliation,
    ImportRun,
    Membership,
    Organization,
)
from csd_events.organizations.rules import Column
from csd_events.organizations.service import importing
from tests.factories import NOON

HEAD = (
    "Organization,Member number,Kind,State,Population,Parent,Membership type,"
    "Member from,Member until,Full name,Email,Position,Since,Until,Contact"
)
#: A county, a city in it that is a member, and two people there.
WHOLE = f"""{HEAD}
Sample County,1,county,NC,"120,000",,,,,,,,,,
City of Sample,2,City,North Carolina,31000,Sample County,,2030-01-01,2030-12-31,,,,,,
City of Sample,2,,NC,,,,,,Ada Alder,ada@example.org,Manager,1/15/2020,,yes
City of Sample,,,NC,,,,,,Ben Birch,ben@example.org,Clerk,,,
"""
COUNTED = (Organization, Affiliation, Membership, Person)


def start(content: str | bytes, *, actor_id: int | None = None) -> int:
    """Take a file in, with the columns its headings tell, and begin to compare."""
    data = content.encode() if isinstance(content, str) else content
    with transaction() as session:
        run_id = importing.take_in(
            session,
            read_table(io.BytesIO(data)),
            file_name="members.csv",
            now=NOON,
            actor_id=actor_id,
        )
        columns = queries.get_run(session, ImportRun, run_id).columns
        matched = {int(key): Column(value) for key, value in columns.items()}
        importing.match_columns(session, run_id, matched)
    return run_id


def work(run_id: int, *, pieces: int | None = None) -> RunState:
    """Do all the work of a run, or so many pieces; return how it stands."""
    done = 0
    while True:
        with transaction() as session:
            state = importing.work_on(session, run_id, now=NOON).state
        done += 1
        if state not in AT_WORK or done == pieces:
            return state


def compare(content: str | bytes) -> int:
    run_id = start(content)
    assert work(run_id) is RunState.READY
    return run_id


def confirm(run_id: int, *, actor_id: int | None = None) -> None:
    with transaction() as session:
        importing.confirm(session, run_id, now=NOON, actor_id=actor_id)


def take_in(content: str | bytes, *, actor_id: int | None = None) -> int:
    """Take a file in, all of it."""
    run_id = start(content, actor_id=actor_id)
    assert work(run_id) is RunState.READY
    confirm(run_id, actor_id=actor_id)
    assert work(run_id) is RunState.DONE
    return run_id


def undo(run_id: int, *, actor_id: int | None = None) -> RunState:
    with transaction() as session:
        importing.undo(session, run_id, actor_id=actor_id)
    return work(run_id)


def counts(run_id: int) -> dict[str, int]:
    """Return how many lines have each outcome, of those that any has."""
    with transaction() as session:
        found = queries.get_run(session, ImportRun, run_id).counts
    names = ("new", "changed", "unchanged", "problem")
    return {name: found[name] for name in names if found[name]}


def problems(run_id: int) -> list[tuple[int, str]]:
    return [
        (line.number, line.facts["problem"])
        for line in every_line(run_id)
        if line.outcome == "problem"
    ]


def every_line(run_id: int) -> list[Row[Any]]:
    with transaction() as session:
        run = queries.get_run(session, ImportRun, run_id)
        return list(queries.each_line(session, run))


def lines_of(*lines: str, head: str = HEAD) -> str:
    return "\n".join([head, *lines]) + "\n"


def rows() -> dict[str, int]:
    """Count what there is of everything a file can bring."""
    with transaction() as session:
        return {each.__tablename__: count(session, each) for each in COUNTED}


def count(session: Session, model: type) -> int:
    return session.scalars(select(func.count()).select_from(model)).one()


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Read all of that, without the numbers of rows."""
    session = db.session()
    try:
        return {
            "organizations": _plain(
                session.execute(
                    select(
                        Organization.name,
                        Organization.key,
                        Organization.external_id,
                        Organization.kind,
                        Organization.state,
                        Organization.population_class,
                        Organization.parent_id,
                    )
                )
            ),
            "affiliations": _plain(
                session.execute(
                    select(
                        Person.email,
                        Affiliation.position,
                        Affiliation.from_on,
                        Affiliation.until_on,
                        Affiliation.is_contact,
                    ).join(Person, Person.id == Affiliation.person_id)
                )
            ),
            "memberships": _plain(
                session.execute(select(Membership.from_on, Membership.until_on))
            ),
        }
    finally:
        session.rollback()


def _plain(found: Iterable[Iterable[object]]) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in found), key=repr)
