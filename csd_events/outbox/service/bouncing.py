"""Taking what mail servers report, and believing an address again."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from csd_events.core.db import INSERTS, engine_name
from csd_events.outbox.models import Bounce, BounceMailbox
from csd_events.outbox.queries import MAILS, Seen
from csd_events.outbox.reports import Failure
from csd_events.outbox.rules import State

MAILBOXES = cast("Table", BounceMailbox.__table__)


class Taken(StrEnum):
    """What became of a report."""

    NOT_OURS = "not_ours"
    TOO_EARLY = "too_early"  # how the mail went is not written down yet: ask again
    BEFORE = "before"
    NOW = "now"


def take(session: Session, failure: Failure, *, now: datetime) -> Taken:
    """Write down that a mail of ours came back. Again changes nothing.

    Only who has seen the mail knows its Message-ID, so nobody else can say this of it;
    and nothing else is believed: the address that is marked is the one it went to.
    """
    found = select(MAILS.c.id, MAILS.c.state, MAILS.c.to_address).where(
        MAILS.c.message_id == failure.message_id
    )
    mail = session.execute(found.with_for_update()).one_or_none()
    if mail is None:
        return Taken.NOT_OURS
    if mail.state is not State.SENT:
        others = {State.SENDING: Taken.TOO_EARLY, State.RETURNED: Taken.BEFORE}
        return others.get(mail.state, Taken.NOT_OURS)
    note = failure.words
    if failure.status not in note:
        note = f"{failure.status} {note}".strip()
    came_back = update(MAILS).where(MAILS.c.id == mail.id)
    session.execute(came_back.values(state=State.RETURNED, note=note))
    session.execute(
        insert(Bounce).values(
            message_id=mail.id,
            address=mail.to_address,
            status=failure.status,
            taken_at=now,
        )
    )
    return Taken.NOW


def believe(
    session: Session,
    addresses: Collection[str],
    *,
    written_at: datetime,
    now: datetime,
) -> None:
    """Take the mark from an address, whose owner has read a mail written at an instant.

    Mail that went after that, and came back, still counts.

    Args:
        addresses: Its spellings.
    """
    before = select(MAILS.c.id).where(
        MAILS.c.to_address.in_(addresses), MAILS.c.sent_at <= written_at
    )
    session.execute(
        update(Bounce)
        .where(
            Bounce.address.in_(addresses),
            Bounce.settled_at.is_(None),
            Bounce.message_id.in_(before),
        )
        .values(settled_at=now)
        .execution_options(synchronize_session=False)
    )


def note_look(session: Session, mailbox: str, seen: Seen) -> None:
    """Write down how far a mailbox was read, and that it can be."""
    _note(
        session,
        mailbox,
        looked_at=seen.looked_at,
        validity=seen.validity,
        last_uid=seen.last_uid,
        trouble=None,
        trouble_at=None,
    )


def note_trouble(session: Session, mailbox: str, words: str, *, now: datetime) -> None:
    """Write down why a mailbox cannot be read, and since when."""
    row = session.get(
        BounceMailbox, mailbox, populate_existing=True, with_for_update=True
    )
    since = (row and row.trouble_at) or now
    _note(session, mailbox, trouble=words, trouble_at=since)


def _note(session: Session, mailbox: str, **values: object) -> None:
    statement = INSERTS[engine_name(session)](MAILBOXES).values(name=mailbox, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_=values)
    )
