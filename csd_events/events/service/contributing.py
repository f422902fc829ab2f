"""Who presents an event and who stands behind it, found again by name."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events.models import Contribution, Event, Partner, Presenter
from csd_events.events.rules import Contributor


def write_contributions(
    session: Session, event: Event, contributors: Sequence[Contributor]
) -> None:
    for index, each in enumerate(contributors):
        if index < len(event.contributions):
            row = event.contributions[index]
        else:
            row = Contribution(position=index)
            event.contributions.append(row)
        row.role = each.role
        row.partner = _partner(session, each) if each.is_partner else None
        row.presenter = None if each.is_partner else _presenter(session, each)
    del event.contributions[len(contributors) :]


def _presenter(session: Session, wanted: Contributor) -> Presenter:
    same = {"full_name": wanted.name, "organization": wanted.organization}
    with session.no_autoflush:
        found = session.scalar(select(Presenter).filter_by(**same))
    presenter = found or Presenter(**same)
    presenter.title = wanted.title
    session.add(presenter)
    return presenter


def _partner(session: Session, wanted: Contributor) -> Partner:
    with session.no_autoflush:
        found = session.scalar(select(Partner).filter_by(name=wanted.name))
    partner = found or Partner(name=wanted.name)
    session.add(partner)
    return partner
