"""To whom an announcement goes, when it leaves, and what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from csd_events.registrations.rules import State

#: Mail to more people than this can be called back for a while.
MANY = 20
CALLED_BACK_FOR = timedelta(minutes=5)
#: Announcements leave from the first of these times of day until the second.
MORNING, EVENING = time(8), time(18)
A_DAY = timedelta(days=1)
#: Announcements to one person are counted over so long.
A_WEEK = timedelta(days=7)
MEMBERS_LIST, EVENT_PREFIX = "members", "event-"

#: By whom an announcement is for, the kind of its mails.
KINDS = {"event": "announcement.event", "members": "announcement.members"}
MAIL_PREFIX = "announcement:"
TEST_KIND = "announcement.test"
#: What the mails say that wait with an announcement, or did not go because of it.
PAUSED = "staff paused the announcement"
STOPPED = "staff stopped the announcement"


class Audience(StrEnum):
    """Whom an announcement is for."""

    EVENT = "event"
    MEMBERS = "members"

    @property
    def kind(self) -> str:
        """The kind of its mails."""
        return KINDS[self.value]


class Stage(StrEnum):
    """How far an announcement is; what of it has been sent, its mails say."""

    DRAFT = "draft"
    LEAVING = "leaving"
    PAUSED = "paused"
    STOPPED = "stopped"
    GONE = "gone"  # every mail of it is in the outbox, or was left out


class LeftOut(StrEnum):
    """Why somebody whom an announcement is for does not get it."""

    UNCONFIRMED = "unconfirmed"
    UNSUBSCRIBED = "unsubscribed"
    OVER_CAP = "over_cap"
    RETURNED = "returned"  # mail to their address comes back


class Refusal(StrEnum):
    """Why something is not done with an announcement."""

    NO_POSTAL_ADDRESS = "no_postal_address"
    NOBODY = "nobody"
    NO_DRAFT = "no_draft"
    BEGUN = "begun"
    NOT_UNDER_WAY = "not_under_way"


#: What may stand in braces, by whom an announcement is for.
PLACEHOLDERS: Mapping[Audience, tuple[str, ...]] = {
    Audience.EVENT: ("name", "event", "when", "registration_link"),
    Audience.MEMBERS: ("name", "events_link"),
}
#: The states of a registration that may be written to, in the order of the form.
REACHABLE = (State.CONFIRMED, State.HELD, State.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What staff say of an announcement.

    Attributes:
        states: Of registrations, for an event's.
        areas: Service areas, for the members'; none for all of them.
    """

    subject: str
    body: str
    states: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an announcement is for, and who of them does not get it."""

    known: int
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        return self.known - sum(self.left_out.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has become of an announcement, out of its rows.

    Attributes:
        known: People found so far.
        waiting: Those whose mail is still to go, or still to be queued.
        left_out: Those who do not get it, whatever keeps them from it.
    """

    known: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    left_out: int = 0

    @property
    def done(self) -> int:
        return self.known - self.waiting

    @property
    def percent(self) -> int:
        return 100 * self.done // self.known if self.known else 0


def event_list(event_id: int) -> str:
    """Name the list of those who hear of one event."""
    return f"{EVENT_PREFIX}{event_id}"


def list_of(audience: Audience, event_id: int | None) -> str:
    """Name the list that an announcement is sent to."""
    if audience is Audience.MEMBERS or event_id is None:
        return MEMBERS_LIST
    return event_list(event_id)


def event_of(list_key: str) -> int | None:
    """Say which event a list is of; None for the members'."""
    kind, _dash, number = list_key.partition("-")
    return int(number) if kind == "event" else None


def leaves_at(now: datetime, zone: str, *, number: int) -> datetime:
    """Say when an announcement leaves that is to go now: by day, to many not at once.

    Args:
        now: When it is sent off.
        zone: Where the day is.
        number: How many people get it.
    """
    wish = now + CALLED_BACK_FOR if number > MANY else now
    return wish if is_by_day(wish, zone) else next_morning(wish, zone)


def is_by_day(instant: datetime, zone: str) -> bool:
    """Tell whether announcements may leave at an instant."""
    clock = instant.astimezone(ZoneInfo(zone)).time()
    return MORNING <= clock < EVENING


def next_morning(instant: datetime, zone: str) -> datetime:
    """Return when the next day of announcements begins."""
    here = instant.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() < MORNING else here.date() + A_DAY
    return datetime.combine(day, MORNING, here.tzinfo).astimezone(instant.tzinfo)


def refuse_moving(stage: Stage, *, to: Stage, waiting: bool) -> Refusal | None:
    """Say why an announcement cannot be paused, resumed or stopped.

    Args:
        stage: How far it is.
        to: What it is to be.
        waiting: Whether any mail of it is still to go.
    """
    may = {
        Stage.PAUSED: stage is Stage.LEAVING or (stage is Stage.GONE and waiting),
        Stage.LEAVING: stage is Stage.PAUSED,
        Stage.STOPPED: stage in {Stage.LEAVING, Stage.PAUSED}
        or (stage is Stage.GONE and waiting),
    }
    return None if may[to] else Refusal.NOT_UNDER_WAY


def masked(address: str) -> str:
    """Write a mail address so that its owner knows it, and nobody else learns it."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"
