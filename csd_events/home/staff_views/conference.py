"""A conference as everybody will see it."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.events import queries as catalog
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.words import conference_facts


@bp.get("/conferences/<int:conference_id>/preview")
@staff_required
def preview_conference(conference_id: int) -> ResponseReturnValue:
    """Show the page of a conference before the public sees it."""
    session = db.session()
    found = catalog.get_conference(session, conference_id)
    if found.published:
        return redirect(url_for("home.conference", slug=found.slug), code=303)
    forums = catalog.list_forums(session, conference_id)
    return render_template(
        "home/conference.html",
        preview=True,
        **conference_facts(found, forums, {}, now=now()),
    )
