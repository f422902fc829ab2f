"""A conference as a schedule: its forums by day, and the way to the conference."""

from datetime import datetime, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.core.time import (
    days_words,
    start_of_day,
)
from csd_events.core.zones import zone_words
from csd_events.events import queries
from csd_events.events.models import Conference
from csd_events.events.words import changes_at, row_of
from csd_events.home.views.blueprint import bp
from csd_events.home.words import partner_view, schedule_of
from csd_events.registrations import queries as registrations

A_DAY = timedelta(days=1)


@bp.get("/conferences/<slug>")
@cached_page
def conference(slug: str) -> ResponseReturnValue:
    session, at = db.session(), now()
    found = queries.get_published_conference(session, slug)
    forums = queries.list_forums(session, found.id)
    ends_at = _end_of(found)
    changes = [changes_at(forums, now=at), ends_at if ends_at > at else None]
    kept_until(min((each for each in changes if each), default=None))
    person_id, ids = current_person_id(), [forum.id for forum in forums]
    states = (
        registrations.find_states(session, person_id=person_id, event_ids=ids)
        if person_id is not None
        else {}
    )
    return render_template(
        "home/conference.html",
        conference=found,
        days_words=days_words(found.first_on, found.last_on),
        zone_words=zone_words(found.zone),
        is_over=ends_at <= at,
        days=schedule_of(found, forums, states, now=at),
        at_any_time=[row_of(each, now=at) for each in forums if not each.sessions],
        partners=[partner_view(each.role, each.partner) for each in found.partners],
    )


def _end_of(conference: Conference) -> datetime:
    """Return the instant at which the last day of a conference ends, where it is."""
    return start_of_day(conference.last_on + A_DAY, conference.zone)
