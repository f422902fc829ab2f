"""What of an import staff send: the file, and which of its columns holds what."""

from contextlib import closing

from flask import request

from csd_events.core.db import db
from csd_events.core.errors import RefusedError
from csd_events.core.tables import MOST_COLUMNS, Table, TableFlaw, read_table
from csd_events.core.tablewords import flaw_words
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations.forms import ListFileForm
from csd_events.registrations.models import ListImport
from csd_events.registrations.rules import (
    FILE_COLUMNS,
    FileColumn,
    ImportKind,
    question_name,
)
from csd_events.registrations.words import FILE_COLUMN_WORDS


def table_of(form: ListFileForm) -> Table | None:
    """Read the file that was sent; None where the form says why it is not taken."""
    if not form.file.data:
        form.refuse(_("Choose a CSV or XLSX file"))
        return None
    try:
        with closing(form.file.data) as sent:
            table = read_table(sent.stream)
    except RefusedError as error:
        form.refuse(flaw_words(TableFlaw(error.reason)))
        return None
    if not table.lines:
        form.refuse(_("This file has no lines below its headings"))
        return None
    return table


def names_of(kind: ImportKind, event: Event | None) -> dict[str, str]:
    """List what a file may hold: the fixed columns, and the questions of an event."""
    names = {each.value: str(FILE_COLUMN_WORDS[each]) for each in FILE_COLUMNS[kind]}
    if event is not None and event.has_questions:
        for each in events.list_all_questions(db.session(), event.id):
            names[question_name(each.id)] = each.label
    return names


def chosen_columns(row: ListImport, event: Event | None) -> dict[str, int]:
    """Read which column of the file holds what; none where nothing was chosen."""
    given = {name: request.form.get(name, "") for name in names_of(row.kind, event)}
    return {
        name: int(place)
        for name, place in given.items()
        if place.isascii() and place.isdigit() and int(place) < MOST_COLUMNS
    }


def objection_to(kind: ImportKind, chosen: dict[str, int]) -> str | None:
    if not {FileColumn.FULL_NAME, FileColumn.FIRST_NAME} & set(chosen):
        return str(_("Choose the column of the names"))
    if kind is ImportKind.REGISTRATIONS and FileColumn.EMAIL not in chosen:
        return str(_("Choose the column of the email addresses"))
    if len(set(chosen.values())) < len(chosen):
        return str(_("Each column of the file can be used once"))
    return None
