"""Reading organizations, memberships and imports."""

from csd_events.organizations.queries.belonging import (
    Belonging,
    MembershipLine,
    PersonLine,
    belongs_on,
    get_membership,
    get_person_line,
    get_type,
    list_belonging,
    list_contact_of,
    list_memberships,
    list_people,
    list_types,
)
from csd_events.organizations.queries.finding import (
    OrganizationLine,
    get,
    list_above,
    list_below,
    list_named,
    page_organizations,
)
from csd_events.organizations.queries.imports import (
    ReportLine,
    each_line,
    first_lines,
    get_run,
    list_lines,
    list_runs,
)
from csd_events.organizations.queries.standing import (
    Profile,
    profile_of,
    standing,
    standings,
)

__all__ = [
    "Belonging",
    "MembershipLine",
    "OrganizationLine",
    "PersonLine",
    "Profile",
    "ReportLine",
    "belongs_on",
    "each_line",
    "first_lines",
    "get",
    "get_membership",
    "get_person_line",
    "get_run",
    "get_type",
    "list_above",
    "list_belonging",
    "list_below",
    "list_contact_of",
    "list_lines",
    "list_memberships",
    "list_named",
    "list_people",
    "list_runs",
    "list_types",
    "page_organizations",
    "profile_of",
    "standing",
    "standings",
]
