"""Programs: what events and resources belong to."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.text import slugify
from csd_events.events.models import Program, ProgramPartner
from csd_events.events.rules import ProgramDraft
from csd_events.events.service.belongings import (
    described,
    lock_row,
    named_partners,
    refuse_taken,
)
from csd_events.events.service.contributing import rows_for, write_partners
from csd_events.events.service.slugs import free_slug

FIELDS = ("name", "summary", "description", "areas", "reading")


def create_program(
    session: Session,
    draft: ProgramDraft,
    *,
    now: datetime,
    slug: str | None = None,
    actor_id: int | None = None,
) -> int:
    """Save a new program, which has a page from now on, and return its id.

    Args:
        slug: Its address for ever; made from the name unless given.

    Raises:
        ProblemsError: Another program has this name.
    """
    wanted = slug or slugify(draft.name) or "program"
    program = Program(slug=free_slug(session, wanted, Program.slug), partners=[])
    _write(session, program, draft)
    session.add(program)
    session.flush()
    audit.record(
        session,
        "program.created",
        subject_id=program.id,
        actor_id=actor_id,
        now=now,
        changes={name: [None, value] for name, value in _audited(program).items()},
    )
    return program.id


def update_program(
    session: Session,
    program_id: int,
    draft: ProgramDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Save a program anew. Its address stays.

    Raises:
        ProblemsError: Another program has this name.
        StaleError: Somebody saved it after the form was opened.
    """
    whole = selectinload(Program.partners)
    program = lock_row(session, Program, program_id, whole, version=version)
    before = _audited(program)
    _write(session, program, draft)
    session.flush()
    changes = what_changed(before, _audited(program))
    if not changes:
        return
    program.version += 1
    audit.record(
        session,
        "program.saved",
        subject_id=program_id,
        actor_id=actor_id,
        now=now,
        changes=changes,
    )


def _write(session: Session, program: Program, draft: ProgramDraft) -> None:
    same = select(Program.id).filter_by(name=draft.name)
    refuse_taken(session, "name", program.id, same)
    for name in ("name", "summary", "description"):
        setattr(program, name, getattr(draft, name))
    program.areas, program.reading = list(draft.areas), list(draft.reading)
    number, rows = len(draft.partners), program.partners
    rows_for(rows, number, lambda n: ProgramPartner(position=n))
    write_partners(session, rows, draft.partners)


def _audited(program: Program) -> dict[str, Any]:
    partners = named_partners(program.partners)
    return described(program, FIELDS) | {"partners": partners}
