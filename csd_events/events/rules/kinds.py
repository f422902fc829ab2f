"""What sorts of event there are, and what staff can decide about one."""

from enum import StrEnum


class Kind(StrEnum):
    """What sort of event it is."""

    WEBINAR = "webinar"
    FORUM = "forum"
    TRAINING = "training"


class Format(StrEnum):
    """What staff choose between when they begin an event; its form follows from it."""

    WEBINAR = "webinar"
    ON_DEMAND = "on-demand"
    FORUM = "forum"
    TRAINING = "training"

    @property
    def kind(self) -> Kind:
        return Kind.WEBINAR if self is Format.ON_DEMAND else Kind(self.value)


def format_of(kind: Kind, *, on_demand: bool) -> Format:
    """Return the format of an event that is there."""
    return Format.ON_DEMAND if on_demand else Format(kind.value)


class State(StrEnum):
    """What staff have decided. What follows from the clock is never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"  # it is to come, and nobody knows when
    CANCELLED = "cancelled"


class ChangeKind(StrEnum):
    """What became of an event that people are told of."""

    MOVED = "moved"  # another time or place
    CANCELLED = "cancelled"
    POSTPONED = "postponed"  # its date holds no more, and there is no other yet
    REDATED = "redated"  # it was postponed, and has a date again


class Audience(StrEnum):
    """Whom an offer is for."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    OTHERS = "others"  # whoever is not a member
    INVITED = "invited"  # whoever has the code of the invitation
    COLLEAGUES = "colleagues"  # members, and whom they register from where they work


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
