"""An event as staff write it, and what can be wrong with that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from csd_events.events.rules.kinds import Afterwards, Audience, Kind, Role

#: How long an event lasts for a calendar when staff gave no end.
USUAL_LENGTH = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDraft:
    """One sitting as staff write it: clock times in a zone."""

    title: str = ""
    wall_start: datetime
    wall_end: datetime | None = None
    zone: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraft:
    """An offer as staff write it: days, both of them included.

    Attributes:
        id: Of the offer it changes; None for a new one.
    """

    id: int | None = None
    audience: Audience = Audience.EVERYONE
    price_cents: int = 0
    currency: str = "USD"
    opens_on: date | None = None
    closes_on: date | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody on stage, or a partner, who has neither title nor organization."""

    role: Role
    name: str
    title: str = ""
    organization: str = ""

    @property
    def is_partner(self) -> bool:
        return self.role in {Role.CO_PRODUCER, Role.UNDERWRITER}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """Everything staff say of an event on its form. No session: watched on demand.

    Attributes:
        reading: Case studies.
        resources: Publications and works, such as ``publication-3``, ``citation-16``.
    """

    title: str
    kind: Kind
    zone: str
    sessions: Sequence[SessionDraft] = ()
    offers: Sequence[OfferDraft] = ()
    contributors: Sequence[Contributor] = ()
    areas: Sequence[str] = ()
    reading: Sequence[str] = ()
    resources: Sequence[str] = ()
    summary: str = ""
    description: str = ""
    place: str = ""
    platform_url: str | None = None
    recording_url: str | None = None
    afterwards: Afterwards = Afterwards.CLOSED
    audience: str = ""
    accessibility: str = ""
    contact: str = ""
    form: str | None = None
    capacity: int | None = None
    waiting_limit: int | None = None
    program_id: int | None = None
    conference_id: int | None = None
    requires_conference: bool = False


class Problem(StrEnum):
    """What is wrong with a draft, beside the field it is about."""

    TIME_SKIPPED = "time_skipped"
    TIME_TWICE = "time_twice"
    ENDS_BEFORE_START = "ends_before_start"
    SESSIONS_OUT_OF_ORDER = "sessions_out_of_order"
    WINDOW_BACKWARDS = "window_backwards"
    OFFERS_OVERLAP = "offers_overlap"
    OFFER_IN_USE = "offer_in_use"
    NO_OFFER = "no_offer"
    NO_SUMMARY = "no_summary"
    NO_WAY_IN = "no_way_in"
    STARTS_IN_THE_PAST = "starts_in_the_past"
    NEVER_OPEN = "never_open"
    NO_CONFERENCE = "no_conference"
