"""``flask library``: case studies and a bibliography from a file, and to one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app

from csd_events.core.commands import Commands
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.tables import TableFlaw
from csd_events.core.tablewords import flaw_words
from csd_events.library import service
from csd_events.library.rules.document import InvalidDocumentError
from csd_events.library.service.exporting import json_pieces
from csd_events.library.service.reading import read_file, read_json

library_cli = Commands("library", help="Case studies, their sources, the bibliography.")

#: Say how far the import is after this many cases and entries.
PROGRESS_EVERY = 100
_BECAME = {"added": "new:", "changed": "changed:", "kept": "left as staff wrote it:"}
_ONE = {"sources": "source", "cases": "case study", "citations": "bibliography entry"}


@library_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
def import_file(file: Path, *, dry_run: bool) -> None:
    """Add or change the case studies, sources and bibliography of FILE.

    FILE is JSON, or a table (CSV, XLSX) of one of the three, as they are exported. All
    of it or nothing; the same file again changes nothing. What staff have written
    stays as it is, and is counted.
    """
    document, problems = _read(file)
    report = service.ImportReport()
    if not problems:
        report, problems = _taken(document, dry_run=dry_run)
    if dry_run or not problems:
        _say_report(report, in_detail=dry_run)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        number = len(problems)
        raise click.ClickException(
            f"{file}: nothing imported, problems found: {number}"
        )
    if dry_run:
        click.echo("Tried only: nothing was saved.")


@library_cli.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Write all of the library to FILE (JSON), which `import` reads.

    The files of publications stay in the folder of files: see `flask backup`.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("w", encoding="utf-8") as written:
            for piece in json_pieces(db.session()):
                written.write(piece)
        part.replace(file)  # whole or not at all
    except OSError as error:
        part.unlink(missing_ok=True)
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@library_cli.command("reindex")
def reindex() -> None:
    """Write anew what the library's search looks at. Safe to repeat.

    Whatever changes the library keeps it; this is for rows that were changed by hand.
    """
    with transaction() as session:
        others = current_app.extensions["csd_findable"]
        number = service.reindex(session, others=others, progress=_say_progress)
    click.echo(f"{number} entries can be found.")


def _read(file: Path) -> tuple[dict[str, Any], Sequence[str]]:
    """Read a file, and what keeps it from being a document.

    Raises:
        ClickException: It cannot be read at all.
    """
    is_table = file.suffix.lower() in {".csv", ".xlsx"}
    try:
        content = file.read_bytes()
        return (read_file if is_table else read_json)(content), ()
    except InvalidDocumentError as error:
        return {}, error.problems
    except RefusedError as error:
        raise click.ClickException(
            f"{file}: {flaw_words(TableFlaw(error.reason))}"
        ) from error
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{file}: not readable as JSON: {error}") from error


def _taken(
    document: dict[str, Any], *, dry_run: bool
) -> tuple[service.ImportReport, Sequence[str]]:
    """Take a document in, or say what that would do and what is not in order."""
    try:
        with transaction() as session:
            if dry_run:
                tried = service.try_import(session, document, progress=_say_progress)
                session.rollback()
                return tried
            return service.import_cases(session, document, progress=_say_progress), ()
    except InvalidDocumentError as error:
        return service.ImportReport(), error.problems


def _say_report(report: service.ImportReport, *, in_detail: bool) -> None:
    for name, counts in (
        ("Sources", report.sources),
        ("Case studies", report.cases),
        ("Bibliography", report.citations),
    ):
        click.echo(
            f"{name}: {counts.added} added, {counts.changed} changed, "
            f"{counts.unchanged} unchanged{_kept_words(counts)}"
        )
    for line in report.lines if in_detail else ():
        fields = f": {', '.join(line.fields)}" if line.fields else ""
        click.echo(f"  {_BECAME[line.became]} {_ONE[line.kind]} {line.key}{fields}")


def _kept_words(counts: service.Counts) -> str:
    return f", {counts.kept} left as staff wrote them" if counts.kept else ""


def _say_progress(done: int, total: int) -> None:
    if done == total or done % PROGRESS_EVERY == 0:
        click.echo(f"{done} of {total} entries read", err=True)
