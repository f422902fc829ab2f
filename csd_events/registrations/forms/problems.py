"""What is wrong with an event, in words beside the field it is about."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wtforms import Field

from csd_events.core.dates import say
from csd_events.core.words import lazy_gettext as _
from csd_events.events.rules import Problem
from csd_events.registrations.forms.event import EventForm
from csd_events.registrations.forms.reading import sittings_of
from csd_events.registrations.forms.typed import Rows

WORDS: dict[StrEnum, str] = {
    Problem.TIME_SKIPPED: _(
        "The clocks of this zone skip that time on that day. Choose another time"
    ),
    Problem.TIME_TWICE: _(
        "The clocks of this zone show that time twice on that day. "
        "Choose a time that comes only once"
    ),
    Problem.ENDS_BEFORE_START: _("The end must come after the start, on the same day"),
    Problem.SESSIONS_OUT_OF_ORDER: _(
        "Put the sessions in the order in which they take place"
    ),
    Problem.WINDOW_BACKWARDS: _("The last day must not come before the first day"),
    Problem.OFFERS_OVERLAP: _(
        "Two offers for the same people hold on the same day. "
        "End one before the other begins"
    ),
    Problem.OFFER_IN_USE: _(
        "People have registered at a price you took away. Keep it, and end it earlier"
    ),
    Problem.NO_OFFER: _("Enter a price and its last day; 0 is free"),
    Problem.NO_SUMMARY: _("Enter a summary: one sentence on what it is good for"),
    Problem.NEVER_OPEN: _(
        "Nobody could register: every price has ended, or begins after the start. "
        "Check the days"
    ),
    Problem.STARTS_IN_THE_PAST: _("It would start in the past. Check date and time"),
}
#: What is missing for people to get in, by the field that would say it.
WAYS_IN = {
    "recording_url": _(
        "Enter the date and the time. What can be watched at any time needs the "
        "address of its recording instead"
    ),
    "platform_url": _("Enter the platform link, where the session runs"),
    "place": _("Enter the place, or choose the conference"),
}


def problem_words(name: str, problem: StrEnum) -> str:
    """Say what is wrong with a field."""
    return str(WAYS_IN[name] if problem is Problem.NO_WAY_IN else WORDS[problem])


def show_problems(form: Any, problems: Mapping[str, StrEnum]) -> None:
    """Put each problem beside the field it is about."""
    for name, problem in problems.items():
        say(_field(form, name, problem), problem_words(name, problem))
    for field in form:
        if isinstance(field, Rows):
            field.gather_errors()


def _field(form: Any, name: str, problem: StrEnum) -> Field:
    """Find the field that a service means."""
    group, _dash, number = name.partition("-")
    found: Field
    if group == "sessions":
        sitting = sittings_of(form)[int(number or 0)]
        late = problem is Problem.ENDS_BEFORE_START
        found = sitting.end_time if late else sitting.start_time
    elif group == "offers":
        row = _offers(form)[int(number or 0)]
        backwards = problem is Problem.WINDOW_BACKWARDS
        found = row.closes_on.form.month if backwards else row.price
    elif name in {"starts", "recording_url"}:
        found = form.starts_on.form.month
    else:
        found = form[name]
    return found


def _offers(form: EventForm) -> list[Any]:
    rows = [row.form for row in form.offers]
    return [row for row in rows if not row.is_blank] or rows
