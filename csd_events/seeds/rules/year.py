"""An association's year in numbers: many small events, a few very large ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import crc32

from csd_events.events.rules import Kind

DAY = timedelta(days=1)
DAYS_BACK, DAYS_IN_ALL = 300, 365
FRIDAY = 4
#: People at a small event: 5 to 39. Five events are large: over 5,000.
FEWEST, SPREAD = 5, 35
LARGE_EVENTS, MOST_OF_OTHERS, LARGE = 5, 5_000, 6_000

KINDS = (Kind.WEBINAR, Kind.WEBINAR, Kind.TRAINING, Kind.WEBINAR, Kind.FORUM)
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
HOURS = (10, 13, 14, 15)
MINUTES = (60, 90, 60, 120)
WAYS = ("Sharing", "Merging", "Paying for", "Measuring", "Staffing", "Rethinking")
SUBJECTS = (
    ("dispatch_911", "911 Dispatch"),
    ("fire_ems", "Fire Service"),
    ("libraries", "Libraries"),
    ("water_wastewater", "Water Systems"),
    ("solid_waste", "Recycling"),
    ("parks_recreation", "Recreation Centers"),
    ("information_technology", "Information Technology"),
    ("building_code", "Building Inspection"),
    ("animal_services", "Animal Shelters"),
    ("purchasing", "Purchasing"),
    ("transit", "Transit"),
    ("public_health", "Public Health"),
    ("fleet_equipment", "Fleets"),
)
AUDIENCES = (
    "for Small Towns",
    "Between Neighbors",
    "Across County Lines",
    "on a Tight Budget",
    "in the Second Year",
)
#: Of twenty people who register one cancels; every tenth event has a waiting list.
CANCELS, FULL = 20, 10
REFERENCE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
REFERENCES = 2**40
#: Odd, so that multiplying by it gives every number once before any comes again.
STRIDE = 618_033_988_749


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEvent:
    """One event of the year.

    Attributes:
        number: Within the database, from 1.
        people: How many registered, whatever became of it.
        waiting: How many of them, the last ones, wait.
    """

    number: int
    title: str
    area: str
    kind: Kind
    zone: str
    wall_start: datetime
    minutes: int
    price_cents: int
    people: int
    waiting: int

    @property
    def slug(self) -> str:
        return f"bulk-{self.number:07}"

    @property
    def seated(self) -> int:
        """How many got a place, those who cancelled since among them."""
        return self.people - self.waiting

    @property
    def confirmed(self) -> int:
        return self.seated - self.seated // CANCELS

    @property
    def capacity(self) -> int | None:
        """As many places as are taken where somebody waits, else some more or none."""
        if self.waiting:
            return self.confirmed
        return None if self.number % 2 else self.confirmed + 50

    def cancels(self, index: int) -> bool:
        """Tell whether who registered at this place in the order, from 0, cancelled."""
        return index < self.seated and index % CANCELS == CANCELS - 1


def year(
    events: int, registrations: int, *, today: date, after: int = 0
) -> Iterator[BulkEvent]:
    """Plan a year of events from ten months ago to two months ahead.

    Args:
        after: The number of the last event there is.
    """
    for index, people in enumerate(_mixed(sizes(events, registrations))):
        number = after + index + 1
        area, subject = SUBJECTS[number % len(SUBJECTS)]
        day = today + (DAYS_IN_ALL * index // events - DAYS_BACK) * DAY
        day -= max(0, day.weekday() - FRIDAY) * DAY
        yield BulkEvent(
            number=number,
            title=(
                f"{WAYS[number % len(WAYS)]} {subject} "
                f"{AUDIENCES[number % len(AUDIENCES)]} ({number})"
            ),
            area=area,
            kind=KINDS[number % len(KINDS)],
            zone=ZONES[number % len(ZONES)],
            wall_start=datetime.combine(day, time(HOURS[number % len(HOURS)])),
            minutes=MINUTES[number % len(MINUTES)],
            price_cents=0 if number % 4 else 2500,
            people=people,
            waiting=people // 10 if number % FULL == 0 else 0,
        )


def sizes(events: int, registrations: int) -> list[int]:
    """Share registrations among events; the sum is exact.

    Half the events have under 40 people. Where there are enough people for it, five
    have over 5,000, and nothing between the two has more than that.
    """
    small = [FEWEST + index * 11 % SPREAD for index in range(events // 2)]
    others, left = events - len(small), registrations - sum(small)
    if left < others:
        return _evenly(events, registrations)
    between = others - LARGE_EVENTS
    usual = (left - LARGE_EVENTS * LARGE) // between if between > 0 else 0
    if usual < FEWEST + SPREAD:
        return small + _evenly(others, left)
    medium = _varied(between, min(usual, MOST_OF_OTHERS))
    return small + medium + _evenly(LARGE_EVENTS, left - sum(medium))


def reference(number: int) -> str:
    """Return the reference of the registration of this number; none comes twice."""
    mixed = number * STRIDE % REFERENCES
    drawn = "".join(REFERENCE_ALPHABET[mixed >> 5 * place & 31] for place in range(8))
    return f"CSD-{drawn[:4]}-{drawn[4:]}"


def _evenly(parts: int, total: int) -> list[int]:
    share, rest = divmod(total, parts)
    return [share + (index < rest) for index in range(parts)]


def _varied(parts: int, usual: int) -> list[int]:
    """Vary around a usual size, one up for one down, so that the sum stays."""
    room = min(usual - FEWEST - SPREAD, MOST_OF_OTHERS - usual)
    steps = [room * (index // 2 * 37 % 100) // 100 for index in range(parts)]
    varied = [usual + (-step if i % 2 else step) for i, step in enumerate(steps)]
    if parts % 2:
        varied[-1] = usual
    return varied


def _mixed(values: list[int]) -> list[int]:
    """Bring sizes into an order without a pattern, the same every time."""
    order = sorted(range(len(values)), key=lambda index: crc32(b"%d" % index))
    return [values[index] for index in order]
