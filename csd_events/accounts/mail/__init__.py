"""What we write to people about their account, when it goes.

The links in these mails are secrets: their words are never kept, see
``outbox.rules.PRIVATE_FEATURES``.
"""

from csd_events.accounts.mail.composing import compose, write_trial
from csd_events.accounts.mail.originals import WORDINGS
from csd_events.accounts.words import KIND_WORDS

__all__ = ["KIND_WORDS", "WORDINGS", "compose", "write_trial"]
