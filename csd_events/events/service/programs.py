"""Programs and conferences: what events belong to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import Conference, Program
from csd_events.events.rules import ConferenceDraft


def save_program(session: Session, *, slug: str, name: str, summary: str) -> int:
    """Make a program, or bring the one of this slug up to date. Return its id."""
    found = session.scalar(select(Program).filter_by(slug=slug))
    program = found or Program(slug=slug)
    program.name, program.summary = name, summary
    session.add(program)
    session.flush()
    return program.id


def save_conference(session: Session, draft: ConferenceDraft) -> int:
    """Make a conference, or bring the one of this slug up to date. Return its id."""
    found = session.scalar(select(Conference).filter_by(slug=draft.slug))
    conference = found or Conference(slug=draft.slug)
    for name in ("name", "first_on", "last_on", "place", "zone", "booth"):
        setattr(conference, name, getattr(draft, name))
    session.add(conference)
    session.flush()
    return conference.id
