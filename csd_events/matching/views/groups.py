"""Opening a group worksheet: for one community, or live at an event."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.pages import read_id
from csd_events.core.web import guards_itself
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.matching.forms import OpenForm, OwnOpenForm
from csd_events.matching.views.blueprint import bp
from csd_events.topics.catalogue import WHOLE_GOVERNMENT
from csd_events.worksheets import service
from csd_events.worksheets.service import Opening
from csd_events.worksheets.views import token_of_group

#: Events of the last days and the next weeks are there to choose from.
BEFORE, AHEAD = timedelta(days=2), timedelta(days=60)


@bp.route("/worksheets/groups", methods=["GET", "POST"])
@guards_itself
def groups() -> ResponseReturnValue:
    """Ask what a group talks about, open it, and go to its facilitator's page.

    Opened from an event, its own service is chosen already.
    """
    person_id, at = current_person_id(), now()
    choices, chosen = _events(request.values.get("event"), at)
    area = request.args.get("area")
    filled = {
        "event": chosen and str(chosen.id),
        "service_area": _one_of([area] if area else chosen.area_ids if chosen else []),
    }
    form = OpenForm(**filled) if person_id is None else OwnOpenForm(**filled)
    form.event.offer(choices)
    if not form.validate_on_submit():
        page = render_template("matching/groups.html", form=form)
        return page, 422 if form.errors else 200
    opening = Opening(
        service_area=form.service_area.data or "",
        community=form.community.data,
        person_id=person_id,
        event_id=int(form.event.data) if form.event.data else None,
        network_address=None if person_id else own_network(),
    )
    with transaction() as session:
        token = token_of_group(service.open_group(session, opening, now=at))
    return redirect(url_for("worksheets.group", token=token), code=303)


def _events(wanted: str | None, at: datetime) -> tuple[dict[str, str], Event | None]:
    """Return the events to choose from, and the published one that is wanted."""
    session = db.session()
    near = events.list_starting(session, since=at - BEFORE, until=at + AHEAD)
    event_id, chosen = read_id(wanted), None
    if event_id is not None:
        chosen = events.find_published(session, event_id)
    choices = {str(event.id): event.title for event in near}
    if chosen is not None:
        choices[str(chosen.id)] = chosen.title
    return choices, chosen


def _one_of(areas: Sequence[str]) -> str | None:
    """Return the service that comes first: *many services at once* is none."""
    return next((each for each in areas if each != WHOLE_GOVERNMENT), None)
