"""What the samples say: the program on the day it is first started."""

from csd_events.seeds.rules.founding import FOUNDING
from csd_events.seeds.rules.samples import (
    ASSOCIATION,
    CITY,
    PEOPLE,
    PROGRAM,
    PROGRAM_SLUG,
    SampleConference,
    SampleEvent,
    SamplePerson,
)
from csd_events.seeds.rules.upcoming import upcoming
from csd_events.seeds.rules.year import BulkEvent, reference, year

__all__ = [
    "ASSOCIATION",
    "CITY",
    "FOUNDING",
    "PEOPLE",
    "PROGRAM",
    "PROGRAM_SLUG",
    "BulkEvent",
    "SampleConference",
    "SampleEvent",
    "SamplePerson",
    "reference",
    "upcoming",
    "year",
]
