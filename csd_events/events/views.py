"""What events have beside their pages: calendar entries, a recording of ours."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    render_template,
    request,
    send_file,
)
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.errors import NotFoundError
from csd_events.core.files import stored_files
from csd_events.core.pictures import MEDIA_TYPE
from csd_events.events import exports, queries
from csd_events.events.models import Event
from csd_events.events.queries import Filters
from csd_events.events.rules import Kind, State
from csd_events.events.words import KIND_WORDS
from csd_events.topics.rules import AREAS, area_name

bp = Blueprint("events", __name__)
FEED_KEPT = 300  # seconds
#: One that is taken away may stay so long in a browser that has seen it.
PICTURE_KEPT = 24 * 60 * 60


@bp.get("/events/<slug>.ics")
def calendar(slug: str) -> ResponseReturnValue:
    event = queries.get_by_slug(db.session(), slug)
    if not event.sessions:
        raise NotFoundError(slug)
    return _calendar_of([event], event.slug)


@bp.get("/events.ics")
def feed() -> ResponseReturnValue:
    """Hand out public events for calendars that follow them, all or some."""
    session, at = db.session(), now()
    filters = _read_filters()
    association = speaker(session, now=at)
    name = ": ".join([association.name, *_narrowed_words(filters)])
    file = exports.public_feed(
        queries.list_for_feed(session, filters, now=at),
        association,
        domain=_domain(),
        name=name,
        now=at,
    )
    response = Response(file, mimetype="text/calendar")
    response.headers["Cache-Control"] = f"public, max-age={FEED_KEPT}"
    response.add_etag()
    return response.make_conditional(request)


def _read_filters() -> Filters:
    """Read what a feed is narrowed to; a value we do not know asks for nothing."""
    kind, area = request.args.get("kind"), request.args.get("area")
    return Filters(
        kind=Kind(kind) if kind in set(Kind) else None,
        area=area if area in AREAS else None,
        program=request.args.get("program"),
    )


def _narrowed_words(filters: Filters) -> list[str]:
    words = []
    if filters.kind:
        words.append(str(KIND_WORDS[filters.kind]))
    if filters.area:
        words.append(area_name(filters.area))
    return words


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
    at = now()
    association = speaker(db.session(), now=at)
    file = exports.public_calendar(events, association, domain=_domain(), now=at)
    return download(file, "text/calendar", f"{name}.ics")


@bp.get("/pictures/<name>.webp")
def picture(name: str) -> ResponseReturnValue:
    """Show the picture of a presenter: written by us, and never another by its name."""
    if not queries.has_picture(db.session(), name):
        raise NotFoundError("picture")
    answer = send_file(stored_files().path_of(name), mimetype=MEDIA_TYPE)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = f"public, max-age={PICTURE_KEPT}"
    return answer


def _domain() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or ""


@bp.get("/events/<slug>/recording")
def recording(slug: str) -> str:
    """Show the page that stands where a sample's recording would be."""
    event = queries.get_by_slug(db.session(), slug)
    if event.open_recording(now()) != f"/events/{event.slug}/recording":
        raise NotFoundError(slug)
    return render_template("events/recording.html", event=event)
