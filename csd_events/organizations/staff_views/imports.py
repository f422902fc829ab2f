"""Imports: choose a file, say what its columns hold, look, import, undo."""

from collections.abc import Callable, Iterator
from contextlib import closing

from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import RefusedError, StaleError
from csd_events.core.tables import MOST_COLUMNS, Table, TableFlaw, csv_rows, read_table
from csd_events.core.tablewords import flaw_words
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.organizations import queries
from csd_events.organizations.exports import changes_in_short
from csd_events.organizations.forms import ColumnsForm, FileForm, column_choices
from csd_events.organizations.models import ImportRun
from csd_events.organizations.rules import AT_WORK, Column, Outcome, Refusal, RunState
from csd_events.organizations.service import importing
from csd_events.organizations.staff_views.blueprint import bp
from csd_events.organizations.words import (
    OUTCOME_WORDS,
    change_words,
    problem_words,
    refusal_words,
)

#: Somewhat more than is taken, so that a larger file is answered with a sentence.
MOST_SENT = 40 * 1024 * 1024
RELOADS_AFTER = 2  # seconds
EXAMPLES = 3  # lines that show what a column holds


@bp.route("/organizations/import", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_SENT)
@staff_required
def new_import() -> ResponseReturnValue:
    form = FileForm()
    if not form.is_submitted():
        return _file_page(form)
    table = _table_of(form) if form.validate() else None
    if table is None:
        return _file_page(form), 422
    with transaction() as session:
        run_id = importing.take_in(
            session,
            table,
            file_name=form.file.data.filename,
            now=now(),
            actor_id=current_person_id(),
        )
    return redirect(url_for(".import_columns", run_id=run_id), code=303)


@bp.route("/organizations/imports/<int:run_id>/columns", methods=["GET", "POST"])
@guards_itself
@staff_required
def import_columns(run_id: int) -> ResponseReturnValue:
    run = queries.get_run(db.session(), run_id)
    form = ColumnsForm()
    if not form.is_submitted():
        return _columns_page(form, run, _matched(run))
    chosen = _chosen()
    words = _objection(chosen)
    if words:
        form.validate()
        form.refuse(words)
    if words or not form.validate():
        return _columns_page(form, run, chosen), 422
    columns = {position: column for column, position in chosen.items()}
    with transaction() as session:
        importing.match_columns(session, run_id, columns)
    return redirect(url_for(".import_run", run_id=run_id), code=303)


@bp.get("/organizations/imports/<int:run_id>")
@staff_required
def import_run(run_id: int) -> ResponseReturnValue:
    session = db.session()
    run = queries.get_run(session, run_id)
    if run.state is RunState.MATCHING:
        return redirect(url_for(".import_columns", run_id=run_id), code=303)
    watched = run.state in AT_WORK and request.args.get("still") != "1"
    is_shown = run.state not in AT_WORK and "forgotten" not in run.counts
    answer = make_response(
        render_template(
            "organizations/staff/import_run.html",
            run=run,
            watched=watched,
            percent=100 * run.rows_done // run.rows_known if run.rows_known else 0,
            news=run.counts.get(Outcome.NEW, 0) + run.counts.get(Outcome.CHANGED, 0),
            groups=[
                (each, OUTCOME_WORDS[each], queries.list_lines(session, run_id, each))
                for each in (Outcome.PROBLEM, Outcome.NEW, Outcome.CHANGED)
                if is_shown
            ],
            change_words=change_words,
            problem_words=problem_words,
            form=FlaskForm(),
        )
    )
    if watched:
        answer.headers["Refresh"] = str(RELOADS_AFTER)
    return answer


@bp.get("/organizations/imports/<int:run_id>/report.csv")
@staff_required
def import_report(run_id: int) -> ResponseReturnValue:
    run = queries.get_run(db.session(), run_id)
    name = f"import-{run.id}-report.csv"
    return download(stream_with_context(csv_rows(_report(run_id))), "text/csv", name)


@bp.post("/organizations/imports/<int:run_id>/confirm")
@staff_required
def confirm_import(run_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            importing.confirm(session, run_id, now=now())
    except RefusedError as error:
        flash(f"{refusal_words(Refusal(error.reason))}.")
    return redirect(url_for(".import_run", run_id=run_id), code=303)


@bp.post("/organizations/imports/<int:run_id>/undo")
@staff_required
def undo_import(run_id: int) -> ResponseReturnValue:
    return _moved_on(importing.undo, run_id)


@bp.post("/organizations/imports/<int:run_id>/go-on")
@staff_required
def go_on_with_import(run_id: int) -> ResponseReturnValue:
    return _moved_on(importing.go_on, run_id)


@bp.post("/organizations/imports/<int:run_id>/drop")
@staff_required
def drop_import(run_id: int) -> ResponseReturnValue:
    with transaction() as session:
        importing.drop(session, run_id)
    flash(_("The file is forgotten. Nothing was changed."))
    return redirect(url_for(".new_import"), code=303)


def _moved_on(act: Callable[[Session, int], None], run_id: int) -> ResponseReturnValue:
    """Do something to a run, unless somebody has moved it on since it was shown."""
    try:
        with transaction() as session:
            act(session, run_id)
    except StaleError:
        flash(_("This import has moved on since. Here is how it stands."))
    return redirect(url_for(".import_run", run_id=run_id), code=303)


def _table_of(form: FileForm) -> Table | None:
    """Read the file that was sent; None where the form says why it is not taken."""
    if not form.file.data:
        form.refuse(_("Choose a CSV or XLSX file"))
        return None
    try:
        with closing(form.file.data) as sent:
            return read_table(sent.stream)
    except RefusedError as error:
        form.refuse(flaw_words(TableFlaw(error.reason)))
        return None


def _file_page(form: FileForm) -> str:
    return render_template(
        "organizations/staff/import.html",
        form=form,
        runs=queries.list_runs(db.session()),
        columns=column_choices().values(),
    )


def _matched(run: ImportRun) -> dict[Column, int]:
    return {Column(column): int(key) for key, column in run.columns.items()}


def _chosen() -> dict[Column, int]:
    """Read which column of the file holds what; none where nothing was chosen."""
    given = {column: request.form.get(column.value, "") for column in Column}
    return {
        column: int(position)
        for column, position in given.items()
        if position.isascii() and position.isdigit() and int(position) < MOST_COLUMNS
    }


def _objection(chosen: dict[Column, int]) -> str | None:
    if not {Column.NAME, Column.NUMBER, Column.EMAIL} & set(chosen):
        return str(_("Choose at least a column of organizations or of email addresses"))
    if len(set(chosen.values())) < len(chosen):
        return str(_("Each column of the file can be used once"))
    return None


def _columns_page(form: ColumnsForm, run: ImportRun, chosen: dict[Column, int]) -> str:
    examples = queries.first_lines(db.session(), run.id, limit=EXAMPLES)
    return render_template(
        "organizations/staff/import_columns.html",
        form=form,
        run=run,
        columns=column_choices(),
        chosen=chosen,
        examples=[
            [cells[position] for cells in examples if position < len(cells)]
            for position in range(len(run.headings))
        ],
    )


def _report(run_id: int) -> Iterator[list[str]]:
    yield [_("Line"), _("Result"), _("What"), _("Cells of the file")]
    for line in queries.each_line(db.session(), run_id):
        if line.outcome is None:
            continue
        words = (
            problem_words(line.facts)
            if line.outcome is Outcome.PROBLEM
            else changes_in_short(change_words(line.facts))
        )
        yield [
            str(line.number),
            str(OUTCOME_WORDS[line.outcome]),
            words,
            *line.cells,
        ]
