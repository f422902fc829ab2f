"""Who presents an event and who stands behind it, found again by name."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import (
    Contribution,
    Event,
    EventSession,
    Partner,
    Presenter,
)
from csd_events.events.rules import Contributor

Row = TypeVar("Row")


def rows_for(kept: list[Row], number: int, make: Callable[[int], Row]) -> list[Row]:
    """Bring a list of rows to a length: the first stay, what is missing is made."""
    kept.extend(make(position) for position in range(len(kept), number))
    del kept[number:]
    return kept


def write_contributions(
    session: Session,
    event: Event,
    wanted: Sequence[tuple[Contributor, EventSession | None]],
) -> None:
    """Bring an event's list of people and partners up to date, with their sessions.

    Everybody is found or made before a row is touched: one partner may stand twice.
    """
    contributors = [each for each, _sitting in wanted]
    presenters = {
        (c.name, c.organization): _presenter(session, c)
        for c in contributors
        if not c.is_partner
    }
    names = {each.name for each in contributors if each.is_partner}
    partners = {name: _partner(session, name) for name in sorted(names)}
    rows = rows_for(
        event.contributions, len(contributors), lambda n: Contribution(position=n)
    )
    for row, (each, sitting) in zip(rows, wanted, strict=True):
        row.role, row.session = each.role, sitting
        row.partner = partners[each.name] if each.is_partner else None
        who = each.name, each.organization
        row.presenter = None if each.is_partner else presenters[who]


def _presenter(session: Session, wanted: Contributor) -> Presenter:
    same = {"full_name": wanted.name, "organization": wanted.organization}
    with session.no_autoflush:
        found = session.scalar(select(Presenter).filter_by(**same))
    presenter = found or Presenter(**same)
    presenter.title = wanted.title
    session.add(presenter)
    return presenter


def _partner(session: Session, name: str) -> Partner:
    with session.no_autoflush:
        found = session.scalar(select(Partner).filter_by(name=name))
    partner = found or Partner(name=name)
    session.add(partner)
    return partner
