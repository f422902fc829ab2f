"""What events have beside their pages: calendar entries, a recording of ours."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.events import exports, queries
from csd_events.events.models import Event
from csd_events.events.rules import State

bp = Blueprint("events", __name__)


@bp.get("/events/<slug>.ics")
def calendar(slug: str) -> ResponseReturnValue:
    event = queries.get_by_slug(db.session(), slug)
    if not event.sessions:
        raise NotFoundError(slug)
    return _calendar_of([event], event.slug)


@bp.get("/conferences/<slug>.ics")
def conference_calendar(slug: str) -> ResponseReturnValue:
    """Hand out the schedule of a conference; a cancelled forum leaves it."""
    session = db.session()
    conference = queries.get_published_conference(session, slug)
    forums = queries.list_forums(session, conference.id, states=[State.PUBLISHED])
    if not any(forum.sessions for forum in forums):
        raise NotFoundError(slug)
    return _calendar_of(forums, conference.slug)


def _calendar_of(events: Iterable[Event], name: str) -> Response:
    association = speaker(db.session(), now=now())
    domain = urlsplit(current_app.config["BASE_URL"]).hostname or ""
    file = exports.public_calendar(events, association, domain=domain)
    headers = {"Content-Disposition": f"attachment; filename={name}.ics"}
    return Response(file, mimetype="text/calendar", headers=headers)


@bp.get("/events/<slug>/recording")
def recording(slug: str) -> str:
    """Show the page that stands where a sample's recording would be."""
    event = queries.get_by_slug(db.session(), slug)
    if event.open_recording(now()) != f"/events/{event.slug}/recording":
        raise NotFoundError(slug)
    return render_template("events/recording.html", event=event)
