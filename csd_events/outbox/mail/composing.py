"""A mail whose words staff may change, from those that are in force.

Delivery, the preview and the mail that staff send to themselves all come by here.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from csd_events.association.rules import AssociationView
from csd_events.core.placeholders import fill_text, names_in
from csd_events.outbox import queries
from csd_events.outbox.mail.filling import both_sides
from csd_events.outbox.mail.sides import Value, sides
from csd_events.outbox.message import Attachment, Calendar, Message, Wording, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that one reader's mail is written from.

    Attributes:
        event_id: Whose own words are looked for first; None for no event's.
        values: By each name that its wording knows.
        preheader: The line that mail programs show beside the subject.
        why: Why the reader gets it.
        words: Tried instead of those in force.
    """

    kind: str
    wording: Wording
    event_id: int | None
    to_address: str
    to_name: str
    association: AssociationView
    values: Mapping[str, Value]
    preheader: str
    why: str
    calendars: tuple[Calendar, ...] = ()
    files: tuple[Attachment, ...] = ()
    words: Words | None = None


def write(session: Session, sheet: Sheet) -> Message:
    """Write a mail.

    Raises:
        UnfilledError: Its words name something that nothing stands for.
    """
    words = sheet.words or in_force(session, sheet.kind, sheet.event_id, sheet.wording)
    subject = fill_text(words.subject, _in_a_line(words.subject, sheet.values))
    around = {
        "association": sheet.association,
        "subject": subject,
        "preheader": sheet.preheader,
        "filled": sides(words.body, sheet.values),
        "why": sheet.why,
    }
    text, html = both_sides("words", around)
    return Message(
        to_address=sheet.to_address,
        to_name=sheet.to_name,
        from_address=sheet.association.sender_address,
        from_name=sheet.association.name,
        reply_to=sheet.association.reply_address,
        subject=subject,
        text=text,
        html=html,
        calendars=sheet.calendars,
        files=sheet.files,
    )


def _in_a_line(subject: str, values: Mapping[str, Value]) -> dict[str, str]:
    """Return what stands for the names in a subject; no block ever stands there."""
    named = {name: values[name] for name in names_in(subject) if name in values}
    said = {n: v if isinstance(v, str) else v() for n, v in named.items()}
    return {name: words for name, words in said.items() if isinstance(words, str)}


#: What was read, by what it says; None where each mail reads for itself.
Kept = dict[Hashable, Any]
_kept: ContextVar[Kept | None] = ContextVar("what was read", default=None)

T = TypeVar("T")


@contextmanager
def readings_kept() -> Iterator[Kept]:
    """Read what mails have in common once, as long as the block lasts.

    Yield what was read, so that it can be forgotten.
    """
    kept: Kept = {}
    token = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(token)


def once(name: Hashable, read: Callable[[], T]) -> T:
    """Read what mails of one batch have in common once; no row of a session."""
    kept = _kept.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    found: T = kept[name]
    return found


def in_force(
    session: Session, kind: str, event_id: int | None, wording: Wording
) -> Words:
    """Return the words of an event, else of the site, else the original ones."""
    return once(
        ("words", kind, event_id),
        lambda: queries.find_words(session, kind, event_id) or wording.original,
    )
