"""Why somebody has no place: in a form of their own, or in one for colleagues."""

from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import local_time
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.events.rules import Terms
from csd_events.events.words import closed_words, full_words
from csd_events.registrations import service
from csd_events.registrations.rules import Refusal
from csd_events.registrations.words import not_a_member_words


def row_refusal_words(reason: Refusal) -> str:
    """Say beside a colleague's row, or beside the code, why there is no place."""
    words = {
        Refusal.NOT_A_MEMBER: _("This event is for members. They register themselves"),
        Refusal.NOT_A_COLLEAGUE: _(
            "This event is for members and colleagues from their own organization"
        ),
        Refusal.FULL: _("All places are taken, and the waiting list is full"),
        Refusal.NO_SUCH_CODE: _(
            "No invitation to this event has this code. Check it, or leave it empty"
        ),
        Refusal.NOT_INVITED: _("Enter the code of your invitation"),
    }
    return str(words.get(reason) or _("Registration is closed to them"))


def own_refusal_words(reason: Refusal) -> str:
    """Say to who registers colleagues why they themselves are not registered."""
    words = {
        Refusal.FULL: _(
            "You yourself are not registered: all places are taken, and the waiting "
            "list is full."
        ),
        Refusal.NOT_A_MEMBER: _(
            "You yourself are not registered: this event is for members."
        ),
    }
    return str(
        words.get(reason)
        or _("You yourself are not registered: no price of this event is open to you.")
    )


def refusal_words(event: Event, reason: Refusal, found: Terms) -> str:
    words = {
        Refusal.FULL: full_words(event),
        Refusal.CANCELLED: event.cancel_note or _("It does not take place."),
        Refusal.POSTPONED: event.postpone_note
        or _("A new date is to come. Registration opens again when it is known."),
        Refusal.LATE: _(
            "The form was open for longer than its offer. What you typed is below."
        ),
        Refusal.NOT_OPEN: _("It opens %(when)s.", when=_opening(event, found)),
    }
    person_id = current_person_id()
    if reason is Refusal.NOT_A_MEMBER and person_id is not None:
        ended = service.ended_membership(
            db.session(), person_id, zone=event.zone, now=now()
        )
        return not_a_member_words(ended)
    return words.get(reason) or closed_words(event, found, now=now())


def _opening(event: Event, found: Terms) -> str:
    opens_at = found.following.window.opens_at if found.following else None
    return local_time(opens_at, event.zone) if opens_at else _("later")
