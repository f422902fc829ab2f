"""The form of an event: what it offers to choose from, and what it holds at first."""

from collections.abc import Collection
from functools import partial
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import Role, current_person, schedules
from csd_events.core.db import db
from csd_events.core.forms import fresh_nonce
from csd_events.core.inputs import boxes_of
from csd_events.core.pages import read_day
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Format
from csd_events.library import queries as library
from csd_events.library.words import work_choices
from csd_events.registrations.forms import (
    Choices,
    EventForm,
)
from csd_events.registrations.staff_views.blueprint import back_to, zone_first


def form_of(event: Event, **given: Any) -> EventForm:
    """Make the form of an event that is there; of several sessions it shows all."""
    answered = [str(each.id) for each in event.questions if each.answered]
    several = len(event.sessions) > 1
    return form_for(event.format, several=several, answered=answered, **given)


def form_for(wanted: Format, *, several: bool = False, **given: Any) -> EventForm:
    session, own = db.session(), own_programs()
    programs, conferences = (
        {str(key): name for key, name in names.items()}
        for names in (
            events.list_programs(session) if own is None else own,
            events.list_conferences(session),
        )
    )
    choices = Choices(
        zone_first=zone_first(),
        cases=library.list_titles(session),
        works=work_choices(library.list_works(session)),
        programs=programs,
        needs_program=own is not None,
        conferences=conferences,
        find_event=partial(events.find_id, session),
        find_zone=partial(events.find_zone_of_conference, session),
    )
    several = several or wanted is Format.TRAINING
    return EventForm(wanted=wanted, several=several, choices=choices, **given)


def begun(chosen: Format) -> dict[str, Any]:
    """Return what a new form holds: a price of nothing, and what the link chose."""
    day = {"starts_on": boxes_of(read_day(request.args.get("on")))}
    sittings = {"sessions": [day]} if chosen is Format.TRAINING else day
    given = {"conference_id": request.args.get("conference"), **sittings}
    if len(own := own_programs() or {}) == 1:  # they have nothing to choose from
        given["program_id"] = str(*own)
    return {"offers": [{"price": "0"}], "nonce": fresh_nonce(), **given}


def own_programs() -> dict[int, str] | None:
    """Return the programs in which somebody schedules; None where they do in all."""
    person = current_person()
    if person is None or person.role is not Role.PROGRAM:
        return None
    held = events.list_program_roles(db.session(), person.person_id)
    return {each: name for each, name, role in held if role is Role.SCHEDULER}


def series_to_open(series_ids: Collection[int | None]) -> set[int]:
    """Return which of some series open to whoever is signed in: of theirs alone."""
    given, mine = {each for each in series_ids if each}, own_programs()
    if mine is None or not given:
        return given
    return events.series_within(db.session(), given, mine)


def back_to_series(series_id: int, event_id: int) -> ResponseReturnValue:
    """Go to the page of a series; to its event, where others' programs are in it."""
    if series_id not in series_to_open({series_id}):
        return back_to(event_id)
    return redirect(
        url_for("registrations_staff.series", series_id=series_id), code=303
    )


def may_write_events() -> bool:
    """Tell whether whoever is signed in may write an event, in a program at least."""
    return schedules() or bool(own_programs())
