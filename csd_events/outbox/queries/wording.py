"""The words that staff gave to kinds of mail."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from csd_events.outbox.message import Words
from csd_events.outbox.models import MailTrial, MailWords

WORDS = cast("Table", MailWords.__table__)
#: Made once: every mail asks. An event's own come first.
_IN_FORCE = (
    select(WORDS.c.subject, WORDS.c.body)
    .where(
        WORDS.c.kind == bindparam("kind"),
        or_(WORDS.c.event_id == bindparam("event_id"), WORDS.c.event_id.is_(None)),
    )
    .order_by(WORDS.c.event_id.is_(None))
    .limit(1)
)


def find_words(session: Session, kind: str, event_id: int | None) -> Words | None:
    """Return what a kind of mail says at an event, or everywhere; None for no words."""
    found = session.execute(_IN_FORCE, {"kind": kind, "event_id": event_id}).first()
    return Words(*found) if found else None


def find_saved(session: Session, kind: str, event_id: int | None) -> MailWords | None:
    """Return the words that were saved for exactly this: an event, or the site."""
    return session.scalar(
        select(MailWords).where(
            MailWords.kind == kind, MailWords.event_id.is_not_distinct_from(event_id)
        )
    )


def list_saved(session: Session, event_id: int | None) -> Mapping[str, MailWords]:
    """Return the words that were saved for an event or for the site, by kind."""
    rows = session.scalars(
        select(MailWords).where(MailWords.event_id.is_not_distinct_from(event_id))
    )
    return {row.kind: row for row in rows}


def find_trial(session: Session, trial_id: int) -> MailTrial | None:
    return session.get(MailTrial, trial_id)
