"""Announcements as staff see them: one, a page of all, and how far each is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from csd_events.announcements import rules
from csd_events.announcements.models import Announcement, Recipient
from csd_events.announcements.rules import LeftOut, Progress, Stage
from csd_events.core.access import Role
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import Page
from csd_events.events import queries as events
from csd_events.outbox.queries import MAILS
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import queries as registrations

PER_PAGE = 20
#: As many reasons as a page shows.
MOST_REASONS = 20
_MAIL_KEY = literal(rules.MAIL_PREFIX) + cast(Recipient.id, String)
_PAUSED = and_(MAILS.c.state == MailState.SKIPPED, MAILS.c.note == rules.PAUSED)
_BECOME = case(
    (Recipient.left_out.is_not(None), "left_out"),
    (MAILS.c.id.is_(None), "to_queue"),
    (MAILS.c.state == MailState.SENT, "sent"),
    (MAILS.c.state.in_((MailState.FAILED, MailState.RETURNED)), "failed"),
    (_PAUSED, "paused"),
    (MAILS.c.state != MailState.SKIPPED, "waiting"),
    else_="left_out",
)


def roles_at(
    session: Session, person_id: int, named: Mapping[str, Any]
) -> Collection[Role]:
    """Return the roles of a person at the event of an address; none at no event.

    Args:
        named: What the address holds: an ``announcement_id``, or what
            `registrations.queries.roles_at` knows.
    """
    if "announcement_id" not in named:
        return registrations.roles_at(session, person_id, named)
    of = Announcement.id == named["announcement_id"]
    event_id = session.scalar(select(Announcement.event_id).where(of))
    return events.roles_at(session, person_id, event_id) if event_id else ()


def get(session: Session, announcement_id: int) -> Announcement:
    """Return an announcement.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = session.get(Announcement, announcement_id)
    if found is None:
        raise NotFoundError("announcement")
    return found


def page(
    session: Session, *, event_id: int | None = None, after: int | None = None
) -> Page[Announcement, int]:
    """Return a page of announcements, the latest first: all, or one event's."""
    wanted = select(Announcement)
    if event_id is not None:
        wanted = wanted.where(Announcement.event_id == event_id)
    if after is not None:
        wanted = wanted.where(Announcement.id < after)
    found = wanted.order_by(Announcement.id.desc()).limit(PER_PAGE + 1)
    rows = session.scalars(found).all()
    shown = rows[:PER_PAGE]
    return Page(items=shown, after=shown[-1].id if len(rows) > PER_PAGE else None)


def list_progress(
    session: Session, announcements: Collection[Announcement]
) -> Mapping[int, Progress]:
    """Say of some announcements what has become of them, out of their rows."""
    stages = {each.id: each.stage for each in announcements}
    rows = session.execute(
        select(Recipient.announcement_id, _BECOME, func.count())
        .outerjoin(MAILS, MAILS.c.key == _MAIL_KEY)
        .where(Recipient.announcement_id.in_(stages))
        .group_by(Recipient.announcement_id, _BECOME)
    )
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for announcement_id, become, number in rows:
        counts[announcement_id][become] = number
    return {
        each: _progress(counts[each], stopped=stage is Stage.STOPPED)
        for each, stage in stages.items()
    }


def _progress(counts: Mapping[str, int], *, stopped: bool) -> Progress:
    """Put counts together; who was not written to before it stopped gets none."""
    to_come = counts["to_queue"] + counts["paused"]
    return Progress(
        known=sum(counts.values()),
        sent=counts["sent"],
        waiting=counts["waiting"] + (0 if stopped else to_come),
        failed=counts["failed"],
        left_out=counts["left_out"] + (to_come if stopped else 0),
    )


def list_reasons(
    session: Session, announcement_id: int
) -> Sequence[tuple[LeftOut | str, int]]:
    """List why people did not get an announcement, with how many, most first.

    What was found when their mails were queued, or what became of these.
    """
    noted = case((MAILS.c.state == MailState.SKIPPED, MAILS.c.note))
    rows = session.execute(
        select(Recipient.left_out, noted, func.count())
        .outerjoin(MAILS, MAILS.c.key == _MAIL_KEY)
        .where(
            Recipient.announcement_id == announcement_id,
            or_(
                Recipient.left_out.is_not(None),
                and_(MAILS.c.state == MailState.SKIPPED, ~_PAUSED),
            ),
        )
        .group_by(Recipient.left_out, noted)
        .order_by(func.count().desc())
        .limit(MOST_REASONS)
    )
    return [(why or str(note or ""), number) for why, note, number in rows]


def is_any_leaving(session: Session, *, now: datetime) -> bool:
    """Tell whether there is an announcement to go on with."""
    due = select(Announcement.id).where(
        Announcement.stage == Stage.LEAVING, Announcement.leaves_at <= now
    )
    return session.scalar(due.limit(1)) is not None
