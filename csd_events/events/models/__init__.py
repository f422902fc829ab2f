"""Programs, conferences, events and what belongs to them."""

from csd_events.events.models.areas import EventArea
from csd_events.events.models.changes import NOT_YET_TOLD, EventChange
from csd_events.events.models.clashes import SeenClash
from csd_events.events.models.contributions import Contribution
from csd_events.events.models.event import (
    TO_BE_PUBLISHED,
    Event,
    EventPrerequisite,
)
from csd_events.events.models.offers import EventOffer
from csd_events.events.models.people import (
    Partner,
    Presenter,
    PresenterSlug,
)
from csd_events.events.models.programs import (
    Conference,
    ConferenceAddress,
    ConferencePartner,
    Program,
    ProgramPartner,
    ProgramRole,
)
from csd_events.events.models.questions import EventQuestion
from csd_events.events.models.resources import EventResource
from csd_events.events.models.series import EventSeries
from csd_events.events.models.sessions import EventSession
from csd_events.events.models.slugs import EventSlug

__all__ = [
    "NOT_YET_TOLD",
    "TO_BE_PUBLISHED",
    "Conference",
    "ConferenceAddress",
    "ConferencePartner",
    "Contribution",
    "Event",
    "EventArea",
    "EventChange",
    "EventOffer",
    "EventPrerequisite",
    "EventQuestion",
    "EventResource",
    "EventSeries",
    "EventSession",
    "EventSlug",
    "Partner",
    "Presenter",
    "PresenterSlug",
    "Program",
    "ProgramPartner",
    "ProgramRole",
    "SeenClash",
]
