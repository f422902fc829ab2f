"""All of the library as files, and files that are taken in."""

from collections.abc import Iterator
from contextlib import closing

from flask import (
    flash,
    redirect,
    render_template,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import NotFoundError, RefusedError, StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.tables import MOST_BYTES, TableFlaw, csv_rows
from csd_events.core.tablewords import flaw_words
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.imports.forms import FileForm
from csd_events.imports.staff_views import MOST_SENT, say_forgotten
from csd_events.library import queries, service
from csd_events.library.rules.document import InvalidDocumentError
from csd_events.library.service.exporting import CSV_PARTS, csv_of, json_pieces
from csd_events.library.service.reading import read_file
from csd_events.library.staff_views.blueprint import bp, parts
from csd_events.library.words import part_names, report_view

#: A file of more things is for the command: a page should not be waited for so long.
MOST_THINGS = 5000


@bp.get("/export.json")
@staff_required
def export_json() -> ResponseReturnValue:
    pieces = (piece.encode() for piece in json_pieces(db.session()))
    return download(stream_with_context(pieces), "application/json", "library.json")


@bp.get("/export/<part>.csv")
@staff_required
def export_csv(part: str) -> ResponseReturnValue:
    if part not in CSV_PARTS:
        raise NotFoundError(part)
    rows: Iterator[bytes] = csv_rows(csv_of(db.session(), part))
    return download(stream_with_context(rows), "text/csv", f"{part}.csv")


@bp.route("/exchange", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_SENT)
@staff_required
def exchange() -> ResponseReturnValue:
    form = FileForm()
    if not form.is_submitted():
        return _page(form)
    found = _document_of(form) if form.validate() else None
    if found is None:
        return _page(form), 422
    document, problems = found
    if not problems:
        with transaction() as session:
            report, problems = service.try_import(session, document)
            session.rollback()
        tried = service.as_kept(report, problems)
    else:
        tried = service.as_kept(service.ImportReport(), problems)
    with transaction() as session:
        import_id = service.keep_import(
            session,
            document,
            tried,
            file_name=form.file.data.filename or "",
            now=now(),
            actor_id=current_person_id(),
        )
    return redirect(url_for(".show_import", import_id=import_id), code=303)


@bp.get("/imports/<int:import_id>")
@staff_required
def show_import(import_id: int) -> ResponseReturnValue:
    row = queries.get_import(db.session(), import_id)
    return render_template(
        "library/staff/import.html",
        file_name=row.file_name,
        import_id=row.id,
        is_done=row.done_at is not None,
        report=report_view(row.report),
        button=FlaskForm(),
    )


@bp.post("/imports/<int:import_id>/confirm")
@staff_required
def confirm_import(import_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            service.take_import(
                session, import_id, now=now(), actor_id=current_person_id()
            )
    except (StaleError, InvalidDocumentError):
        _compare_again(import_id)
        flash(_("The library has changed since. See what the file would do by now."))
    else:
        forget_pages()
        flash(_("Done. The library holds it."))
    return redirect(url_for(".show_import", import_id=import_id), code=303)


@bp.post("/imports/<int:import_id>/drop")
@staff_required
def drop_import(import_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.drop_import(session, import_id)
    say_forgotten()
    return redirect(url_for(".exchange"), code=303)


def _compare_again(import_id: int) -> None:
    document = queries.get_import(db.session(), import_id).document
    with transaction() as session:
        report, problems = service.try_import(session, document)
        session.rollback()
    with transaction() as session:
        tried = service.as_kept(report, problems)
        service.compare_again(session, import_id, tried)


def _document_of(form: FileForm) -> tuple[dict[str, object], list[str]] | None:
    """Read the file that was sent; None where the form says why it is not taken."""
    if not form.file.data:
        form.refuse(_("Choose a JSON, CSV or XLSX file"))
        return None
    with closing(form.file.data) as sent:
        content = sent.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        form.refuse(flaw_words(TableFlaw.TOO_LARGE))
        return None
    try:
        document = read_file(content)
    except InvalidDocumentError as error:
        return {}, list(error.problems)
    except RefusedError as error:
        form.refuse(flaw_words(TableFlaw(error.reason)))
    except ValueError as error:
        form.refuse(_("This file cannot be read as JSON: %(why)s", why=str(error)))
    else:
        if _number_of_things(document) <= MOST_THINGS:
            return document, []
        words = _(
            "This file holds more than %(most)s things. Split it, or let who runs "
            "this site use the command: flask library import",
            most=f"{MOST_THINGS:,}",
        )
        form.refuse(words)
    return None


def _number_of_things(document: dict[str, object]) -> int:
    return sum(len(part) for part in document.values() if isinstance(part, list | dict))


def _page(form: FileForm) -> str:
    return render_template(
        "library/staff/exchange.html",
        form=form,
        filters=[parts("library_staff.exchange")],
        parts=part_names(),
        imports=queries.list_imports(db.session()),
    )
