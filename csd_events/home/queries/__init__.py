"""Reading across features."""

from csd_events.home.queries.events import list_last_problems, list_mails_of_event
from csd_events.home.queries.people import (
    PER_PAGE,
    PeopleFilters,
    PersonRow,
    Who,
    has_confirmed,
    page_people,
)
from csd_events.home.queries.person import (
    Mailed,
    PersonFacts,
    Place,
    Registered,
    get_person,
    list_mails_to,
    list_places,
    list_registrations,
)
from csd_events.home.queries.presenting import Coming, list_asked, list_coming
from csd_events.home.queries.report import (
    break_down,
    count_mails,
    count_quarters,
)
from csd_events.home.queries.roster import RosterPlace, list_places_of
from csd_events.home.queries.story import Registrant, get_registrant, list_story
from csd_events.home.queries.timeline import Happened, What, list_happened
from csd_events.home.queries.trail import list_staff, name_of, name_things
from csd_events.home.queries.trends import list_trends

__all__ = [
    "PER_PAGE",
    "Coming",
    "Happened",
    "Mailed",
    "PeopleFilters",
    "PersonFacts",
    "PersonRow",
    "Place",
    "Registered",
    "Registrant",
    "RosterPlace",
    "What",
    "Who",
    "break_down",
    "count_mails",
    "count_quarters",
    "get_person",
    "get_registrant",
    "has_confirmed",
    "list_asked",
    "list_coming",
    "list_happened",
    "list_last_problems",
    "list_mails_of_event",
    "list_mails_to",
    "list_places",
    "list_places_of",
    "list_registrations",
    "list_staff",
    "list_story",
    "list_trends",
    "name_of",
    "name_things",
    "page_people",
]
