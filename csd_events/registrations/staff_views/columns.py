"""What of an import staff send: the file, and which of its columns holds what."""

from csd_events.core.db import db
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.imports.staff_views import twice_words
from csd_events.registrations.rules import (
    FILE_COLUMNS,
    FileColumn,
    ImportKind,
    question_name,
)
from csd_events.registrations.words import FILE_COLUMN_WORDS


def names_of(kind: ImportKind, event: Event | None) -> dict[str, str]:
    """List what a file may hold: the fixed columns, and the questions of an event."""
    names = {each.value: str(FILE_COLUMN_WORDS[each]) for each in FILE_COLUMNS[kind]}
    if event is not None and event.has_questions:
        for each in events.list_all_questions(db.session(), event.id):
            names[question_name(each.id)] = each.label
    return names


def objection_to(kind: ImportKind, chosen: dict[str, int]) -> str | None:
    if not {FileColumn.FULL_NAME, FileColumn.FIRST_NAME} & set(chosen):
        return str(_("Choose the column of the names"))
    if kind is ImportKind.REGISTRATIONS and FileColumn.EMAIL not in chosen:
        return str(_("Choose the column of the email addresses"))
    return twice_words(chosen)
