"""An event as staff write it, and what can be wrong with that."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from csd_events.events.rules.kinds import (
    Afterwards,
    Audience,
    Format,
    Kind,
    Role,
    format_of,
)
from csd_events.events.rules.questions import (
    WITH_CHOICES,
    QuestionDraft,
    QuestionKind,
)

#: How long an event lasts for a calendar when staff gave no end.
USUAL_LENGTH = timedelta(minutes=60)
#: Where the catalog lists what is at no time: after all that is.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
FEWEST_CHOICES = 2  # of a question that offers any


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraft:
    """An offer as staff write it: days, both of them included.

    Attributes:
        id: Of the offer it changes; None for a new one.
        code: Of the invitation that it is for; None for everybody else's.
    """

    id: int | None = None
    audience: Audience = Audience.EVERYONE
    price_cents: int = 0
    currency: str = "USD"
    opens_on: date | None = None
    closes_on: date | None = None
    quota: int | None = None
    code: str | None = None


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
class SessionDraft:
    """One sitting as staff write it: clock times in a zone.

    Attributes:
        id: Of the session it changes; None for a new one.
        place: Its own, where it differs from the event's.
        platform_url: Its own, where it differs from the event's.
        contributors: Who presents this one, beside those of the whole event.
    """

    id: int | None = None
    title: str = ""
    wall_start: datetime
    wall_end: datetime | None = None
    zone: str
    place: str = ""
    platform_url: str | None = None
    contributors: Sequence[Contributor] = ()


#: How long before a session staff can have its reminders go, the nearest first, and
#: when they go unless staff say otherwise.
LEADS_TO_CHOOSE = ("1h", "4h", "1d", "2d", "3d", "7d", "14d")
USUAL_LEADS = ("1h", "1d", "7d")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """Everything staff say of an event on its form.

    Attributes:
        on_demand: Watched at any time. Then it has no session; another event
            without one has no date yet.
        completes_after: Sessions to attend for having completed it; None for all.
        completes_share: Percent of their minutes together, in place of that.
        prerequisites: Ids of events to attend before this one.
        reading: Case studies to show first.
        hidden_cases: Case studies not to suggest.
        resources: Publications and works, such as ``publication-3``, ``citation-16``.
    """

    title: str
    kind: Kind
    zone: str
    on_demand: bool = False
    sessions: Sequence[SessionDraft] = ()
    offers: Sequence[OfferDraft] = ()
    contributors: Sequence[Contributor] = ()
    areas: Sequence[str] = ()
    reading: Sequence[str] = ()
    hidden_cases: Sequence[str] = ()
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
    needs_approval: bool = False
    replace_on: date | None = None
    reminders: Sequence[str] = USUAL_LEADS
    follows_up: bool = True
    program_id: int | None = None
    conference_id: int | None = None
    requires_conference: bool = False
    completes_after: int | None = None
    completes_share: int | None = None
    completion_note: str = ""
    prerequisites: Sequence[int] = ()
    prerequisite_note: str = ""
    questions: Sequence[QuestionDraft] = ()

    @property
    def format(self) -> Format:
        return format_of(self.kind, on_demand=self.on_demand)


class Problem(StrEnum):
    """What is wrong with a draft, beside the field it is about."""

    TIME_SKIPPED = "time_skipped"
    TIME_TWICE = "time_twice"
    ENDS_BEFORE_START = "ends_before_start"
    SESSIONS_OVERLAP = "sessions_overlap"
    OUTSIDE_CONFERENCE = "outside_conference"
    TOO_FEW_SESSIONS = "too_few_sessions"
    COMPLETED_IN_TWO_WAYS = "completed_in_two_ways"
    REQUIRES_ITSELF = "requires_itself"
    REQUIRES_IN_A_CIRCLE = "requires_in_a_circle"
    WINDOW_BACKWARDS = "window_backwards"
    OFFERS_OVERLAP = "offers_overlap"
    CODE_TWICE = "code_twice"
    OFFER_IN_USE = "offer_in_use"
    KIND_ANSWERED = "kind_answered"
    TOO_FEW_CHOICES = "too_few_choices"
    QUESTION_ANSWERED = "question_answered"
    NO_OFFER = "no_offer"
    NO_SUMMARY = "no_summary"
    NO_START = "no_start"
    NO_WAY_IN = "no_way_in"
    NO_WHERE = "no_where"
    NO_CONFERENCE = "no_conference"
    IS_POSTPONED = "is_postponed"
    STARTS_IN_THE_PAST = "starts_in_the_past"
    NEVER_OPEN = "never_open"


_ALWAYS = {"summary": Problem.NO_SUMMARY, "offers": Problem.NO_OFFER}
_LIVE = {"starts": Problem.NO_START}
#: What each format needs before people can use its page, by the field that says it.
NEEDED: Mapping[Format, Mapping[str, Problem]] = {
    Format.WEBINAR: _ALWAYS | _LIVE | {"platform_url": Problem.NO_WAY_IN},
    Format.ON_DEMAND: _ALWAYS | {"recording_url": Problem.NO_WAY_IN},
    Format.FORUM: _ALWAYS | _LIVE | {"conference_id": Problem.NO_CONFERENCE},
    Format.TRAINING: _ALWAYS | _LIVE | {"platform_url": Problem.NO_WHERE},
}


def lacking(wanted: Format, present: Set[str]) -> dict[str, Problem]:
    """Name what an event lacks to be published, by field.

    Args:
        wanted: What it is to be.
        present: The fields that say something.
    """
    return {
        name: problem for name, problem in NEEDED[wanted].items() if name not in present
    }


def question_problem(draft: QuestionDraft, was: QuestionKind | None) -> Problem | None:
    """Say what is wrong with a question; None if nothing is.

    Args:
        draft: As it is to be.
        was: What it asked for, if somebody has answered that.
    """
    if was is not None and draft.kind is not was:
        return Problem.KIND_ANSWERED
    if draft.kind in WITH_CHOICES and len(draft.choices) < FEWEST_CHOICES:
        return Problem.TOO_FEW_CHOICES
    return None
