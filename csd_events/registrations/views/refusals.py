"""Why somebody in a form for colleagues, or its sender, has no place."""

from csd_events.core.words import gettext as _
from csd_events.registrations.rules import Refusal


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
