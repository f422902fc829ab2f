"""What the samples say: the program on the day it is first started."""

from csd_events.seeds.rules.founding import FOUNDING
from csd_events.seeds.rules.samples import (
    ASSOCIATION,
    CITY,
    COUNTY,
    MEMBERSHIP_TYPE,
    PEOPLE,
    PROGRAM,
    SampleEvent,
    SamplePerson,
)
from csd_events.seeds.rules.upcoming import upcoming
from csd_events.seeds.rules.year import BulkEvent, reference, year

__all__ = [
    "ASSOCIATION",
    "CITY",
    "COUNTY",
    "FOUNDING",
    "MEMBERSHIP_TYPE",
    "PEOPLE",
    "PROGRAM",
    "BulkEvent",
    "SampleEvent",
    "SamplePerson",
    "reference",
    "upcoming",
    "year",
]
