"""How registrations stand against those of an event that is over, in a sentence."""

from dataclasses import dataclass
from datetime import datetime

from csd_events.core.time import to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.home.rules import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLine:
    """A sentence, and how long the bars beside it are.

    Attributes:
        before: How long it is until the event begins.
        event_id: The event that is over.
        title: Of that.
        then: How it stood at the same time.
    """

    before: str
    event_id: int
    title: str
    then: str
    bars: tuple[int, int]


def trend_line(
    trend: Trend, starts_at: datetime, zone: str, *, now: datetime
) -> TrendLine:
    """Put a trend into words, with the days until the start on the event's calendar."""
    days = (to_wall(starts_at, zone).date() - to_wall(now, zone).date()).days
    before = (
        ngettext(
            "%(number)s registered %(num)s day before it begins",
            "%(number)s registered %(num)s days before it begins",
            days,
            number=f"{trend.registered:,}",
        )
        if days
        else _(
            "%(number)s registered on the day on which it begins",
            number=f"{trend.registered:,}",
        )
    )
    return TrendLine(
        before=str(before),
        event_id=trend.event_id,
        title=trend.title,
        then=str(
            _(
                "%(then)s at the same time, %(total)s in the end",
                then=f"{trend.then:,}",
                total=f"{trend.in_the_end:,}",
            )
        ),
        bars=trend.bars,
    )
