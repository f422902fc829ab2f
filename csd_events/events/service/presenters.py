"""Presenters and partners: one name for them everywhere, and making two one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, selectinload

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.errors import StaleError
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
from csd_events.events.service.belongings import (
    described,
    lock_row,
    refuse_taken,
)
from csd_events.events.service.contributing import name_key, search_text_of
from csd_events.events.service.recordings import keep_recordings

#: What staff say of each, as the trail keeps it.
FACTS: Mapping[Any, tuple[str, ...]] = {
    Presenter: tuple(each.name for each in fields(PresenterDraft)),
    Partner: ("name", "kind", "website"),
}
#: What tells one from another: no two of a kind agree in all of it.
NAMED_BY: Mapping[Any, tuple[str, ...]] = {
    Presenter: ("full_name", "organization"),
    Partner: ("name",),
}

SAVED: Mapping[Any, str] = {Presenter: "presenter.saved", Partner: "partner.saved"}
MERGED: Mapping[Any, str] = {Presenter: "presenter.merged", Partner: "partner.merged"}

Kind = TypeVar("Kind", Presenter, Partner)


def update_contributor(  # noqa: PLR0913 - of which kind, besides
    session: Session,
    kind: type[Kind],
    row_id: int,
    draft: PresenterDraft | PartnerDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Save what is said of a presenter or a partner. A presenter's address stays.

    Raises:
        ProblemsError: Another one of the kind has this name.
        StaleError: Somebody saved it after the form was opened.
    """
    done = Done(SAVED[kind], now, actor_id)
    write_contributor(session, kind, row_id, draft, version=version, done=done)


@dataclass(frozen=True, slots=True)
class Done:
    """What the trail keeps of a change: what it was, when, and by whom."""

    action: str
    now: datetime
    actor_id: int | None = None


def write_contributor(
    session: Session,
    kind: type[Kind],
    row_id: int,
    draft: PresenterDraft | PartnerDraft,
    *,
    version: int,
    done: Done,
) -> bool:
    """Save as `update_contributor` does, under a name. Return whether it changed.

    Raises:
        ProblemsError: Another one of the kind has this name.
        StaleError: Somebody saved it after the form was opened.
    """
    events = _lock_events(session, kind, row_id)
    row = lock_row(session, kind, row_id, version=version)
    before = described(row, FACTS[kind])
    names = {name: getattr(draft, name) for name in NAMED_BY[kind]}
    same = select(kind.id).filter_by(**names)
    refuse_taken(session, NAMED_BY[kind][0], row_id, same)
    for name in FACTS[kind]:
        setattr(row, name, getattr(draft, name))
    changes = what_changed(before, described(row, FACTS[kind]))
    if not changes:
        return False
    row.name_key = name_key(*names.values())
    row.version += 1
    _show_anew(session, events)
    audit.record(
        session,
        done.action,
        subject_id=row_id,
        actor_id=done.actor_id,
        now=done.now,
        changes=changes,
    )
    return True


def merge_contributors(
    session: Session,
    kind: type[Kind],
    row_id: int,
    *,
    into_id: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Make two presenters or partners one: what the first does is the second's now.

    The second stays as it is, and takes what it lacks from the first. All that named
    the first names it, and a presenter's old address leads to it. The link of the
    first to a page of their own opens nothing any more.
    """
    events = _lock_events(session, kind, row_id)
    gone, kept = _lock_both(session, kind, row_id, into_id)
    _refuse_new_events(session, events, Contribution.of(kind) == row_id)
    before = described(gone, FACTS[kind])
    for event in events:
        _put_in_place(event, gone, kept)
    for name in set(FACTS[kind]) - set(NAMED_BY[kind]):
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.version += 1
    if isinstance(gone, Partner):
        _hand_over_owners(session, gone, kept)
    if isinstance(gone, Presenter):
        _hand_over_picture(gone, kept)
    session.flush()
    if isinstance(gone, Presenter):
        before["slug"] = gone.slug
        _lead_to(session, gone.id, kept.id)
    session.delete(gone)
    audit.record(
        session,
        MERGED[kind],
        subject_id=into_id,
        actor_id=actor_id,
        now=now,
        changes={
            "merged": [before, None],
            "events": [None, [event.id for event in events]],
        },
    )
    _show_anew(session, events)


def _lock_events(
    session: Session, kind: type[Presenter] | type[Partner], row_id: int
) -> list[Event]:
    """Lock the events that somebody contributes to, with all that belongs to them."""
    theirs = Contribution.of(kind) == row_id
    ids = select(Contribution.event_id).where(theirs).distinct()
    found = session.scalars(ids.order_by(Contribution.event_id)).all()
    queries.lock_all(session, found)
    return [queries.get(session, event_id) for event_id in found]


def _lock_both(
    session: Session, kind: type[Kind], gone_id: int, kept_id: int
) -> tuple[Kind, Kind]:
    """Lock two that become one, by their ids: the other way round waits its turn."""
    rows = {
        row_id: lock_row(session, kind, row_id) for row_id in sorted((gone_id, kept_id))
    }
    return rows[gone_id], rows[kept_id]


def _refuse_new_events(
    session: Session, locked: Sequence[Event], theirs: ColumnElement[bool]
) -> None:
    """Leave alone who came to contribute to more while the locks were waited for.

    Raises:
        StaleError: Somebody saved meanwhile.
    """
    ids = session.scalars(select(Contribution.event_id).where(theirs))
    if not set(ids) <= {event.id for event in locked}:
        raise StaleError


def _show_anew(session: Session, events: Sequence[Event]) -> None:
    """Let searches find names as they are, and no open form bring old ones back."""
    for event in events:
        event.search_text = search_text_of(event)
        event.version += 1
    keep_recordings(session, events)


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


def _hand_over_picture(gone: Presenter, kept: Presenter) -> None:
    if not kept.picture:
        kept.picture, kept.picture_alt = gone.picture, gone.picture_alt


def _lead_to(session: Session, gone_id: int, kept_id: int) -> None:
    """Let the addresses of a presenter who goes lead to the one who stays."""
    theirs = update(PresenterSlug).where(PresenterSlug.presenter_id == gone_id)
    session.execute(theirs.values(presenter_id=kept_id))


def _hand_over_owners(session: Session, gone: Partner, kept: Partner) -> None:
    """Name one partner for another on conferences and programs."""
    for owner in _owners(session, gone.id):
        _name_other(owner.partners, gone, kept)
        owner.version += 1


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
