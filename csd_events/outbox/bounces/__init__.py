"""Read of mail that came back, where servers report it: IMAP, a Maildir."""

from csd_events.outbox.bounces.imap import ImapMailbox
from csd_events.outbox.bounces.letters import Letter, Mailbox, MailboxError, Visit
from csd_events.outbox.bounces.maildir import MaildirMailbox
from csd_events.outbox.bounces.reading import Reader, look, mailbox_of

__all__ = [
    "ImapMailbox",
    "Letter",
    "Mailbox",
    "MailboxError",
    "MaildirMailbox",
    "Reader",
    "Visit",
    "look",
    "mailbox_of",
]
