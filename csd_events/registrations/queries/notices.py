"""What somebody was mailed of the changes of an event, and what they have not heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from csd_events.events.models import EventChange
from csd_events.events.rules import (
    LINK_MAIL,
    MOVED_MAIL,
    POSTPONED_MAIL,
    REDATED_MAIL,
    ChangeKind,
)
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.outbox.rules import original_key
from csd_events.registrations.rules import AS_TOLD, UNDONE

#: The mails of changes after which an event goes on; to its people, and on stage.
TO_PEOPLE = ("registration.moved", "registration.postponed", "registration.redated")
ON_STAGE = (MOVED_MAIL, POSTPONED_MAIL, REDATED_MAIL)

#: Mails to people that say nothing of when and where.
WITHOUT_TIMES = (
    "registration.cancelled",
    "registration.declined",
    "registration.lapsed",
    "registration.withdrawn",
)

GONE = frozenset({MailState.SENT, MailState.RETURNED})
ON_THE_WAY = frozenset({MailState.QUEUED, MailState.SENDING})
#: Of several mails about one change, as when one was sent again, the first of these.
_FURTHEST = (
    *(MailState.SENT, MailState.RETURNED, MailState.SENDING),
    *(MailState.QUEUED, MailState.FAILED, MailState.SKIPPED),
)
#: Of one event, so many changes are looked back on.
MOST = 50
#: A mail is written at most so long before it is noted that it went.
WRITTEN_BEFORE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hearer:
    """Whom notices of an event go to.

    Attributes:
        subject_id: Of the registration, or of who presents.
        on_stage: Whether it is of who presents.
        to_address: Where they read mail now: what went elsewhere was read by somebody
            else, and a mail with all of it has come since. None for wherever it went.
        since: When they came; what was queued before was for an earlier life.
    """

    subject_id: int
    event_id: int
    on_stage: bool = False
    to_address: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """How far the mail about one change of an event is, to one of its people."""

    change_id: int
    state: MailState
    note: str | None

    @property
    def is_left(self) -> bool:
        """Whether its reader has not heard by it, and will not."""
        if self.state is MailState.SKIPPED:
            return self.note not in {AS_TOLD, UNDONE}
        # One that waits will find that a later one has gone.
        return self.state in {MailState.FAILED, MailState.QUEUED}


def list_notices(session: Session, hearer: Hearer) -> list[Notice]:
    """List what somebody was mailed, or is to be, of changes; the latest first."""
    mails = select(OutboxMessage.key, OutboxMessage.state, OutboxMessage.note).where(
        OutboxMessage.subject_id == hearer.subject_id,
        OutboxMessage.kind.in_(ON_STAGE if hearer.on_stage else TO_PEOPLE),
        OutboxMessage.event_id == hearer.event_id,
    )
    if hearer.to_address is not None:
        mails = mails.where(OutboxMessage.to_address == hearer.to_address)
    if hearer.since is not None:
        mails = mails.where(OutboxMessage.queued_at >= hearer.since)
    found: dict[int, Notice] = {}
    for key, state, note in session.execute(mails.order_by(OutboxMessage.id)):
        each = Notice(int(original_key(key).rpartition(":")[2]), state, note)
        other = found.get(each.change_id)
        if other is None or _rank(each) < _rank(other):
            found[each.change_id] = each
    return sorted(found.values(), key=lambda each: -each.change_id)


def _rank(notice: Notice) -> int:
    return _FURTHEST.index(notice.state)


def tells_later(notices: Sequence[Notice], change_id: int) -> bool:
    """Tell whether a notice of a later change has gone, or will: it tells all."""
    later = (each for each in notices if each.change_id > change_id)
    return any(each.state in GONE | ON_THE_WAY for each in later)


def list_unheard(
    session: Session, event_id: int, change_id: int, notices: Sequence[Notice]
) -> list[EventChange]:
    """Return a change, and those before it that a reader has not heard of either.

    The latest first: what people had been told is what held before the last.

    Args:
        session: To read in.
        event_id: Whose change it is.
        change_id: Of which they are being told.
        notices: All that go to the reader, from `list_notices`.
    """
    by_change = {each.change_id: each for each in notices}
    changes = session.scalars(
        select(EventChange)
        .where(
            EventChange.event_id == event_id,
            EventChange.id <= change_id,
            (EventChange.undone_at.is_(None)) | (EventChange.id == change_id),
        )
        .order_by(EventChange.id.desc())
        .limit(MOST)
    ).all()
    unheard = list(changes[:1])
    for each in changes[1:]:
        notice = by_change.get(each.id)
        if notice is None and each.told_at is not None:
            continue  # it was not for them
        if notice is None or notice.is_left:
            unheard.append(each)
        elif notice.note != UNDONE:
            break
    return unheard


def list_known(
    session: Session, hearer: Hearer, changes: Sequence[EventChange]
) -> list[EventChange]:
    """Return the changes before which stood what somebody may know of an event.

    First what their notices told. Another mail, such as of a place that came free, may
    have said since then what held for a while; what they read last comes last.

    Args:
        session: To read in.
        hearer: Whose mails.
        changes: Of which no notice has told them, from `list_unheard`.
    """
    first = changes[-1]
    if len(changes) == 1:
        return [first]
    read = select(OutboxMessage.sent_at).where(
        OutboxMessage.subject_id == hearer.subject_id,
        OutboxMessage.state.in_(GONE | {MailState.SENDING}),
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > first.changed_at),
        *_with_times(hearer),
    )
    instants = session.scalars(read).all()
    if not instants:
        return [first]
    sent = [each for each in instants if each is not None]
    if len(sent) < len(instants):
        return list(reversed(changes))  # one that is just going may say any of it
    last = max(sent)
    doubtful = last - WRITTEN_BEFORE
    near = [each for each in changes if doubtful < each.changed_at <= last]
    later = [each for each in changes if each.changed_at > last]
    return [first, *near, *later[-1:]]


def _with_times(hearer: Hearer) -> list[ColumnElement[bool]]:
    """Choose the mails that say where and when it is, but are no notices."""
    kind = OutboxMessage.kind
    if hearer.on_stage:
        return [kind == LINK_MAIL]
    others = (*TO_PEOPLE, "registration.event_cancelled", *WITHOUT_TIMES)
    chosen = [
        kind.startswith("registration.", autoescape=True),
        kind.not_in(others),
        OutboxMessage.event_id == hearer.event_id,
    ]
    if hearer.to_address is not None:
        chosen.append(OutboxMessage.to_address == hearer.to_address)
    return chosen


def find_heard_postponed(
    session: Session, event_id: int, change_id: int, notices: Sequence[Notice]
) -> EventChange | None:
    """Find the change by which a reader heard, before another one, of no date."""
    heard = [
        each.change_id
        for each in notices
        if each.change_id < change_id and each.state in GONE | {MailState.SENDING}
    ]
    latest = (
        select(EventChange)
        .where(
            EventChange.event_id == event_id,
            EventChange.id.in_(heard),
            EventChange.kind == ChangeKind.POSTPONED,
        )
        .order_by(EventChange.id.desc())
    )
    return session.scalar(latest.limit(1))
