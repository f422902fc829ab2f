"""Who is in the sample: an association, a city, three people, a program."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from csd_events.events.rules import (
    ConferenceDraft,
    Contributor,
    EventDraft,
    ProgramDraft,
    Role,
    SessionDraft,
)

EASTERN = "America/New_York"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
CONTACT = "events@example.org"
ASSOCIATION: Final[dict[str, Any]] = {
    "name": "Sample Association of Local Governments",
    "short_name": "Sample Association",
    "sender_address": CONTACT,
    "reply_address": CONTACT,
    "postal_address": "100 Sample Street, Sampleton, NC 28200",
    "telephone": "(704) 555-0100",
    "zone": EASTERN,
    "tax_id": "00-0000000",
    "payment_words": (
        "By check to the address above, with the number of the invoice on it; or ask "
        "us for the account that takes a transfer. This is a sample: pay nothing."
    ),
    "is_sample": True,
}
CITY: Final[dict[str, Any]] = {
    "name": "City of Sampleton",
    "kind": "city",
    "population_class": "25k-50k",
    "state": "NC",
}
COUNTY: Final[dict[str, Any]] = {
    "name": "Sample County",
    "kind": "county",
    "population_class": "100k-250k",
    "state": "NC",
}
MEMBERSHIP_TYPE: Final[dict[str, Any]] = {
    "name": "Local government",
    "for_people": False,
    "months": 12,
}
#: Who made the resources of 2014 together, and who paid for them.
PARTNERS = (
    Contributor(role=Role.CO_PRODUCER, name="Alliance for Innovation"),
    Contributor(role=Role.CO_PRODUCER, name="ICMA"),
    Contributor(role=Role.UNDERWRITER, name="CH2M HILL"),
)
MODERATOR = Contributor(
    role=Role.MODERATOR,
    name="Robin Sample",
    title="Program manager",
    organization="Sample Association of Local Governments",
)
PROGRAM_SLUG = "collaborative-service-delivery"
PROGRAM = ProgramDraft(
    name="Collaborative Service Delivery",
    summary=(
        "How local governments share the cost and the benefit of a service: talks, "
        "training, case studies, and a tool for deciding whether to share at all."
    ),
    description=(
        "Sharing a service is neither good nor bad in itself. It suits some services "
        "and some neighbors, and costs more than it gives where it does not.\n\n"
        "What is gathered here is for the time before you decide: accounts of those "
        "who did it, fourteen questions to talk through, and people to ask.\n\n"
        "CH2M HILL, which sells such services, underwrote the resources announced in "
        "2014."
    ),
    areas=("fire_ems", "dispatch_911", "public_works"),
    reading=("dakota-911", "heartland-fire"),
    partners=PARTNERS,
)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody to sign in as.

    Attributes:
        is_member: Through the sample city, whose contact they are.
    """

    email: str
    full_name: str
    is_member: bool = False
    is_staff: bool = False


PEOPLE = (
    SamplePerson("member@example.org", "Morgan Sample", is_member=True),
    SamplePerson("guest-account@example.org", "Gale Sample"),
    SamplePerson("staff@example.org", "Stacy Sample", is_staff=True),
)


@dataclass(frozen=True, slots=True)
class SampleConference:
    """A conference, and its address for ever."""

    slug: str
    draft: ConferenceDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEvent:
    """An event, the conference it belongs to, and when it was made public.

    Attributes:
        announced_at: None for the first start.
        requires: Slugs of sample events to attend before it.
    """

    slug: str
    draft: EventDraft
    conference: SampleConference | None = None
    announced_at: datetime | None = None
    requires: tuple[str, ...] = ()


def sitting(
    day: date,
    clock: time,
    *,
    minutes: int,
    zone: str,
    title: str = "",
    contributors: tuple[Contributor, ...] = (),
) -> SessionDraft:
    """Return a session that begins on a day at a time of the zone's clocks."""
    start = datetime.combine(day, clock)
    return SessionDraft(
        title=title,
        contributors=contributors,
        wall_start=start,
        wall_end=start + timedelta(minutes=minutes),
        zone=zone,
    )


def next_day(weekday: int, day: date) -> date:
    """Return the first such weekday on or after a day; Monday is 0."""
    return day + (weekday - day.weekday()) % 7 * DAY
