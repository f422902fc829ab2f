"""Reading what members use, look for and miss, by the communities they belong to."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import PersonArea
from csd_events.library import queries as library
from csd_events.library.rules.using import Use
from csd_events.matching.rules.using import Mark, Sign
from csd_events.organizations import queries as organizations
from csd_events.worksheets import queries as worksheets

_SIGNS = {Use.SEEN: Sign.SEEN, Use.LOOKED_FOR: Sign.LOOKED_FOR}


def list_marks(
    session: Session, *, since: datetime, today: date
) -> tuple[list[Mark], list[Mark]]:
    """Return what tells of an interest in services, and what was searched in vain.

    Args:
        since: Of what is counted as it happens; what people care about has no time.
        today: On which somebody must belong to a community to count for it.
    """
    about, missed = [], []
    for use, subject, community, times in library.count_uses(session, since.date()):
        if use is Use.MISSED:
            missed.append(Mark(Sign.LOOKED_FOR, subject, community, times))
        else:
            about.append(Mark(_SIGNS[use], subject, community, times))
    about += _cared(session, today)
    about += _saved(session, since, today)
    about += _begun(session, since, today)
    return about, missed


def _cared(session: Session, today: date) -> Iterator[Mark]:
    cares = select(PersonArea.area, PersonArea.person_id).subquery()
    for area, community, times in session.execute(_by_community(cares, today)):
        yield Mark(Sign.CARED, area, community, times)


def _saved(session: Session, since: datetime, today: date) -> Iterator[Mark]:
    saved = library.select_saved(since).subquery()
    for area, community, times in session.execute(_by_community(saved, today)):
        yield Mark(Sign.SAVED, area, community, times)


def _begun(session: Session, since: datetime, today: date) -> Iterator[Mark]:
    begun = worksheets.select_begun(since).subquery()
    finished = func.count().filter(begun.c.is_finished)
    counted = _by_community(begun, today).add_columns(finished)
    for area, community, times, done in session.execute(counted):
        yield Mark(Sign.BEGUN, area, community, times)
        if done:
            yield Mark(Sign.FINISHED, area, community, done)


def _by_community(rows: Any, today: date) -> Select[Any]:
    """Count rows by their first column, a service, and their person's community."""
    of, area = organizations.communities(today).subquery(), next(iter(rows.c))
    counted = select(area, of.c.organization_id, func.count())
    joined = counted.outerjoin(of, of.c.person_id == rows.c.person_id)
    return joined.group_by(area, of.c.organization_id)
