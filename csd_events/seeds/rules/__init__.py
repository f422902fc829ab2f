"""What the samples say: the program on the day it is first started."""

from csd_events.seeds.rules.founding import FOUNDING
from csd_events.seeds.rules.samples import (
    ASSOCIATION,
    CITY,
    COUNTY,
    MEMBERSHIP_TYPE,
    PEOPLE,
    PROGRAM,
    PROGRAM_SLUG,
    SampleConference,
    SampleEvent,
    SamplePerson,
)
from csd_events.seeds.rules.shelf import (
    ALSO_READ,
    E_BOOK,
    READ_WITH,
    RESEARCH_SUMMARY,
)
from csd_events.seeds.rules.upcoming import upcoming
from csd_events.seeds.rules.year import BulkEvent, reference, year

__all__ = [
    "ALSO_READ",
    "ASSOCIATION",
    "CITY",
    "COUNTY",
    "E_BOOK",
    "FOUNDING",
    "MEMBERSHIP_TYPE",
    "PEOPLE",
    "PROGRAM",
    "PROGRAM_SLUG",
    "READ_WITH",
    "RESEARCH_SUMMARY",
    "BulkEvent",
    "SampleConference",
    "SampleEvent",
    "SamplePerson",
    "reference",
    "upcoming",
    "year",
]
