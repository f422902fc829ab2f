"""What an event has beside its page: a calendar entry, a recording of ours."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.events import exports, queries

bp = Blueprint("events", __name__)


@bp.get("/events/<slug>.ics")
def calendar(slug: str) -> ResponseReturnValue:
    event = queries.get_by_slug(db.session(), slug)
    if not event.sessions:
        raise NotFoundError(slug)
    association = speaker(db.session(), now=now())
    domain = urlsplit(current_app.config["BASE_URL"]).hostname or ""
    file = exports.public_calendar(event, association, domain=domain)
    headers = {"Content-Disposition": f"attachment; filename={event.slug}.ics"}
    return Response(file, mimetype="text/calendar", headers=headers)


@bp.get("/events/<slug>/recording")
def recording(slug: str) -> str:
    """Show the page that stands where a sample's recording would be."""
    event = queries.get_by_slug(db.session(), slug)
    if event.open_recording(now()) != f"/events/{event.slug}/recording":
        raise NotFoundError(slug)
    return render_template("events/recording.html", event=event)
