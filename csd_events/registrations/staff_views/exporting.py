"""Everybody of an event as a file."""

from collections.abc import Iterator, Sequence

from flask import stream_with_context
from flask.typing import ResponseReturnValue

from csd_events.core.access import event_staff_required
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.tables import csv_rows
from csd_events.core.time import to_wall
from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.rules import Question
from csd_events.registrations import queries
from csd_events.registrations.queries import ExportLine
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.words import STATE_WORDS, answer_words
from csd_events.topics.rules import area_name


@bp.get("/events/<int:event_id>/registrations.csv")
@event_staff_required()
def registrations_csv(event_id: int) -> ResponseReturnValue:
    session = db.session()
    event = events.get_row(session, event_id)
    asked = events.list_all_questions(session, event_id) if event.has_questions else []
    rows = _rows(event_id, asked, event.zone)
    answer = stream_with_context(csv_rows(rows))
    return download(answer, "text/csv", f"{event.slug}-registrations.csv")


def _rows(event_id: int, asked: Sequence[Question], zone: str) -> Iterator[list[str]]:
    yield [
        _("Reference"),
        _("Name"),
        _("Organization"),
        _("U.S. state"),
        _("Email"),
        _("State of the registration"),
        _("Service"),
        _("Price"),
        _("Registered (%(zone)s)", zone=zone),
        *(each.label for each in asked),
    ]
    lines = queries.each_of_event(db.session(), event_id, with_answers=bool(asked))
    for line in lines:
        yield _cells(line, asked, zone)


def _cells(line: ExportLine, asked: Sequence[Question], zone: str) -> list[str]:
    return [
        line.reference,
        line.full_name,
        line.organization,
        line.us_state or "",
        line.email,
        str(STATE_WORDS[line.state]),
        area_name(line.service_area) if line.service_area else "",
        money(line.price_cents, line.currency),
        f"{to_wall(line.registered_at, zone):%Y-%m-%d %H:%M}",
        *(answer_words(line.answers.get(each.id)) for each in asked),
    ]
