"""Mails as staff read them: one, those about a row, a page of all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from csd_events.core.errors import NotFoundError
from csd_events.core.pages import CountedPage
from csd_events.outbox.message import Body
from csd_events.outbox.models import (
    Bounce,
    OutboxBody,
    OutboxMessage,
)
from csd_events.outbox.rules import (
    AGAIN,
    MANY_ATTEMPTS,
    PRIVATE_FEATURES,
    REGISTRATION,
    State,
    key_sent_again,
)

PER_PAGE = 50
#: Counting stops here: beyond it, staff need to know that it is many.
COUNTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which mails staff want to see."""

    state: State | None = None
    kind: str | None = None
    attention: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """How many mails somebody should look at, each counted no further than COUNTED.

    Attributes:
        undelivered: No server has taken them.
        returned: One did, and they came back.
    """

    undelivered: int
    returned: int


def get_message(session: Session, message_id: int) -> OutboxMessage:
    message = session.get(OutboxMessage, message_id)
    if message is None:
        raise NotFoundError(f"no mail {message_id}")
    return message


def find_body(session: Session, message_id: int) -> Body | None:
    content = session.scalar(
        select(OutboxBody.content).where(OutboxBody.message_id == message_id)
    )
    return None if content is None else Body.unpacked(content)


def find_sent_again(session: Session, message: OutboxMessage) -> int | None:
    """Return the id of the mail by which staff sent this one again."""
    again = key_sent_again(message.key, message.id)
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == again))


def list_about(
    session: Session, *, feature: str, subject_ids: Collection[int]
) -> Sequence[OutboxMessage]:
    """What a feature has written about some of its rows, oldest first."""
    return session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.subject_id.in_(subject_ids),
            OutboxMessage.kind.startswith(f"{feature}.", autoescape=True),
        )
        .order_by(OutboxMessage.id)
    ).all()


def page_messages(
    session: Session,
    filters: Filters,
    *,
    before: int | None = None,
    after: int | None = None,
) -> CountedPage[OutboxMessage, int]:
    """One page of mails, newest first: from below a row's id, or from above it."""
    wanted = select(OutboxMessage).where(*_conditions(filters))
    some = wanted.with_only_columns(OutboxMessage.id).limit(COUNTED + 1).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    if after is not None:
        above = wanted.where(OutboxMessage.id > after).order_by(OutboxMessage.id)
        rows = session.scalars(above.limit(PER_PAGE + 1)).all()
        shown = list(reversed(rows[:PER_PAGE]))
        newer, older = len(rows) > PER_PAGE, True
    else:
        if before is not None:
            wanted = wanted.where(OutboxMessage.id < before)
        below = wanted.order_by(OutboxMessage.id.desc()).limit(PER_PAGE + 1)
        rows = session.scalars(below).all()
        shown = list(rows[:PER_PAGE])
        newer, older = before is not None, len(rows) > PER_PAGE
    return CountedPage(
        items=shown,
        total=total,
        before=shown[0].id if shown and newer else None,
        after=shown[-1].id if shown and older else None,
    )


def count_attention(session: Session) -> Attention:
    """How many mails somebody should look at. Asks once."""
    counts = select(_counted(_was_not_taken()), _counted(_came_back()))
    return Attention(*session.execute(counts).one())


def _counted(which: ColumnElement[bool]) -> ScalarSelect[int]:
    some = select(OutboxMessage.id).where(which).limit(COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = []
    if filters.state:
        conditions.append(OutboxMessage.state == filters.state)
    if filters.kind:
        conditions.append(OutboxMessage.kind == filters.kind)
    if filters.attention:
        conditions.append(_needs_attention())
    return conditions


def _needs_attention() -> ColumnElement[bool]:
    return or_(_was_not_taken(), _came_back())


def _was_not_taken() -> ColumnElement[bool]:
    """Failed and not seen to since, or refused again and again."""
    return or_(
        and_(OutboxMessage.state == State.FAILED, _can_be_mended(), ~_is_seen_to()),
        and_(
            OutboxMessage.state == State.QUEUED,
            OutboxMessage.attempts >= MANY_ATTEMPTS,
        ),
    )


def _came_back() -> ColumnElement[bool]:
    """Came back from an address that has not proved to work since, and not seen to."""
    still = exists().where(
        Bounce.message_id == OutboxMessage.id, Bounce.settled_at.is_(None)
    )
    returned = OutboxMessage.state == State.RETURNED
    return and_(returned, still, _can_be_mended(), ~_is_seen_to())


def _can_be_mended() -> ColumnElement[bool]:
    """Tell whether staff can do anything about a mail: not about one with a secret.

    Else whoever asks for a link at an address that does not exist would leave
    something on the desk that nobody can ever take off it.
    """
    private = [
        OutboxMessage.kind.startswith(f"{feature}.", autoescape=True)
        for feature in sorted(PRIVATE_FEATURES)
    ]
    return ~or_(*private)


def _is_seen_to() -> ColumnElement[bool]:
    """Tell whether a mail was sent again, or its registration is at another address."""
    later, elsewhere = aliased(OutboxMessage), aliased(OutboxMessage)
    key_again = OutboxMessage.key.concat(AGAIN).concat(cast(OutboxMessage.id, String))
    return or_(
        exists().where(later.key == key_again),
        exists().where(
            OutboxMessage.kind.startswith(REGISTRATION, autoescape=True),
            elsewhere.subject_id == OutboxMessage.subject_id,
            elsewhere.kind.startswith(REGISTRATION, autoescape=True),
            elsewhere.id > OutboxMessage.id,
            elsewhere.to_address != OutboxMessage.to_address,
        ),
    )
