"""Staff try the rule by which case studies are suggested, and see why each came up."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import read_id
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.matching import service
from csd_events.matching.forms import TrialForm
from csd_events.matching.staff_views.blueprint import bp


@bp.get("/suggestions")
@staff_required
def suggestions() -> ResponseReturnValue:
    """Show what somebody would be suggested, at an event where one is named."""
    form = TrialForm(request.args)
    event = _event(form.event.data)
    asked = form.validate()
    found, note = service.explain(
        db.session(),
        form.profile(),
        service.about(event) if event else None,
        now=now(),
        was_there=form.was_there.data,
    )
    page = render_template(
        "matching/staff/suggestions.html",
        form=form,
        event_title=event.title if event else None,
        event_url=_edit_url(event),
        found=found if asked else [],
        note=note if asked else None,
    )
    return page, 200 if asked else 422


def _edit_url(event: Event | None) -> str | None:
    if event is None:
        return None
    return url_for("registrations_staff.edit_event", event_id=event.id, _anchor="topic")


def _event(given: str | None) -> Event | None:
    """Return the event that is named; one that is not there is none."""
    number = read_id(given or "")
    if number is None:
        return None
    try:
        return events.get(db.session(), number)
    except NotFoundError:
        return None
