"""A conference as a schedule: its forums by day, and the way to the conference."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.events import queries
from csd_events.events.words import changes_at
from csd_events.home.views.blueprint import bp
from csd_events.home.words import conference_end, conference_facts
from csd_events.registrations import queries as registrations


@bp.get("/conferences/<slug>")
@cached_page
def conference(slug: str) -> ResponseReturnValue:
    session, at = db.session(), now()
    found = queries.get_published_conference(session, slug)
    forums = queries.list_forums(session, found.id)
    ends_at = conference_end(found)
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
        preview=False,
        **conference_facts(found, forums, states, now=at),
    )
