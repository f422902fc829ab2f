"""Fields for what staff type as they would write it: times, dates, counts.

Each keeps the words typed, so that a form can always show them again, and gives
their meaning beside.
"""

import re
from datetime import time

from csd_events.core.fields import OneLineField
from csd_events.core.inputs import HttpsField
from csd_events.core.words import lazy_gettext as _

_CLOCK = re.compile(
    r"([0-9]{1,2})(?::([0-9]{2}))?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE
)
_RECORDING = re.compile(r"/events/[a-z0-9-]+/recording")
HALF_A_DAY, LAST_MINUTE = 12, 59  # hours; of an hour


def read_clock(typed: str) -> time | None:
    """Read a time of day: ``2:00 pm``, ``2 pm``, ``14:00`` or ``09:30``.

    None for anything else, and for ``2:00``, which may be either half of the day.
    """
    found = _CLOCK.fullmatch(typed.strip())
    if found is None or needs_half(typed):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").lower()
    if half and not 1 <= hour <= HALF_A_DAY:
        return None
    if half:
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half == "p" else 0)
    elif found[2] is None:
        return None
    return (
        time(hour, minute) if hour < 2 * HALF_A_DAY and minute <= LAST_MINUTE else None
    )


def needs_half(typed: str) -> bool:
    """Tell whether a time lacks nothing but am or pm."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None or found[3] or found[1].startswith("0"):
        return False
    return 1 <= int(found[1]) <= HALF_A_DAY


def write_clock(clock: time) -> str:
    """Write a time as `read_clock` reads it: ``2:00 pm``."""
    hour = clock.hour % HALF_A_DAY or HALF_A_DAY
    return f"{hour}:{clock.minute:02} {'am' if clock.hour < HALF_A_DAY else 'pm'}"


class ClockField(OneLineField):
    """A time of day as people write it."""

    @property
    def clock(self) -> time | None:
        return read_clock(self.data)

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data or self.clock is not None:
            return found
        if needs_half(self.data):
            words = _("Say whether %(time)s is am or pm", time=self.data)
        else:
            words = _("Enter a time such as 2:00 pm")
        return str(words)


class RecordingField(HttpsField):
    """Where a recording is: on the web, or the page of ours in a sample's place."""

    def leads_somewhere(self) -> bool:
        return super().leads_somewhere() or bool(_RECORDING.fullmatch(self.data))
