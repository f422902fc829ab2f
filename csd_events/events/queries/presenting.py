"""What those on stage present, as their own pages, mails and calendars say it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, selectinload

from csd_events.core.errors import EndedError, NotFoundError
from csd_events.core.tokens import Links, Purpose, row_id
from csd_events.events.models import (
    Contribution,
    Event,
    EventSession,
    Partner,
    Presenter,
)
from csd_events.events.queries.finding import is_public, whole
from csd_events.events.queries.listing import FEED_REACHES_BACK, MOST_IN_A_FEED, is_over
from csd_events.events.queries.presenters import MOST_OF_ONE
from csd_events.events.rules import LINK_MAIL, Role, State
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState

#: Of those who changed what is said of them, as many as the desk names.
MOST_CORRECTED = 20


@dataclass(frozen=True, slots=True)
class LinkSent:
    """The last mail with the link of somebody's page."""

    to_address: str
    state: MailState
    at: datetime


def get_presenter_by_link(
    session: Session, links: Links, token: str, purpose: Purpose = Purpose.PRESENTER
) -> Presenter:
    """Return the presenter whose page, or calendar, a link opens.

    Raises:
        NotFoundError: The link is not ours, or two presenters became one.
        EndedError: It was, until staff ended it.
    """
    number = row_id(token)
    found = session.get(Presenter, number) if number is not None else None
    if found is None:
        raise NotFoundError("presenter")
    if links.matches(token, purpose, found.link_version):
        return found
    if links.matched_before(token, purpose, found.link_version):
        raise EndedError("presenter")
    raise NotFoundError("presenter")


def find_presenter(session: Session, presenter_id: int) -> Presenter | None:
    """Return a presenter as they are now, or None where two became one."""
    return session.get(Presenter, presenter_id, populate_existing=True)


def find_last_presenter(session: Session, *, now: datetime) -> Presenter | None:
    """Return who presents the public event that comes next, or came last."""
    on_stage = (
        select(Presenter)
        .join(Contribution, Contribution.presenter_id == Presenter.id)
        .join(Event, Event.id == Contribution.event_id)
        .where(is_public())
        .order_by(is_over(now), Event.listed_at, Event.id, Contribution.position)
    )
    return session.scalar(on_stage.limit(1))


def list_presenting(
    session: Session, presenter_id: int, *, now: datetime
) -> Sequence[Event]:
    """List the public events of somebody that are not over, with all of theirs."""
    coming = (
        whole()
        .where(_is_theirs(presenter_id), is_public(), ~is_over(now))
        .order_by(Event.listed_at, Event.id)
        .limit(MOST_OF_ONE)
    )
    return session.scalars(coming).unique().all()


def list_presented_sessions(
    session: Session, presenter_id: int, *, now: datetime
) -> Sequence[tuple[Event, EventSession]]:
    """List what somebody presents, for a calendar of theirs that follows it.

    What is cancelled leaves; what was over within some months stays.
    """
    events = (
        select(Event)
        .where(
            _is_theirs(presenter_id),
            Event.state == State.PUBLISHED,
            Event.starts_at.is_not(None),
            ~is_over(now - FEED_REACHES_BACK),
        )
        .options(selectinload(Event.sessions), selectinload(Event.contributions))
        .order_by(Event.listed_at.desc(), Event.id.desc())
        .limit(MOST_IN_A_FEED)
    )
    return [
        (event, sitting)
        for event in session.scalars(events)
        for sitting in sessions_of(event, presenter_id)
    ]


def sessions_of(event: Event, presenter_id: int) -> list[EventSession]:
    """List the sessions that somebody presents or moderates; all of a whole event."""
    theirs = {
        each.session_id
        for each in event.contributions
        if each.presenter_id == presenter_id
    }
    return [each for each in event.sessions if None in theirs or each.id in theirs]


def list_contributions(session: Session, event_id: int) -> Sequence[Contribution]:
    """List who is on stage of an event and who stands behind it, in order."""
    theirs = select(Contribution).where(Contribution.event_id == event_id)
    return session.scalars(theirs.order_by(Contribution.position)).all()


def list_underwriters(session: Session, event_id: int) -> Sequence[str]:
    """List the names of who pays for an event."""
    payers = (
        select(Partner.name)
        .join(Contribution, Contribution.partner_id == Partner.id)
        .where(Contribution.event_id == event_id, Contribution.role == Role.UNDERWRITER)
        .order_by(Contribution.position)
    )
    return session.scalars(payers).all()


def list_on_stage(session: Session, event_id: int) -> Sequence[Presenter]:
    """List who presents or moderates an event or a session of it, each once."""
    first = func.min(Contribution.position)
    on_stage = (
        select(Presenter)
        .join(Contribution, Contribution.presenter_id == Presenter.id)
        .where(Contribution.event_id == event_id)
        .group_by(Presenter.id)
        .order_by(first)
    )
    return session.scalars(on_stage).all()


def list_reached(
    session: Session, event_id: int
) -> Mapping[int, tuple[str, set[int | None]]]:
    """Return the address of each of those on stage who has one, by their id.

    With the ids of their sessions; None for the whole event.
    """
    rows = session.execute(
        select(Presenter.id, Presenter.email, Contribution.session_id)
        .join(Contribution, Contribution.presenter_id == Presenter.id)
        .where(Contribution.event_id == event_id, Presenter.email != "")
        .order_by(Presenter.id)
    )
    found: dict[int, tuple[str, set[int | None]]] = {}
    for presenter_id, email, session_id in rows:
        found.setdefault(presenter_id, (email, set()))[1].add(session_id)
    return found


def count_reached(session: Session, event_id: int) -> int:
    """Count those on stage of an event whose address we have."""
    reached = (
        select(func.count(Presenter.id.distinct()))
        .join(Contribution, Contribution.presenter_id == Presenter.id)
        .where(Contribution.event_id == event_id, Presenter.email != "")
    )
    return session.scalar(reached) or 0


def list_links_sent(
    session: Session, presenter_ids: Collection[int]
) -> Mapping[int, LinkSent]:
    """Return the last mail with the link of each of some presenters' pages."""
    last = (
        select(func.max(OutboxMessage.id))
        .where(
            OutboxMessage.kind == LINK_MAIL, OutboxMessage.subject_id.in_(presenter_ids)
        )
        .group_by(OutboxMessage.subject_id)
    )
    rows: Any = session.execute(
        select(
            OutboxMessage.subject_id,
            OutboxMessage.to_address,
            OutboxMessage.state,
            func.coalesce(OutboxMessage.sent_at, OutboxMessage.queued_at),
        ).where(OutboxMessage.id.in_(last))
    )
    return {who: LinkSent(*sent) for who, *sent in rows}


def list_corrected(session: Session) -> Sequence[tuple[int, str]]:
    """List who changed what is said of them since staff looked: the id and the name."""
    corrected = (
        select(Presenter.id, Presenter.full_name)
        .where(Presenter.corrected_at.is_not(None))
        .order_by(Presenter.corrected_at, Presenter.id)
    )
    rows = session.execute(corrected.limit(MOST_CORRECTED))
    return [(number, name) for number, name in rows]


def has_picture(session: Session, name: str) -> bool:
    """Tell whether a file is the picture of a presenter."""
    theirs = exists().where(Presenter.picture == name)
    return bool(session.scalar(select(theirs)))


def list_pictures(session: Session) -> frozenset[str]:
    """Return the names of the files that are pictures of presenters."""
    names = select(Presenter.picture).where(Presenter.picture.is_not(None))
    return frozenset(name for name in session.scalars(names) if name)


def _is_theirs(presenter_id: int) -> ColumnElement[bool]:
    return exists().where(
        Contribution.event_id == Event.id, Contribution.presenter_id == presenter_id
    )
