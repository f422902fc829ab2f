"""On which days an event comes again, and what it is then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from csd_events.events.rules.drafts import (
    EventDraft,
    OfferDraft,
    SessionDraft,
)

#: Nobody looks over a longer list of days before pressing the button.
MOST_AT_ONCE = 60
WEEK = timedelta(days=7)
FIFTH = 4  # counted from nought: what a month may lack
MONTHS = 12


class Every(StrEnum):
    """How an event comes again."""

    WEEK = "week"
    SECOND_WEEK = "second_week"
    MONTH = "month"  # on the same weekday, such as the second Thursday
    PICKED = "picked"  # on days that staff name


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A rule by which an event comes again.

    Attributes:
        until: The last day on which it may; None where `times` says enough.
        times: How often it comes again; None where `until` says enough.
        picked: The days, where staff name them.
    """

    every: Every
    until: date | None = None
    times: int | None = None
    picked: Sequence[date] = ()


def days_again(first: date, rhythm: Rhythm) -> list[date]:
    """List the days on which an event of a day comes again, that day left out.

    One more than may be made at once shows that the rule names too many.
    """
    if rhythm.every is Every.PICKED:
        return sorted(set(rhythm.picked) - {first})[: MOST_AT_ONCE + 1]
    most = min(rhythm.times or MOST_AT_ONCE + 1, MOST_AT_ONCE + 1)
    days: list[date] = []
    for number in range(1, most + 1):
        day = _day(first, rhythm.every, number)
        if day is None or (rhythm.until is not None and day > rhythm.until):
            break
        days.append(day)
    return days


def _day(first: date, every: Every, number: int) -> date | None:
    """Return the day of an event's return; None at the end of the calendar."""
    try:
        if every is Every.MONTH:
            return same_weekday(first, number)
        return first + number * (WEEK if every is Every.WEEK else 2 * WEEK)
    except (OverflowError, ValueError):
        return None


def same_weekday(first: date, months: int) -> date:
    """Return the day some months on that is the same weekday of its month.

    A fifth Thursday is the last one: most months have no fifth.
    """
    year, month = divmod(first.year * MONTHS + first.month - 1 + months, MONTHS)
    start = date(year, month + 1, 1)
    ahead = timedelta(days=(first.weekday() - start.weekday()) % 7)
    week = (first.day - 1) // 7
    if week < FIFTH:
        return start + ahead + week * WEEK
    last = start + ahead + FIFTH * WEEK
    return last if last.month == start.month else last - WEEK


def copied(
    draft: EventDraft,
    start: datetime | None,
    *,
    title: str | None = None,
    way_in: str | None = None,
) -> EventDraft:
    """Return a new event like another one that starts at another time.

    All days move with the first session by as many days as the calendar shows, and
    clocks go on showing the same; the first session alone takes the time of day. What
    lets people in, and what is to be seen afterwards, is not taken over.

    Args:
        start: What the clock shows at its first start; None where it has no time.
        title: Another one; None for the same.
        way_in: The link to join, or to watch, of the new one.
    """
    first = draft.sessions[0] if draft.sessions else None
    days = start.date() - first.wall_start.date() if start and first else timedelta()
    return replace(
        draft,
        title=title or draft.title,
        sessions=_sessions(draft, start, days),
        offers=[_offer(each, days) for each in draft.offers],
        questions=[replace(each, id=None) for each in draft.questions if each.active],
        replace_on=draft.replace_on + days if draft.replace_on else None,
        platform_url=None if draft.on_demand else way_in,
        recording_url=way_in if draft.on_demand else None,
    )


def _sessions(
    draft: EventDraft, start: datetime | None, days: timedelta
) -> list[SessionDraft]:
    if start is None:
        return []
    if not draft.sessions:
        return [SessionDraft(wall_start=start, zone=draft.zone)]
    first, *others = draft.sessions
    moved = [_moved(first, start - first.wall_start)]
    return [*moved, *(_moved(each, days) for each in others)]


def _moved(session: SessionDraft, by: timedelta) -> SessionDraft:
    end = session.wall_end
    return replace(
        session,
        id=None,
        wall_start=session.wall_start + by,
        wall_end=end + by if end else None,
        platform_url=None,
    )


def _offer(offer: OfferDraft, days: timedelta) -> OfferDraft:
    opens_on, closes_on = offer.opens_on, offer.closes_on
    return replace(
        offer,
        id=None,
        opens_on=opens_on + days if opens_on else None,
        closes_on=closes_on + days if closes_on else None,
    )
