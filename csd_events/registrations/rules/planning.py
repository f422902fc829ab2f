"""Which mails somebody gets by the clock, when, and why they do not get others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from csd_events.registrations.rules.following import (
    follow_up_at,
    is_too_late_to_follow,
)
from csd_events.registrations.rules.registering import State
from csd_events.registrations.rules.reminding import says_something_new


class WhyNot(StrEnum):
    """What keeps a reminder from somebody."""

    CALLED_OFF = "called_off"  # the event does not take place
    NO_PLACE = "no_place"
    NONE_WANTED = "none_wanted"  # of any event
    SWITCHED_OFF = "switched_off"  # those of this event
    JUST_HEARD = "just_heard"  # a mail had said it after its moment, or at it
    ANOTHER_SAYS_SO = "another_says_so"  # that of an earlier session, or a nearer one
    MISSED = "missed"  # nothing was sent while it made sense
    NOT_WRITTEN = "not_written"  # staff want none after this event


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What decides whether somebody is reminded.

    Attributes:
        confirmed_at: Since when they have a place.
        wants: Whether they want reminders at all.
        switched_off: Whether they want none of this event.
    """

    state: State
    confirmed_at: datetime | None
    wants: bool = True
    switched_off: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as reminders look at it."""

    id: int
    starts_at: datetime
    announced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A mail to one person: when its moment is, and whether it goes then.

    Attributes:
        session_id: Which it reminds of; None for the mail after the event.
        starts_at: When that session starts; None as well.
        lead: How long before that it goes; None as well.
    """

    session_id: int | None = None
    starts_at: datetime | None = None
    lead: timedelta | None = None
    goes_at: datetime
    why_not: WhyNot | None


def plan_for(
    reader: Reader,
    sittings: Sequence[Sitting],
    leads: Sequence[timedelta],
    now: datetime,
    *,
    called_off: bool = False,
) -> list[Planned]:
    """List every reminder of an event, in the order of their moments.

    Of one whose moment is past the outbox says more, where there is a mail of it.

    Args:
        sittings: The sessions of the event, in the order they take place.
        leads: How long before a session its reminders go.
        called_off: Whether the event does not take place.
    """
    never = _why_never(reader, called_off=called_off)
    planned = []
    previous = None
    for each in sittings:
        due = [lead for lead in leads if each.starts_at - lead <= now]
        for lead in leads:
            why = never or _why_not(reader, each, lead, previous)
            if why is None and now >= each.starts_at:
                why = WhyNot.MISSED
            elif why is None and lead in due and lead > min(due):
                why = WhyNot.ANOTHER_SAYS_SO
            planned.append(
                Planned(
                    session_id=each.id,
                    starts_at=each.starts_at,
                    lead=lead,
                    goes_at=each.starts_at - lead,
                    why_not=why,
                )
            )
        previous = each.starts_at
    return sorted(planned, key=lambda each: each.goes_at)


def plan_after(
    reader: Reader,
    over_at: datetime,
    zone: str,
    now: datetime,
    *,
    called_off: bool,
    wanted: bool,
) -> Planned:
    """Say when the mail after an event goes to somebody, and whether it does.

    Args:
        over_at: When the event ends.
        zone: Where.
        wanted: Whether staff want one.
    """
    why = None if wanted else WhyNot.NOT_WRITTEN
    why = why or _why_never(reader, called_off=called_off)
    if why is None and is_too_late_to_follow(over_at, zone, now):
        why = WhyNot.MISSED
    return Planned(goes_at=follow_up_at(over_at, zone), why_not=why)


def _why_never(reader: Reader, *, called_off: bool) -> WhyNot | None:
    """Say what keeps all reminders of an event from somebody."""
    if called_off:
        return WhyNot.CALLED_OFF
    if reader.state is not State.CONFIRMED:
        return WhyNot.NO_PLACE
    if not reader.wants:
        return WhyNot.NONE_WANTED
    return WhyNot.SWITCHED_OFF if reader.switched_off else None


def _why_not(
    reader: Reader, sitting: Sitting, lead: timedelta, previous: datetime | None
) -> WhyNot | None:
    heard_at = max(reader.confirmed_at or sitting.announced_at, sitting.announced_at)
    if heard_at > sitting.starts_at - lead:
        return WhyNot.JUST_HEARD
    if not says_something_new(sitting.starts_at, lead, previous):
        return WhyNot.ANOTHER_SAYS_SO
    return None
