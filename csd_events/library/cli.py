"""``flask library``: case studies and a bibliography from a file."""

import json
from pathlib import Path

import click

from csd_events.core.commands import Commands
from csd_events.core.db import transaction
from csd_events.library import service
from csd_events.library.rules.document import InvalidDocumentError

library_cli = Commands("library", help="Case studies, their sources, the bibliography.")

#: Say how far the import is after this many cases and entries.
PROGRESS_EVERY = 100


@library_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
def import_file(file: Path, *, dry_run: bool) -> None:
    """Add or change the case studies, sources and bibliography of FILE (JSON).

    All of it or nothing; the same file again changes nothing. Entries of the
    bibliography that staff have edited stay as they are, and are counted.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise click.ClickException(f"{file}: not readable as JSON: {error}") from error
    try:
        with transaction() as session:
            report = service.import_cases(session, document, progress=_say_progress)
            if dry_run:
                session.rollback()
    except InvalidDocumentError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        number = len(error.problems)
        raise click.ClickException(
            f"{file}: nothing imported, problems found: {number}"
        ) from error
    for name, counts in (
        ("Sources", report.sources),
        ("Case studies", report.cases),
        ("Bibliography", report.citations),
    ):
        click.echo(
            f"{name}: {counts.added} added, {counts.changed} changed, "
            f"{counts.unchanged} unchanged{_kept_words(counts)}"
        )
    if dry_run:
        click.echo("Tried only: nothing was saved.")


@library_cli.command("reindex")
def reindex() -> None:
    """Write anew what the library's search looks at. Safe to repeat.

    Whatever changes the library keeps it; this is for rows that were changed by hand.
    """
    with transaction() as session:
        number = service.reindex(session, progress=_say_progress)
    click.echo(f"{number} entries can be found.")


def _kept_words(counts: service.Counts) -> str:
    return f", {counts.kept} left as staff wrote them" if counts.kept else ""


def _say_progress(done: int, total: int) -> None:
    if done == total or done % PROGRESS_EVERY == 0:
        click.echo(f"{done} of {total} entries read", err=True)
