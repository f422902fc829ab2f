"""Addresses of entries and publications."""

from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from csd_events.core.db import Turn, take_turns
from csd_events.core.text import slugify
from csd_events.library.rules.publishing import free_name


def free_address(
    session: Session,
    title: str,
    *,
    taken: Callable[[Session], Collection[str]],
    otherwise: str,
) -> str:
    """Make an address of a title that nothing in the library has yet.

    Nobody else takes one until the caller commits: no row stands above all of them.

    Args:
        otherwise: What to call what has no letters in its title.
    """
    take_turns(session, Turn.LIBRARY_NAMES)
    return free_name(slugify(title) or otherwise, taken(session))
