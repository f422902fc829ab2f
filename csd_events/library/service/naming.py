"""Addresses of entries and publications, and what a change changed."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.db import engine_name
from csd_events.core.text import slugify
from csd_events.library.rules.publishing import free_name

#: Of PostgreSQL's advisory locks, the one for addresses in the library.
NAMES = 7


def free_address(
    session: Session,
    title: str,
    *,
    taken: Callable[[Session], Collection[str]],
    otherwise: str,
) -> str:
    """Make an address of a title that nothing in the library has yet.

    Nobody else takes one until the caller commits: no row stands above all of them.
    SQLite lets one write at a time anyway.

    Args:
        otherwise: What to call what has no letters in its title.
    """
    if engine_name(session) == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NAMES)))
    return free_name(slugify(title) or otherwise, taken(session))


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Return what is another now, as the audit trail keeps it."""
    return {
        name: [before[name], after[name]]
        for name in after
        if before[name] != after[name]
    }
