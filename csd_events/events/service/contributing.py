"""Who presents an event and who stands behind it, found again by name."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csd_events.core.text import fold, slugify
from csd_events.events.models import (
    ConferencePartner,
    Contribution,
    Event,
    EventSession,
    Partner,
    Presenter,
    PresenterSlug,
    ProgramPartner,
)
from csd_events.events.rules import Contributor, PresenterDraft, Role
from csd_events.events.service.slugs import free_slug

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


def write_partners(
    session: Session,
    rows: Sequence[ConferencePartner | ProgramPartner],
    contributors: Sequence[Contributor],
) -> None:
    """Say in each row who stands behind a conference or a program, and as what."""
    for row, each in zip(rows, contributors, strict=True):
        row.role, row.partner = each.role, _partner(session, each.name)


def search_text_of(event: Event) -> str:
    """Return all that the catalog's search looks at: words, people, services."""
    named = [(each.presenter, each.partner) for each in event.contributions]
    names = [f"{who.full_name} {who.organization}" for who, _ in named if who]
    names += [partner.name for _, partner in named if partner]
    words = [event.title, event.summary, event.place, *names, *event.area_ids]
    return fold(" ".join(words).replace("_", " "))


def name_key(*names: str) -> str:
    """Fold what lists of presenters and of partners sort and search by."""
    return fold(" ".join(names))


def _presenter(session: Session, wanted: Contributor) -> Presenter:
    same = {"full_name": wanted.name, "organization": wanted.organization}
    with session.no_autoflush:
        found = session.scalar(select(Presenter).filter_by(**same))
    if found is None:
        return _new_presenter(session, wanted)
    if found.title != wanted.title:
        found.title = wanted.title
        found.version += 1
    return found


def _new_presenter(session: Session, wanted: Contributor) -> Presenter:
    slug = slugify(wanted.name) or "presenter"
    presenter = Presenter(
        slug=free_slug(session, slug, PresenterSlug.slug),
        full_name=wanted.name,
        name_key=name_key(wanted.name, wanted.organization),
        title=wanted.title,
        organization=wanted.organization,
    )
    session.add(presenter)
    session.flush()
    session.add(PresenterSlug(slug=presenter.slug, presenter_id=presenter.id))
    session.flush()  # the next one of this name gets another address
    return presenter


def add_presenter(session: Session, draft: PresenterDraft) -> Presenter:
    """Write a presenter whom no event names yet, by a name that nobody has."""
    named = Contributor(
        role=Role.PRESENTER,
        name=draft.full_name,
        title=draft.title,
        organization=draft.organization,
    )
    presenter = _new_presenter(session, named)
    presenter.about, presenter.zone = draft.about, draft.zone
    presenter.email, presenter.telephone = draft.email, draft.telephone
    return presenter


def remove_presenter(session: Session, presenter: Presenter) -> bool:
    """Remove a presenter whom no event names; tell whether that was so."""
    named = select(Contribution.presenter_id).where(
        Contribution.presenter_id == presenter.id
    )
    if session.scalar(named.limit(1)) is not None:
        return False
    theirs = PresenterSlug.presenter_id == presenter.id
    session.execute(delete(PresenterSlug).where(theirs))
    session.delete(presenter)
    session.flush()
    return True


def _partner(session: Session, name: str) -> Partner:
    with session.no_autoflush:
        found = session.scalar(select(Partner).filter_by(name=name))
    partner = found or Partner(name=name, name_key=name_key(name))
    session.add(partner)
    return partner
