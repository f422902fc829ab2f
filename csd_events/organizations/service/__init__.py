"""Record organizations, who belongs to them, and who is a member; take in files."""

from csd_events.organizations.service.belonging import affiliate, save_affiliation
from csd_events.organizations.service.handing_over import hand_over
from csd_events.organizations.service.memberships import (
    TypeFacts,
    create_type,
    record_membership,
    save_membership,
    save_type,
)
from csd_events.organizations.service.recording import (
    NewOrganization,
    create_organization,
    save_organization,
)

__all__ = [
    "NewOrganization",
    "TypeFacts",
    "affiliate",
    "create_organization",
    "create_type",
    "hand_over",
    "record_membership",
    "save_affiliation",
    "save_membership",
    "save_organization",
    "save_type",
]
