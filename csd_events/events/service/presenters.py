"""Presenters and partners: one name for them everywhere, and making two one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, selectinload

from csd_events.audit import service as audit
from csd_events.core.errors import StaleError
from csd_events.core.text import fold
from csd_events.events import queries
from csd_events.events.models import (
    Conference,
    ConferencePartner,
    Contribution,
    Event,
    Partner,
    Presenter,
    PresenterSlug,
    Program,
    ProgramPartner,
)
from csd_events.events.rules import PartnerDraft, PresenterDraft, Role
from csd_events.events.service.contributing import presenter_key, search_text_of
from csd_events.events.service.keeping import (
    described,
    differing,
    lock_row,
    refuse_taken,
)

Named = TypeVar("Named", Presenter, Partner)

PRESENTER = ("full_name", "title", "organization", "about")
PARTNER = ("name", "kind", "website")


def update_presenter(
    session: Session,
    presenter_id: int,
    draft: PresenterDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Save what is said of somebody on stage. Their address stays.

    Raises:
        ProblemsError: Another presenter has this name and organization.
        StaleError: Somebody saved it after the form was opened.
    """
    events = _lock_events(session, Contribution.presenter_id == presenter_id)
    presenter = lock_row(session, Presenter, presenter_id, version=version)
    before = described(presenter, PRESENTER)
    same = select(Presenter.id).filter_by(
        full_name=draft.full_name, organization=draft.organization
    )
    refuse_taken(session, "full_name", presenter_id, same)
    for name in PRESENTER:
        setattr(presenter, name, getattr(draft, name))
    presenter.name_key = presenter_key(draft.full_name, draft.organization)
    presenter.version += 1
    _show_anew(events)
    audit.record(
        session,
        "presenter.saved",
        subject_id=presenter_id,
        actor_id=actor_id,
        now=now,
        changes=differing(before, described(presenter, PRESENTER)),
    )


def update_partner(
    session: Session,
    partner_id: int,
    draft: PartnerDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Save what is said of an organization behind events.

    Raises:
        ProblemsError: Another partner has this name.
        StaleError: Somebody saved it after the form was opened.
    """
    events = _lock_events(session, Contribution.partner_id == partner_id)
    partner = lock_row(session, Partner, partner_id, version=version)
    before = described(partner, PARTNER)
    same = select(Partner.id).filter_by(name=draft.name)
    refuse_taken(session, "name", partner_id, same)
    for name in PARTNER:
        setattr(partner, name, getattr(draft, name))
    partner.name_key = fold(draft.name)
    partner.version += 1
    _show_anew(events)
    audit.record(
        session,
        "partner.saved",
        subject_id=partner_id,
        actor_id=actor_id,
        now=now,
        changes=differing(before, described(partner, PARTNER)),
    )


def merge_presenters(
    session: Session,
    presenter_id: int,
    *,
    into_id: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Make two presenters one: what the first does is the second's from now on.

    The second stays as it is, and takes what it lacks from the first, whose address
    leads to it.
    """
    events = _lock_events(session, Contribution.presenter_id == presenter_id)
    gone, kept = _lock_both(session, Presenter, presenter_id, into_id)
    _refuse_new_events(session, events, Contribution.presenter_id == presenter_id)
    before = described(gone, ("slug", *PRESENTER))
    for event in events:
        _put_in_place(event, gone, kept)
    for name in ("title", "about"):
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.version += 1
    session.flush()
    session.execute(
        update(PresenterSlug)
        .where(PresenterSlug.presenter_id == presenter_id)
        .values(presenter_id=into_id)
    )
    session.delete(gone)
    _record_merge(session, kept, before, events, now=now, actor_id=actor_id)
    _show_anew(events)


def merge_partners(
    session: Session,
    partner_id: int,
    *,
    into_id: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Make two partners one: what the first stands behind, the second does now.

    The second stays as it is, and takes what it lacks from the first.
    """
    events = _lock_events(session, Contribution.partner_id == partner_id)
    gone, kept = _lock_both(session, Partner, partner_id, into_id)
    _refuse_new_events(session, events, Contribution.partner_id == partner_id)
    before = described(gone, PARTNER)
    for event in events:
        _put_in_place(event, gone, kept)
    for owner in _owners(session, partner_id):
        _name_other(owner.partners, gone, kept)
        owner.version += 1
    kept.kind, kept.website = kept.kind or gone.kind, kept.website or gone.website
    kept.version += 1
    session.flush()
    session.delete(gone)
    _record_merge(session, kept, before, events, now=now, actor_id=actor_id)
    _show_anew(events)


def _lock_events(session: Session, *theirs: ColumnElement[bool]) -> list[Event]:
    """Lock the events that somebody contributes to, with all that belongs to them."""
    ids = select(Contribution.event_id).where(*theirs).distinct()
    found = session.scalars(ids.order_by(Contribution.event_id)).all()
    queries.lock_all(session, found)
    return [queries.get(session, event_id) for event_id in found]


def _lock_both(
    session: Session, model: type[Named], gone_id: int, kept_id: int
) -> tuple[Named, Named]:
    """Lock two that become one, by their ids: the other way round waits its turn."""
    rows = {
        row_id: lock_row(session, model, row_id)
        for row_id in sorted((gone_id, kept_id))
    }
    return rows[gone_id], rows[kept_id]


def _refuse_new_events(
    session: Session, locked: Sequence[Event], *theirs: ColumnElement[bool]
) -> None:
    """Leave alone who came to contribute to more while the locks were waited for.

    Raises:
        StaleError: Somebody saved meanwhile.
    """
    ids = session.scalars(select(Contribution.event_id).where(*theirs))
    if not set(ids) <= {event.id for event in locked}:
        raise StaleError


def _show_anew(events: Iterable[Event]) -> None:
    """Let the search find names as they are, and no open form bring old ones back."""
    for event in events:
        event.search_text = search_text_of(event)
        event.version += 1


def _put_in_place(
    event: Event, gone: Presenter | Partner, kept: Presenter | Partner
) -> None:
    """Let one contribute what another did; nobody stands twice as the same.

    Somebody may present several sessions, each of which is something of its own.
    """
    said: dict[object, tuple[Role, Presenter | None, Partner | None, int | None]] = {}
    for row in event.contributions:
        presenter, partner = row.presenter, row.partner
        if presenter is gone and isinstance(kept, Presenter):
            presenter = kept
        if partner is gone and isinstance(kept, Partner):
            partner = kept
        key = presenter or (partner, row.role), row.session_id
        said.setdefault(key, (row.role, presenter, partner, row.session_id))
    for row, each in zip(event.contributions, said.values(), strict=False):
        row.role, row.presenter, row.partner, row.session_id = each
    del event.contributions[len(said) :]


def _name_other(rows: list[Any], gone: Partner, kept: Partner) -> None:
    said = [(row.role, kept if row.partner is gone else row.partner) for row in rows]
    once = list(dict.fromkeys(said))
    for row, (role, partner) in zip(rows, once, strict=False):
        row.role, row.partner = role, partner
    del rows[len(once) :]


def _owners(session: Session, partner_id: int) -> list[Conference | Program]:
    """Lock the conferences and programs that a partner stands behind."""
    conferences = (
        select(Conference)
        .where(Conference.partners.any(ConferencePartner.partner_id == partner_id))
        .options(selectinload(Conference.partners))
    )
    programs = (
        select(Program)
        .where(Program.partners.any(ProgramPartner.partner_id == partner_id))
        .options(selectinload(Program.partners))
    )
    return [
        *session.scalars(conferences.order_by(Conference.id).with_for_update()),
        *session.scalars(programs.order_by(Program.id).with_for_update()),
    ]


def _record_merge(
    session: Session,
    kept: Presenter | Partner,
    before: dict[str, object],
    events: Iterable[Event],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    is_presenter = isinstance(kept, Presenter)
    changes = {"merged": [before, None], "events": [event.id for event in events]}
    audit.record(
        session,
        "presenter.merged" if is_presenter else "partner.merged",
        subject_id=kept.id,
        actor_id=actor_id,
        now=now,
        changes=changes,
    )
