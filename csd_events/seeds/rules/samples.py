"""Who is in the sample: an association, a city, three people, a program."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from csd_events.events.rules import ConferenceDraft, Contributor, EventDraft, Role

EASTERN = "America/New_York"
CONTACT = "events@example.org"
ASSOCIATION: Final[dict[str, Any]] = {
    "name": "Sample Association of Local Governments",
    "short_name": "Sample Association",
    "sender_address": CONTACT,
    "reply_address": CONTACT,
    "postal_address": "100 Sample Street, Sampleton, NC 28200",
    "telephone": "(704) 555-0100",
    "zone": EASTERN,
    "is_sample": True,
}
MODERATOR = Contributor(
    role=Role.MODERATOR,
    name="Robin Sample",
    title="Program manager",
    organization="Sample Association of Local Governments",
)
CITY = {
    "name": "City of Sampleton",
    "kind": "city",
    "population_class": "25k-50k",
    "state": "NC",
}
PROGRAM = {
    "slug": "collaborative-service-delivery",
    "name": "Collaborative Service Delivery",
    "summary": (
        "How local governments share the cost and the benefit of a service: talks, "
        "training, case studies, and a tool for deciding whether to share at all. "
        "CH2M HILL, which sells such services, underwrote the resources announced "
        "in 2014."
    ),
}


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody to sign in as.

    Attributes:
        is_member: Through the sample city.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEvent:
    """An event, the conference it belongs to, and when it was made public.

    Attributes:
        announced_at: None for the first start.
        requires: Slugs of sample events to attend before it.
    """

    slug: str
    draft: EventDraft
    conference: ConferenceDraft | None = None
    announced_at: datetime | None = None
    requires: tuple[str, ...] = ()
