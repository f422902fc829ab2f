"""What staff say of all mail."""

from csd_events.core.counts import CountField
from csd_events.core.forms import SessionForm
from csd_events.core.words import lazy_gettext as _


class RateForm(SessionForm):
    """How much mail goes in a minute."""

    per_minute = CountField(_("Mails a minute, at most"), least=1)
