"""Who hears that registration has opened, and when it is forgotten that they asked."""

from datetime import timedelta
from enum import StrEnum

from csd_events.events.rules import Access

#: A wish that nobody confirms is forgotten after this.
WISH_KEPT = timedelta(days=3)


class Answer(StrEnum):
    """What becomes of a wish to hear when registration opens."""

    WAIT = "wait"
    TELL = "tell"
    FORGET = "forget"


def answer_to_wish(access: Access, *, is_public: bool, members_can: bool) -> Answer:
    """Say what becomes of a wish.

    Args:
        access: Whether somebody like the one who asked can register now.
        is_public: Whether the event takes place, and is not over.
        members_can: Whether members can: who is none hears it where nothing else
            will ever open to them.
    """
    if not is_public:
        return Answer.FORGET
    if access is Access.OPEN:
        return Answer.TELL
    if access is Access.NOT_OPEN:
        return Answer.WAIT
    if access is Access.NOT_A_MEMBER:
        return Answer.TELL if members_can else Answer.WAIT
    return Answer.FORGET
