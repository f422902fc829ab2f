"""Programs, conferences, events and what belongs to them."""

from csd_events.events.models.event import (
    Contribution,
    Event,
    EventArea,
    EventPrerequisite,
    EventSession,
    EventSlug,
)
from csd_events.events.models.offers import (
    EventChange,
    EventOffer,
)
from csd_events.events.models.people import (
    Partner,
    Presenter,
)
from csd_events.events.models.programs import (
    Conference,
    Program,
)

__all__ = [
    "Conference",
    "Contribution",
    "Event",
    "EventArea",
    "EventChange",
    "EventOffer",
    "EventPrerequisite",
    "EventSession",
    "EventSlug",
    "Partner",
    "Presenter",
    "Program",
]
