"""Somebody on stage: who they are, and what they present."""

from datetime import datetime

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.core.text import markdown
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import Role
from csd_events.events.words import EventRow, changes_at, row_of
from csd_events.home.views.blueprint import bp


@bp.get("/presenters/<slug>")
@cached_page
def presenter(slug: str) -> ResponseReturnValue:
    session, at = db.session(), now()
    found = queries.get_public_presenter(session, slug)
    if found.slug != slug:  # of somebody who turned out to be the same
        return redirect(url_for(".presenter", slug=found.slug), code=301)
    coming = queries.list_presented(session, found.id, past=False, now=at)
    past = queries.list_presented(session, found.id, past=True, now=at)
    kept_until(changes_at([event for event, _ in [*coming, *past]], now=at))
    return render_template(
        "home/presenter.html",
        presenter=found,
        about_html=markdown(found.about),
        upcoming=_rows(coming, at),
        past=_rows(past, at),
    )


def _rows(
    presented: list[tuple[Event, Role]], at: datetime
) -> list[tuple[EventRow, bool]]:
    """Show what somebody presents, and whether they moderate it."""
    return [
        (row_of(event, now=at), role is Role.MODERATOR) for event, role in presented
    ]
