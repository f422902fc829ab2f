"""Mails as the lists of staff show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from csd_events.core.words import gettext as _
from csd_events.outbox.rules import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A mail: what, to whom, how far, when."""

    id: int
    kind_words: str
    to_address: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    note: str | None


def mail_line(mail: Any, kinds: Mapping[str, object]) -> MailLine:
    """Show a mail.

    Args:
        mail: Its row, or as much of it as a line shows.
        kinds: What each kind is called, in the words of the features that write them.
    """
    return MailLine(
        id=mail.id,
        kind_words=kind_words(mail.kind, kinds),
        to_address=mail.to_address,
        state=mail.state.value,
        due_at=mail.due_at,
        sent_at=mail.sent_at,
        note=mail.note,
    )


def came_back_words(reason: Reason) -> str:
    """Say why a mail came back, so that it ends a sentence."""
    words: dict[Reason, str] = {
        Reason.NO_MAILBOX: _("nobody has a mailbox at this address"),
        Reason.FULL: _("the mailbox is full"),
        Reason.NO_DOMAIN: _("no mail server belongs to what stands after the @"),
        Reason.UNREACHABLE: _("its mail server could not be reached for days"),
        Reason.UNWANTED: _("its mail server does not want this mail"),
        Reason.OTHER: _("its mail server did not deliver it"),
    }
    return words[reason]


def kind_words(kind: str, kinds: Mapping[str, object]) -> str:
    """Name a kind of mail; one that nobody writes any more by itself."""
    return str(kinds.get(kind, kind))
