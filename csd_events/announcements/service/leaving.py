"""An announcement leaves: its people are found, and their mails queued, in pieces.

Each piece is a short transaction and says how far it came, so that whoever goes on
knows where. No more mails wait at a time than leave soon: what is paused or stopped is
then most of it not queued at all, and mails about what somebody did wait behind few.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    String,
    Table,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.announcements import queries, rules
from csd_events.announcements.models import Announcement, Recipient, Subscription
from csd_events.announcements.queries import Terms
from csd_events.announcements.rules import Stage
from csd_events.announcements.service.writing import terms_of
from csd_events.association import queries as association
from csd_events.core.db import INSERTS, Turn, engine_name, take_turns
from csd_events.outbox import queries as outbox_queries
from csd_events.outbox import service as outbox

#: People found in one piece, and those whose mails are queued in one.
FOUND_AT_ONCE, QUEUED_AT_ONCE = 2_000, 200
#: Mails of announcements that wait at a time: a few seconds' worth.
MOST_WAITING = 400
RECIPIENTS = cast("Table", Recipient.__table__)
SUBSCRIPTIONS = cast("Table", Subscription.__table__)


def work(session: Session, *, now: datetime) -> bool:
    """Do the next piece of the announcement that is first. False if there is none now.

    Every "who has had how many" is asked and answered in turn, so that two
    announcements do not both take somebody's last one of the week.
    """
    take_turns(session, Turn.ANNOUNCEMENTS)
    row = session.scalar(
        select(Announcement)
        .where(Announcement.stage == Stage.LEAVING, Announcement.leaves_at <= now)
        .order_by(Announcement.leaves_at, Announcement.id)
        .limit(1)
        .with_for_update(of=Announcement)
        .execution_options(populate_existing=True)
    )
    if row is None or not rules.is_by_day(now, association.read(session).zone):
        return False
    terms = terms_of(session, row, now=now)
    if row.begun_at is None:
        row.begun_at = now
    if row.found_at is None:
        _find_some(session, row, terms)
        return True
    take_up(session, row, now=now)
    return _queue_some(session, row, terms)


def of_announcement(row: Announcement) -> ColumnElement[bool]:
    """Match the mails of an announcement, those that were sent again too."""
    mails = outbox_queries.MAILS
    own = select(Recipient.id).where(Recipient.announcement_id == row.id)
    return (mails.c.kind == row.audience.kind) & mails.c.subject_id.in_(own)


def take_up(session: Session, row: Announcement, *, now: datetime) -> None:
    """Let the mails go on that waited because the announcement was paused."""
    outbox.take_up(session, of_announcement(row), why=rules.PAUSED, now=now)


def _find_some(session: Session, row: Announcement, terms: Terms) -> None:
    """Write down the next of those whom it is for."""
    people = queries.people_for(terms).subquery()
    some = (
        select(literal(row.id), people.c.person_id)
        .where(people.c.person_id > row.found_to)
        .order_by(people.c.person_id)
        .limit(FOUND_AT_ONCE)
    )
    found = session.scalars(
        insert(RECIPIENTS)
        .from_select(["announcement_id", "person_id"], some)
        .returning(RECIPIENTS.c.person_id)
    ).all()
    if found:
        row.found_to = max(found)
    if len(found) < FOUND_AT_ONCE:
        row.found_at = terms.now


def _queue_some(session: Session, row: Announcement, terms: Terms) -> bool:
    """Queue the next mails, or leave people out. False if that has to wait.

    It is done when nobody is left and nothing of it is being sent: a mail in hand may
    still come back because the announcement was paused for a moment.
    """
    waiting = outbox_queries.count_last(session, now=terms.now)
    room = min(QUEUED_AT_ONCE, MOST_WAITING - waiting)
    if room <= 0:
        return False
    people = session.scalars(
        select(Recipient.person_id)
        .where(Recipient.announcement_id == row.id, Recipient.person_id > row.queued_to)
        .order_by(Recipient.person_id)
        .limit(room)
    ).all()
    if not people:
        if not outbox_queries.is_any_sending(session, of_announcement(row)):
            row.stage = Stage.GONE
        return row.stage is Stage.GONE
    these = (
        (Recipient.announcement_id == row.id)
        & (Recipient.person_id > row.queued_to)
        & (Recipient.person_id <= people[-1])
    )
    _leave_out(session, these, terms)
    _subscribe(session, these, terms)
    _queue(session, row, these, now=terms.now)
    row.queued_to = people[-1]
    return True


def _leave_out(session: Session, these: ColumnElement[bool], terms: Terms) -> None:
    why = (
        select(queries.why_left_out(terms))
        .where(Person.id == Recipient.person_id)
        .correlate(Recipient)
        .scalar_subquery()
    )
    leave = update(Recipient).where(these).values(left_out=why)
    session.execute(leave.execution_options(synchronize_session=False))


def _subscribe(session: Session, these: ColumnElement[bool], terms: Terms) -> None:
    """Note what the unsubscribe links of these mails will name."""
    rows = (
        select(Person.id, literal(terms.list_key), Person.email_key, null())
        .join(Recipient, Recipient.person_id == Person.id)
        .where(these, Recipient.left_out.is_(None))
    )
    names = ["person_id", "list_key", "email_key", "unsubscribed_at"]
    statement = INSERTS[engine_name(session)](SUBSCRIPTIONS).from_select(names, rows)
    session.execute(
        statement.on_conflict_do_nothing(
            index_elements=["person_id", "list_key", "email_key"]
        )
    )


def _queue(
    session: Session,
    row: Announcement,
    these: ColumnElement[bool],
    *,
    now: datetime,
) -> None:
    key = literal(rules.MAIL_PREFIX) + as_type(Recipient.id, String)
    who = (
        select(
            key.label("key"),
            Recipient.id.label("subject_id"),
            Person.email.label("to_address"),
        )
        .join(Person, Person.id == Recipient.person_id)
        .where(these, Recipient.left_out.is_(None))
    )
    outbox.enqueue_all(session, who, kind=row.audience.kind, due_at=now, now=now)
