"""What is wrong with an event, in words beside the field it is about."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wtforms import Field

from csd_events.core import inputs
from csd_events.core.words import lazy_gettext as _
from csd_events.events.rules import NEEDED, Problem, lacking
from csd_events.registrations.forms.event import EventForm
from csd_events.registrations.forms.reading import question_rows, sittings_of

WORDS: dict[StrEnum, str] = {
    Problem.TIME_SKIPPED: _(
        "The clocks of this zone skip that time on that day. Choose another time"
    ),
    Problem.TIME_TWICE: _(
        "The clocks of this zone show that time twice on that day. "
        "Choose a time that comes only once"
    ),
    Problem.ENDS_BEFORE_START: _("The end must come after the start, on the same day"),
    Problem.SESSIONS_OVERLAP: _(
        "It begins before another session has ended. Change one of the two"
    ),
    Problem.OUTSIDE_CONFERENCE: _(
        "The conference is not on that day. Choose one of its days"
    ),
    Problem.TOO_FEW_SESSIONS: _(
        "That is more sessions than there are. Enter fewer, or leave it empty for all"
    ),
    Problem.COMPLETED_IN_TWO_WAYS: _(
        "Say either how many sessions complete it or which share of the time, not both"
    ),
    Problem.REQUIRES_ITSELF: _(
        "This is the event itself. Enter another one, or leave it empty"
    ),
    Problem.REQUIRES_IN_A_CIRCLE: _(
        "That event requires this one first, itself or by way of another, so nobody "
        "could begin. Enter another one, or leave it empty"
    ),
    Problem.WINDOW_BACKWARDS: _("The last day must not come before the first day"),
    Problem.CODE_TWICE: _("Two offers have this code. Give each its own"),
    Problem.OFFERS_OVERLAP: _(
        "Two offers for the same people hold on the same day. "
        "End one before the other begins"
    ),
    Problem.OFFER_IN_USE: _(
        "People have registered at a price you took away. Keep it, and end it earlier"
    ),
    Problem.KIND_ANSWERED: _(
        "People have answered this question as it is. Switch it off and write another"
    ),
    Problem.TOO_FEW_CHOICES: _("Enter two choices or more, each on a line of its own"),
    Problem.QUESTION_ANSWERED: _(
        "People have answered this question. Keep it; to ask it no more, take the tick "
        "out of “Ask it”"
    ),
    Problem.NO_OFFER: _("Enter a price and its last day; 0 is free"),
    Problem.NO_SUMMARY: _("Enter a summary: one sentence on what it is good for"),
    Problem.NEVER_OPEN: _(
        "Nobody could register: every price has ended, or begins after the start. "
        "Check the days"
    ),
    Problem.NO_START: _("Enter the date and the time it starts"),
    Problem.NO_WHERE: _(
        "Enter the platform link or the place; or give each session its own"
    ),
    Problem.NO_CONFERENCE: _("Choose the conference that the forum is part of"),
    Problem.IS_POSTPONED: _(
        "It is postponed, so its date stays for now. Use Give it a date on its page: "
        "that tells its people"
    ),
    Problem.STARTS_IN_THE_PAST: _("It would start in the past. Check date and time"),
}
#: What is missing for people to get in, by the field that would say it.
WAYS_IN = {
    "recording_url": _("Enter the address where it can be watched"),
    "platform_url": _("Enter the platform link, where the session runs"),
}


#: Beside the time rather than the date.
OF_THE_CLOCK = {
    Problem.TIME_SKIPPED,
    Problem.TIME_TWICE,
    Problem.SESSIONS_OVERLAP,
}


def problem_words(name: str, problem: StrEnum) -> str:
    """Say what is wrong with a field."""
    return str(WAYS_IN[name] if problem is Problem.NO_WAY_IN else WORDS[problem])


def show_lacking(form: EventForm) -> bool:
    """Ask for what publishing needs and the form lacks; tell whether all is there.

    Where something was typed and is wrong, that has been said already.
    """
    said = {field.short_name for field in form if field.errors}
    present = {name for name in NEEDED[form.wanted] if _says(form, name)} | said
    if not present.isdisjoint({"sessions", "starts_on", "start_time"}):
        present.add("starts")
    lacks = lacking(form.wanted, present)
    show_problems(form, lacks)
    return not lacks


def _says(form: EventForm, name: str) -> bool:
    """Tell whether a form says something about what publishing needs."""
    if name == "starts":
        return bool(sittings_of(form))
    if name == "offers":
        return any(not row.form.is_blank for row in form.offers)
    if name == "platform_url" and "place" in form and form.place.data:
        return True
    if name == "platform_url" and form.has_rows and not form.platform_url.data:
        sittings = sittings_of(form)
        own = [each.platform_url.data or each.place.data for each in sittings]
        return bool(own) and all(own)
    return bool(form[name].data)


def show_problems(form: Any, problems: Mapping[str, StrEnum]) -> None:
    """Put each problem beside the field it is about."""
    inputs.show_problems(form, problems, problem_words, _field)


def _field(form: Any, name: str, problem: StrEnum) -> Field:
    """Find the field that a service means."""
    group, _dash, number = name.partition("-")
    index = int(number or 0)
    if group in {"sessions", "starts"}:
        return _of_session(form, index, problem)
    if group in {"questions", "question"}:
        return _of_question(form, index, problem)
    found: Field
    if group == "offers":
        row = _offers(form)[index]
        found = row.price
        if problem is Problem.WINDOW_BACKWARDS:
            found = row.closes_on.form.month
        elif problem is Problem.CODE_TWICE:
            found = row.code
    elif group == "prerequisites":
        found = [entry for entry in form.prerequisites if entry.data][index]
    else:
        found = form[name]
    return found


def _of_session(form: Any, index: int, problem: StrEnum) -> Field:
    """Find the field of a session, or of the first where there is none yet."""
    one = form if "starts_on" in form else form.sessions[0].form
    sitting = next(iter(sittings_of(form)[index : index + 1]), one)
    found: Field = sitting.starts_on.form.month
    if problem is Problem.ENDS_BEFORE_START:
        found = sitting.end_time
    elif problem in OF_THE_CLOCK:
        found = sitting.start_time
    return found


def _of_question(form: Any, number: int, problem: StrEnum) -> Field:
    """Find the field of a question by its number, or by its id if it was taken out."""
    if problem is Problem.QUESTION_ANSWERED:
        rows = [row.form for row in form.questions]
        row = next((r for r in rows if r.question_id.data == str(number)), rows[0])
        found: Field = row.left_out
    else:
        row = question_rows(form)[number]
        found = row.choices if problem is Problem.TOO_FEW_CHOICES else row.kind
    return found


def _offers(form: EventForm) -> list[Any]:
    rows = [row.form for row in form.offers]
    return [row for row in rows if not row.is_blank] or rows
