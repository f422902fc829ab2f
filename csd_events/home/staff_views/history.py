"""What was done to one thing: the audit trail beside its page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.audit import queries as trail
from csd_events.audit.words import history_lines, kind_words
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.home import queries
from csd_events.home.staff_views.blueprint import bp

#: What staff other than administrators may follow; people are not among it.
KINDS = {
    "case_study",
    "citation",
    "conference",
    "membership_type",
    "organization",
    "partner",
    "presenter",
    "program",
    "publication",
}
SHOWN = 200


@bp.get("/history/<kind>/<int:subject_id>")
@staff_required
def history(kind: str, subject_id: int) -> ResponseReturnValue:
    session = db.session()
    name = queries.name_of(session, kind, subject_id) if kind in KINDS else None
    if name is None:
        raise NotFoundError(kind)
    zone = speaker(session, now=now()).zone
    entries = trail.list_about(session, kind, subject_id, limit=SHOWN)
    return render_template(
        "home/staff/history.html",
        name=name,
        kind=kind_words(kind),
        lines=history_lines(
            entries, zone=zone, names=queries.name_things(session, entries)
        ),
        zone=zone,
    )
