"""Whether the database is what the program expects: its migrations all done."""

import re
from functools import lru_cache
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
_REVISION = re.compile(r'^(down_)?revision\b[^=]*= *["\']([^"\']+)["\']', re.MULTILINE)


@lru_cache(maxsize=1)
def head_revision() -> str | None:
    """Return the last migration there is, read from their files' own words.

    Alembic would say the same, after 100 ms of importing.
    """
    made: set[str] = set()
    followed: set[str] = set()
    for path in VERSIONS.glob("*.py"):
        for down, revision in _REVISION.findall(path.read_text()):
            (followed if down else made).add(revision)
    return next(iter(made - followed), None)


def current_revision(session: Session) -> str | None:
    """Return the last migration this database has had; None for an empty one."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found else None


def is_migrated(session: Session) -> bool:
    return current_revision(session) == head_revision()
