"""Reading programs: what belongs to one, and who stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import NotFoundError
from csd_events.events.models import Contribution, Event, Partner, Program
from csd_events.events.queries.finding import is_public
from csd_events.events.rules import Role


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A program as lists show it."""

    slug: str
    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class ProgramStaffLine:
    """A program as staff list it."""

    id: int
    name: str
    events: int


def get_program_by_slug(session: Session, slug: str) -> Program:
    """Return a program with its partners.

    Raises:
        NotFoundError: None has this slug.
    """
    whole = select(Program).options(selectinload(Program.partners))
    return _found(session.scalar(whole.where(Program.slug == slug)))


def get_program(session: Session, program_id: int) -> Program:
    """Return a program with its partners.

    Raises:
        NotFoundError: There is none of this id.
    """
    whole = select(Program).options(selectinload(Program.partners))
    return _found(session.scalar(whole.where(Program.id == program_id)))


def list_public_programs(session: Session) -> list[ProgramLine]:
    """List the programs that hold any public event, A to Z."""
    has_one = exists().where(Event.program_id == Program.id, is_public())
    query = select(Program.slug, Program.name, Program.summary).where(has_one)
    rows = session.execute(query.order_by(Program.name, Program.id))
    return [ProgramLine(*row) for row in rows]


def list_programs_for_staff(session: Session) -> list[ProgramStaffLine]:
    """List all programs, A to Z."""
    events = select(func.count()).where(Event.program_id == Program.id)
    query = select(Program.id, Program.name, events.scalar_subquery())
    rows = session.execute(query.order_by(Program.name, Program.id))
    return [ProgramStaffLine(*row) for row in rows]


def list_partners_of_events(
    session: Session, program_id: int
) -> Sequence[tuple[Role, Partner]]:
    """List who stands behind any public event of a program, each once in a role."""
    query = (
        select(Contribution.role, Partner)
        .join(Partner, Partner.id == Contribution.partner_id)
        .join(Event, Event.id == Contribution.event_id)
        .where(Event.program_id == program_id, is_public())
        .group_by(Contribution.role, Partner.id)
        .order_by(Contribution.role, Partner.name_key, Partner.id)
    )
    return [(role, partner) for role, partner in session.execute(query)]


def _found(program: Program | None) -> Program:
    if program is None:
        raise NotFoundError("program")
    return program
