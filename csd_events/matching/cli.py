"""``flask matching``: see why somebody is suggested a case study."""

import json
from pathlib import Path

import click

from csd_events.core.clock import now
from csd_events.core.commands import Commands
from csd_events.core.db import db
from csd_events.matching import service
from csd_events.matching.rules import match
from csd_events.matching.rules.data import InvalidInputError, as_data, read_input

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)

matching_cli = Commands("matching", help="Suggesting case studies.")


@matching_cli.command("explain")
@click.argument("file", metavar="PROFILE.json", type=EXISTING)
def explain(file: Path) -> None:
    """Print what is suggested for the profile and session in a file, and why.

    The file holds {"profile": {...}, "session": {...} or null}, or a list of them,
    which gives a list. The answer is JSON. The cases are those of the database, or
    the ones the program brings while the database has none.
    """
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise click.UsageError(f"{file}: not readable as JSON: {error}") from error
    several = isinstance(given, list)
    inputs = []
    for number, value in enumerate(given if several else [given], start=1):
        try:
            inputs.append(read_input(value))
        except InvalidInputError as error:
            where = f"{file}, number {number}" if several else str(file)
            raise click.UsageError(f"{where}: {error}") from error
    library = service.library_or_built_in(db.session(), now=now())
    answers = [
        as_data(match(profile, session, library, limit=None))
        for profile, session in inputs
    ]
    answer = answers if several else answers[0]
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
