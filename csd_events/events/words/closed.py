"""Why somebody cannot register, in words."""

from datetime import datetime

from csd_events.core.time import local_date
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.rules import Access, Afterwards, Terms
from csd_events.events.words.rows import last_instant


def full_words(event: Event) -> str:
    """Say that there is no place, nor a place in the queue."""
    if event.waiting_limit == 0:
        return str(_("All places are taken. Another date may suit you."))
    words = _("All places are taken, and the waiting list is full.")
    return f"{words} {_('Another date may suit you.')}"


def postponed_words() -> str:
    """Say in place of a date that there is none for now."""
    return str(_("Postponed: new date to come"))


def closed_words(event: Event, found: Terms, *, now: datetime) -> str:
    """Say why nobody, or not this person, can register now."""
    lacking = _lacking_words().get(found.access)
    if lacking is not None:
        return str(lacking)
    if event.starts_at and event.starts_at <= now:
        return str(_("Registration ended when the event began."))
    ends = [o.window.closes_at for o in event.terms_of_offers if o.window.closes_at]
    last = max((end for end in ends if end <= now), default=None)
    if last is None:
        return str(_("Registration is not open."))
    day = local_date(last_instant(last), event.zone)
    if event.afterwards is Afterwards.RECORDING:
        return str(
            _("Registration ended on %(date)s. The recording is open.", date=day)
        )
    return str(_("Registration ended on %(date)s.", date=day))


def _lacking_words() -> dict[Access, str]:
    """Say what somebody lacks whom no offer is for."""
    return {
        Access.NOT_A_MEMBER: _(
            "Members of the association can register. Sign in if you are one."
        ),
        Access.NOT_A_COLLEAGUE: _(
            "Members of the association can register, and can register colleagues of "
            "their own organization. Sign in if you are one, or ask a member where "
            "you work to register you."
        ),
        Access.NOT_INVITED: _(
            "Registration is by invitation. Enter the code you were given."
        ),
    }
