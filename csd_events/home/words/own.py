"""A person's own page: their registrations, and what we know of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from csd_events.core.time import day_words
from csd_events.core.words import gettext as _
from csd_events.events.words import EventRow
from csd_events.organizations.queries import Belonging
from csd_events.organizations.rules import Standing, Through


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One of a person's own registrations: the event, how it stands, its link."""

    event: EventRow
    state: str
    token: str


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of a person beside name and address.

    Attributes:
        belongs: Where they belong, a line each.
        standing_words: Whether they are a member, and why.
    """

    belongs: Sequence[str]
    standing_words: str


def known_of(belonging: Sequence[Belonging], standing: Standing) -> Known:
    """Put into words where a person belongs, and whether they are a member."""
    return Known(
        belongs=[
            f"{each.position}, {each.organization}"
            if each.position
            else each.organization
            for each in belonging
        ],
        standing_words=standing_words(standing),
    )


def standing_words(standing: Standing) -> str:
    """Say whether somebody is a member, by what, and until when."""
    if standing.through is None or standing.last_on is None:
        return _("Not a member")
    day = day_words(standing.last_on)
    if standing.through is Through.OWN:
        return _("Member in your own name, through %(date)s", date=day)
    return _(
        "Member with %(organization)s, through %(date)s",
        organization=standing.organization,
        date=day,
    )
