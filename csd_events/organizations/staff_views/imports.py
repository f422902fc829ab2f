"""Imports: choose a file, say what its columns hold, look, import, undo."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.imports import queries, service
from csd_events.imports.forms import FileForm
from csd_events.imports.rules import Outcome, RunState
from csd_events.imports.staff_views import (
    MOST_SENT,
    chosen_places,
    examples_of,
    move_on,
    report,
    run_page,
    say_forgotten,
    seen_comparison,
    sent_table,
    twice_words,
    unused_headings,
)
from csd_events.organizations.exports import changes_in_short
from csd_events.organizations.forms import ColumnsForm, column_choices
from csd_events.organizations.models import ImportRun
from csd_events.organizations.rules import Column, Refusal
from csd_events.organizations.service import importing
from csd_events.organizations.staff_views.blueprint import bp
from csd_events.organizations.words import (
    OUTCOME_WORDS,
    change_words,
    problem_words,
    refusal_words,
)


@bp.route("/organizations/import", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_SENT)
@staff_required
def new_import() -> ResponseReturnValue:
    form = FileForm()
    if not form.is_submitted():
        return _file_page(form)
    table = sent_table(form) if form.validate() else None
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
    run = _run(run_id)
    form = ColumnsForm()
    if not form.is_submitted():
        matched = {column: int(key) for key, column in run.columns.items()}
        return _columns_page(form, run, matched)
    chosen = chosen_places(column.value for column in Column)
    words = _objection(chosen)
    if words:
        form.validate()
        form.refuse(words)
    if words or not form.validate():
        return _columns_page(form, run, chosen), 422
    columns = {position: Column(name) for name, position in chosen.items()}
    move_on(lambda session: importing.match_columns(session, run_id, columns))
    return _to_run(run_id)


@bp.get("/organizations/imports/<int:run_id>")
@staff_required
def import_run(run_id: int) -> ResponseReturnValue:
    run = _run(run_id)
    if run.state is RunState.MATCHING:
        return redirect(url_for(".import_columns", run_id=run_id), code=303)
    return run_page(
        "organizations/staff/import_run.html",
        run,
        OUTCOME_WORDS,
        change_words=change_words,
        problem_words=problem_words,
    )


@bp.get("/organizations/imports/<int:run_id>/report.csv")
@staff_required
def import_report(run_id: int) -> ResponseReturnValue:
    return report(_run(run_id), [_("Result"), _("What")], _line_words)


@bp.post("/organizations/imports/<int:run_id>/confirm")
@staff_required
def confirm_import(run_id: int) -> ResponseReturnValue:
    try:
        move_on(
            lambda session: importing.confirm(
                session,
                run_id,
                now=now(),
                actor_id=current_person_id(),
                compared=seen_comparison(),
            )
        )
    except RefusedError as error:
        flash(f"{refusal_words(Refusal(error.reason))}.")
    return _to_run(run_id)


@bp.post("/organizations/imports/<int:run_id>/undo")
@staff_required
def undo_import(run_id: int) -> ResponseReturnValue:
    actor_id = current_person_id()
    move_on(lambda session: importing.undo(session, run_id, actor_id=actor_id))
    return _to_run(run_id)


@bp.post("/organizations/imports/<int:run_id>/go-on")
@staff_required
def go_on_with_import(run_id: int) -> ResponseReturnValue:
    actor_id = current_person_id()
    move_on(
        lambda session: service.go_on(session, ImportRun, run_id, actor_id=actor_id)
    )
    return _to_run(run_id)


@bp.post("/organizations/imports/<int:run_id>/drop")
@staff_required
def drop_import(run_id: int) -> ResponseReturnValue:
    if not move_on(lambda session: service.drop(session, ImportRun, run_id)):
        return _to_run(run_id)
    say_forgotten()
    return redirect(url_for(".new_import"), code=303)


def _run(run_id: int) -> ImportRun:
    return queries.get_run(db.session(), ImportRun, run_id)


def _to_run(run_id: int) -> ResponseReturnValue:
    return redirect(url_for(".import_run", run_id=run_id), code=303)


def _file_page(form: FileForm) -> str:
    return render_template(
        "organizations/staff/import.html",
        form=form,
        runs=queries.list_runs(db.session(), ImportRun),
        columns=column_choices().values(),
    )


def _objection(chosen: dict[str, int]) -> str | None:
    if not {Column.NAME, Column.NUMBER, Column.EMAIL} & set(chosen):
        return str(_("Choose at least a column of organizations or of email addresses"))
    return twice_words(chosen)


def _columns_page(form: ColumnsForm, run: ImportRun, chosen: dict[str, int]) -> str:
    return render_template(
        "organizations/staff/import_columns.html",
        form=form,
        run=run,
        columns=column_choices(),
        chosen=chosen,
        examples=examples_of(run),
        unused=unused_headings(run, chosen.values()),
    )


def _line_words(line: Row[Any]) -> list[str]:
    if line.outcome is Outcome.PROBLEM:
        words = problem_words(line.facts)
    else:
        words = changes_in_short(change_words(line.facts))
    return [str(OUTCOME_WORDS[line.outcome]), words]
