"""A person's own page: their registrations, and what we know of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from csd_events.core.words import gettext as _
from csd_events.events.words import EventRow
from csd_events.organizations.queries import Belonging
from csd_events.organizations.rules import Standing
from csd_events.organizations.words import last_day_words, standing_words


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
        standing_words=_standing_words(standing),
    )


def _standing_words(standing: Standing) -> str:
    """Say whether somebody is a member, by what, and until when."""
    words, day = standing_words(standing, own=True), last_day_words(standing)
    if words and day:
        return _("%(standing)s, through %(date)s", standing=words, date=day)
    return words or _("Not a member")
