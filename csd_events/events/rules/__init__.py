"""Kinds of event, offers and their windows, and drafts of events."""

from csd_events.events.rules.drafts import (
    USUAL_LENGTH,
    ConferenceDraft,
    Contributor,
    EventDraft,
    OfferDraft,
    Problem,
    SessionDraft,
)
from csd_events.events.rules.kinds import (
    Afterwards,
    Audience,
    Kind,
    Role,
    State,
)
from csd_events.events.rules.offers import (
    GRACE,
    GRACE_SHOWN_FROM,
    Access,
    Offer,
    Terms,
    Window,
    free_until,
    next_change,
    overlapping,
    still_accepts,
    terms,
)

__all__ = [
    "GRACE",
    "GRACE_SHOWN_FROM",
    "USUAL_LENGTH",
    "Access",
    "Afterwards",
    "Audience",
    "ConferenceDraft",
    "Contributor",
    "EventDraft",
    "Kind",
    "Offer",
    "OfferDraft",
    "Problem",
    "Role",
    "SessionDraft",
    "State",
    "Terms",
    "Window",
    "free_until",
    "next_change",
    "overlapping",
    "still_accepts",
    "terms",
]
