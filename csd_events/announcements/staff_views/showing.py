"""Announcements: all of them, one with whom it reaches, and how it reads."""

from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.announcements import mail, queries, rules, service
from csd_events.announcements.forms import SendForm
from csd_events.announcements.models import Announcement
from csd_events.announcements.rules import Reach, Stage
from csd_events.announcements.staff_views.blueprint import bp, title_of
from csd_events.announcements.words import (
    announcement_line,
    audience_words,
    left_out_words,
    number_words,
    reason_words,
    shown_stage,
    stage_words,
    would_leave_words,
)
from csd_events.association.mail import speaker
from csd_events.core.access import (
    current_person_id,
    event_staff_required,
    is_administrator,
    schedules,
    staff_required,
)
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import ListPage, read_id
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.outbox.message import Message

RELOADS_AFTER = 3  # seconds
NAMED = 10
#: A mail is a page of its own: it runs nothing, loads nothing, is nobody.
MAIL_POLICY = "; ".join(
    [
        "sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


@bp.get("/announcements")
@staff_required
def index() -> ResponseReturnValue:
    return _list(None)


@bp.get("/events/<int:event_id>/announcements")
@event_staff_required()
def of_event(event_id: int) -> ResponseReturnValue:
    return _list(events.get_row(db.session(), event_id))


def _list(event: Event | None) -> ResponseReturnValue:
    """Show all announcements, or those to the people of one event."""
    session, at = db.session(), now()
    event_id = event.id if event else None
    page = queries.page(
        session, event_id=event_id, after=read_id(request.args.get("after"))
    )
    progress = queries.list_progress(session, page.items)
    titles = events.list_titles(
        session, {row.event_id for row in page.items if row.event_id is not None}
    )
    zone = speaker(session, now=at).zone
    lines = [
        announcement_line(
            row, progress[row.id], titles.get(row.event_id or 0), now=at, zone=zone
        )
        for row in page.items
    ]
    older = _list_url(event, after=page.after) if page.after else None
    return render_template(
        "announcements/staff/index.html",
        page=ListPage(lines, None, older),
        event=event,
        may_write_to_all=schedules(),
    )


def _list_url(event: Event | None, **edge: Any) -> str:
    if event is None:
        return url_for(".index", **edge)
    return url_for(".of_event", event_id=event.id, **edge)


@bp.get("/announcements/<int:announcement_id>")
@event_staff_required()
def show(announcement_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    row = queries.get(session, announcement_id)
    event_title = title_of(session, row)
    zone = speaker(session, now=at).zone
    progress = queries.list_progress(session, [row])[row.id]
    by_day = rules.is_by_day(at, zone)
    watched = _is_leaving(row, at) and by_day and request.args.get("still") != "1"
    answer = make_response(
        render_template(
            "announcements/staff/show.html",
            announcement=row,
            event_title=event_title,
            audience_words=audience_words(row, event_title),
            stage=shown_stage(row, progress),
            stage_words=stage_words(row, progress, now=at, zone=zone),
            by_day=by_day,
            progress=progress,
            numbers=number_words(progress),
            reasons=[
                reason_words(why, number)
                for why, number in queries.list_reasons(session, row.id)
            ],
            watched=watched,
            may_administer=is_administrator(),
            form=SendForm(data={"version": str(row.version)}),
            **_before_it_goes(row, at, zone),
        )
    )
    if watched:
        answer.headers["Refresh"] = str(RELOADS_AFTER)
    return answer


@bp.get("/announcements/<int:announcement_id>/preview")
@event_staff_required()
def preview(announcement_id: int) -> ResponseReturnValue:
    """Show the side that most people see, as it arrives."""
    row = queries.get(db.session(), announcement_id)
    message = _sample(row, read_id(request.args.get("person")), now())
    response = Response(message.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_leaving(row: Announcement, at: datetime) -> bool:
    """Tell whether the page of an announcement says something else in a moment."""
    is_due = row.leaves_at is not None and row.leaves_at <= at
    return row.stage is Stage.LEAVING and is_due


def _before_it_goes(row: Announcement, at: datetime, zone: str) -> dict[str, Any]:
    """Say whom an announcement would reach, when, and how it would read."""
    session = db.session()
    terms = service.terms_of(session, row, now=at)
    is_to_go = row.begun_at is None
    reach = queries.count_reach(session, terms) if is_to_go else Reach(0)
    person_id = read_id(request.args.get("person"))
    readers = queries.list_readers(session, terms, limit=NAMED + 1) if is_to_go else []
    shown_id = person_id or (readers[0].person_id if readers else 0)
    following = queries.list_readers(session, terms, limit=1, after=shown_id)
    return {
        "reach": reach,
        "left_out": left_out_words(reach.left_out),
        "readers": readers[:NAMED],
        "message": _sample(row, person_id, at),
        "person_id": person_id,
        "next_person_id": following[0].person_id if following else None,
        "when_words": would_leave_words(
            rules.leaves_at(at, zone, number=reach.reached), now=at, zone=zone
        ),
        "waits": reach.reached > rules.MANY,
    }


def _sample(row: Announcement, person_id: int | None, at: datetime) -> Message:
    """Write it as for a reader, with links that open nothing."""
    paper = mail.preview_paper(
        db.session(), row, person_id, at, otherwise=current_person_id() or 0
    )
    return mail.write_trial(paper)
