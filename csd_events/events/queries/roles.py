"""Who holds which role in the events of one program."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from csd_events.events.models import Event, Program, ProgramRole


def roles_at(session: Session, person_id: int, event_id: int) -> set[Role]:
    """Return what a person may do at an event by the program it belongs to."""
    held = (
        select(ProgramRole.role)
        .join(Account, Account.id == ProgramRole.account_id)
        .join(Event, Event.program_id == ProgramRole.program_id)
        .where(Account.person_id == person_id, Event.id == event_id)
    )
    return set(session.scalars(held))


def roles_in_series(session: Session, person_id: int, series_id: int) -> set[Role]:
    """Return what a person may do at every event of a series."""
    of_series = select(Event.program_id).where(Event.series_id == series_id).distinct()
    programs = set(session.scalars(of_series))
    held: dict[Role, set[int]] = defaultdict(set)
    for program_id, _name, role in list_program_roles(session, person_id):
        held[role].add(program_id)
    return {role for role, own in held.items() if programs and programs <= own}


def series_within(
    session: Session, series_ids: Collection[int], programs: Collection[int]
) -> set[int]:
    """Return those of some series whose events are all of some programs."""
    pairs = select(Event.series_id, Event.program_id).distinct()
    beyond = {
        series_id
        for series_id, program_id in session.execute(
            pairs.where(Event.series_id.in_(series_ids))
        )
        if program_id not in programs
    }
    return set(series_ids) - beyond


def list_program_roles(
    session: Session, person_id: int
) -> Sequence[Row[int, str, Role]]:
    """List the programs in which a person holds a role: id, name, role; A to Z."""
    held = (
        select(Program.id, Program.name, ProgramRole.role)
        .join(ProgramRole, ProgramRole.program_id == Program.id)
        .join(Account, Account.id == ProgramRole.account_id)
        .where(Account.person_id == person_id)
        .order_by(Program.name)
    )
    return session.execute(held).all()
