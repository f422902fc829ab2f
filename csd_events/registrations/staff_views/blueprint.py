"""The blueprint of these pages, and what all of them do."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts.queries import Unsaved
from csd_events.association import queries as association
from csd_events.core.access import current_person_id
from csd_events.core.db import db
from csd_events.core.inputs import say
from csd_events.core.time import (
    time_only,
)
from csd_events.core.words import gettext as _
from csd_events.core.zones import is_zone, zone_words
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.registrations.forms import EventForm, MoveForm

bp = Blueprint("registrations_staff", __name__, url_prefix="/staff")


def zone_first() -> str:
    """Return the association's own zone, which stands first in lists."""
    return association.read(db.session()).zone


def count_told(event: Event) -> int:
    """Count who would hear of a change of an event, those on stage among them."""
    if event.state not in {State.PUBLISHED, State.POSTPONED}:
        return 0
    people = event.confirmed + event.held + event.waiting
    return people + events.count_reached(db.session(), event.id)


def unsaved_here(version: int) -> Unsaved | None:
    """Find what who is signed in typed into the form of this page.

    Args:
        version: Of what it is about; 0 for something new.
    """
    return accounts.find_typed(
        db.session(),
        current_person_id(),
        request.path,
        version=version,
        shown="typed" in request.args,
    )


def back_to(event_id: int, place: str | None = None) -> ResponseReturnValue:
    """Go to the page of an event, or a place on it, after something was done to it."""
    page = url_for("home_staff.event", event_id=event_id, _anchor=place)
    return redirect(page, code=303)


def back_to_list(event_id: int) -> ResponseReturnValue:
    """Go to the list of an event's people after something was done to one."""
    return redirect(url_for(".registrations", event_id=event_id), code=303)


def ask_what_stays(form: EventForm | MoveForm, event: Event) -> None:
    """Let the form ask whether the clock or the moment stays in another zone."""
    form.zone_change.data = "clock"
    name_what_stays(form, event)
    say(form.zone_change, _("Say what stays in the other time zone"))


def name_what_stays(form: EventForm | MoveForm, event: Event) -> None:
    """Put the choices of that question into words, if it was asked."""
    if "zone_change" not in form:
        return
    new = form.zone.data
    if not (form.zone_change.data and event.sessions and is_zone(new)):
        form.zone_change.data = ""
        return
    start = event.sessions[0].starts_at
    form.zone_change.choices = {
        "clock": _(
            "The time on the clock: %(time)s %(zone)s",
            time=time_only(start, event.zone),
            zone=zone_words(new),
        ),
        "instant": _(
            "The moment: %(time)s %(zone)s",
            time=time_only(start, new),
            zone=zone_words(new),
        ),
    }
