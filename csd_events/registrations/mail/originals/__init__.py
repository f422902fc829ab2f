"""The words that mails about registrations have from us, in Markdown with places.

There is one way in which a mail is written: staff change these words, and what they
save stands in their stead. See ``outbox.message.Wording``.
"""

from csd_events.registrations.mail.originals.ending import ENDING
from csd_events.registrations.mail.originals.placing import PLACING
from csd_events.registrations.mail.originals.telling import TELLING

#: By kind; the kinds of a group stand together, as staff read them.
WORDINGS = {**PLACING, **TELLING, **ENDING}

__all__ = ["WORDINGS"]
