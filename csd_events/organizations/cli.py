"""``flask organizations``: organizations, memberships and rosters from a file."""

from pathlib import Path

import click

from csd_events.core.clock import now
from csd_events.core.commands import Commands
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.tables import TableFlaw, read_table
from csd_events.core.tablewords import flaw_words
from csd_events.imports import queries as imports
from csd_events.imports import service
from csd_events.imports.rules import AT_WORK, Outcome, RunState
from csd_events.organizations.models import ImportLine, ImportRun
from csd_events.organizations.rules import Column, Refusal
from csd_events.organizations.service import importing
from csd_events.organizations.words import (
    COLUMN_WORDS,
    OUTCOME_WORDS,
    problem_words,
    refusal_words,
)

organizations_cli = Commands(
    "organizations", help="Organizations, their members and their people."
)

VERBS = {
    RunState.COMPARING: "compared",
    RunState.APPLYING: "written",
}


@organizations_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
def import_file(file: Path, *, dry_run: bool) -> None:
    """Add or change the organizations of FILE (CSV or XLSX).

    Its columns are known by their headings. Lines with a problem are left out and
    named; the same file again changes nothing.
    """
    run_id = _take_in(file)
    try:
        _compare(run_id)
    except KeyboardInterrupt:
        _drop(run_id)
        raise click.ClickException("Interrupted: nothing was changed.") from None
    run = _run(run_id)
    counts = run.counts
    _report(run)
    if dry_run:
        _drop(run_id)
        click.echo("Tried only: nothing was saved.")
    else:
        _apply(run_id)
    if problems := counts[Outcome.PROBLEM.value]:
        raise click.ClickException(f"{file}: lines left out: {problems}")


def _take_in(file: Path) -> int:
    try:
        with file.open("rb") as content:
            table = read_table(content)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    except RefusedError as error:
        raise click.ClickException(
            f"{file}: {flaw_words(TableFlaw(error.reason))}."
        ) from error
    with transaction() as session:
        run_id = importing.take_in(session, table, file_name=file.name, now=now())
        columns = imports.get_run(session, ImportRun, run_id).columns
    if Column.NAME not in columns.values() and Column.EMAIL not in columns.values():
        _drop(run_id)
        raise click.ClickException(
            f"{file}: no column is called Organization or Email, so nothing was taken."
        )
    for position, heading in enumerate(table.headings):
        column = columns.get(str(position))
        words = COLUMN_WORDS[Column(column)] if column else "not used"
        click.echo(f"Column “{heading}”: {words}", err=True)
    return run_id


def _compare(run_id: int) -> None:
    columns = _run(run_id).columns
    matched = {int(position): Column(column) for position, column in columns.items()}
    with transaction() as session:
        importing.match_columns(session, run_id, matched)
    _work(run_id)


def _apply(run_id: int) -> None:
    try:
        with transaction() as session:
            importing.confirm(session, run_id, now=now())
    except RefusedError as error:
        _drop(run_id)
        raise click.ClickException(
            f"{refusal_words(Refusal(error.reason))}."
        ) from error
    try:
        _work(run_id)
    except KeyboardInterrupt:
        raise click.ClickException(
            "Interrupted: what is written so far stays, and a running server goes on "
            "with the rest. Staff can undo it on its page."
        ) from None
    click.echo("Saved.")


def _work(run_id: int) -> None:
    """Do piece after piece, and say how far it is."""
    run = _run(run_id)
    while run.state in AT_WORK:
        verb = VERBS[run.state]
        with transaction() as session:
            run = importing.work_on(session, run_id, now=now())
            done, known = run.done, run.known
        click.echo(f"{done:,} of {known:,} {verb}", err=True)
        run = _run(run_id)
    if run.state is RunState.FAILED:
        raise click.ClickException(
            f"It stopped ({run.note}). What is written so far stays; the log says why."
        )


def _run(run_id: int) -> ImportRun:
    return imports.get_run(db.session(), ImportRun, run_id)


def _report(run: ImportRun) -> None:
    counts = run.counts
    wrong = ImportLine.outcome == Outcome.PROBLEM
    limit = counts[Outcome.PROBLEM.value]
    lines = imports.list_lines(db.session(), run, wrong, limit=limit)
    for line in lines:
        click.echo(f"Line {line.number}: {problem_words(line.facts)}", err=True)
    words = [f"{OUTCOME_WORDS[each]}: {counts[each.value]:,}" for each in OUTCOME_WORDS]
    click.echo(", ".join(words))


def _drop(run_id: int) -> None:
    with transaction() as session:
        service.drop(session, ImportRun, run_id)
