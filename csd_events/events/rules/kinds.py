"""What sorts of event there are, and what staff can decide about one."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of event it is."""

    WEBINAR = "webinar"
    FORUM = "forum"
    TRAINING = "training"


class State(StrEnum):
    """What staff have decided. What follows from the clock is never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Whom an offer is for."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    OTHERS = "others"  # whoever is not a member


class Afterwards(StrEnum):
    """What a visitor finds once no offer follows."""

    CLOSED = "closed"
    RECORDING = "recording"


class Role(StrEnum):
    """What a presenter or a partner does for an event."""

    PRESENTER = "presenter"
    MODERATOR = "moderator"
    CO_PRODUCER = "co_producer"
    UNDERWRITER = "underwriter"
