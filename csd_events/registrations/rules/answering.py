"""What a form says beside who comes, and until when that can change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from csd_events.events.rules import Answer

#: After the end of its event nobody arranges anything any more.
NEEDS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Said:
    """Answers by question, and what somebody needs to take part.

    Nothing prints it: it is for those who arrange the event.
    """

    answers: Mapping[int, Answer] = field(default_factory=dict, repr=False)
    needs: str = field(default="", repr=False)


NOTHING_SAID = Said()


def may_answer(
    starts_at: datetime | None,
    over_at: datetime | None,
    cancelled_at: datetime | None,
    now: datetime,
) -> bool:
    """Tell whether answers can still change: until the start, while there is one."""
    ends = starts_at or over_at
    return cancelled_at is None and (ends is None or now < ends)
