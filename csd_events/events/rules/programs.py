"""Programs, conferences, presenters and partners as staff write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from csd_events.events.rules.drafts import Contributor


class PartnerKind(StrEnum):
    """What sort of organization a partner is."""

    ASSOCIATION = "association"
    GOVERNMENT = "government"
    UNIVERSITY = "university"
    NONPROFIT = "nonprofit"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceDraft:
    """A conference as staff write it; both days are included."""

    name: str
    first_on: date
    last_on: date
    place: str
    zone: str
    summary: str = ""
    booth: str = ""
    website: str | None = None
    published: bool = False
    partners: Sequence[Contributor] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramDraft:
    """A program as staff write it."""

    name: str
    summary: str = ""
    description: str = ""
    areas: Sequence[str] = ()
    reading: Sequence[str] = ()
    partners: Sequence[Contributor] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenterDraft:
    """Somebody on stage as staff write them."""

    full_name: str
    title: str = ""
    organization: str = ""
    about: str = ""
    zone: str | None = None
    email: str = ""
    telephone: str = ""


#: Mails to those on stage, each with the link of their own page.
LINK_MAIL = "events.presenter_link"
MOVED_MAIL = "events.presenter_moved"
CANCELLED_MAIL = "events.presenter_cancelled"
POSTPONED_MAIL = "events.presenter_postponed"
REDATED_MAIL = "events.presenter_redated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What those on stage may change of what is said of them."""

    title: str
    organization: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDraft:
    """An organization behind events as staff write it."""

    name: str
    kind: PartnerKind | None = None
    website: str | None = None


class Fault(StrEnum):
    """What is wrong with one of these, beside the field it is about."""

    DAYS_BACKWARDS = "days_backwards"
    NAME_TAKEN = "name_taken"


def faults_of_days(first_on: date, last_on: date) -> dict[str, Fault]:
    """Name what is wrong with the days of a conference, by field."""
    return {"last_on": Fault.DAYS_BACKWARDS} if last_on < first_on else {}
