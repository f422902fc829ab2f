"""What people need to take part: for who arranges it, and noted who looked."""

from collections.abc import Iterator, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.tables import csv_rows
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.registrations import service
from csd_events.registrations.service import NeedLine
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.words import STATE_WORDS


@bp.route("/events/<int:event_id>/accessibility", methods=["GET", "POST"])
@event_staff_required()
def accessibility(event_id: int) -> ResponseReturnValue:
    """Say how many need something; show what, once the button is pressed."""
    lines = _read(event_id) if request.method == "POST" else None
    session = db.session()
    return render_template(
        "registrations/staff/accessibility.html",
        event=events.get_row(session, event_id),
        number=service.count_needs(session, event_id),
        lines=lines,
        form=FlaskForm(),
    )


@bp.post("/events/<int:event_id>/accessibility.csv")
@event_staff_required()
def accessibility_csv(event_id: int) -> ResponseReturnValue:
    rows = csv_rows(_rows(_read(event_id)))
    return download(rows, "text/csv", f"event-{event_id}-accessibility.csv")


def _read(event_id: int) -> Sequence[NeedLine]:
    with transaction() as session:
        return service.read_needs(
            session, event_id, now=now(), actor_id=current_person_id()
        )


def _rows(lines: Sequence[NeedLine]) -> Iterator[list[str]]:
    yield [_("Name"), _("What they need"), _("Organization"), _("Email"), _("State")]
    for line in lines:
        state = str(STATE_WORDS[line.state])
        yield [line.full_name, line.needs, line.organization, line.email, state]
