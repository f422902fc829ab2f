"""``flask worksheets``: score answers, and check an instrument, from files."""

import json
from pathlib import Path
from typing import Any

import click

from csd_events.core.commands import Commands
from csd_events.worksheets.rules import InvalidInstrumentError, read_instrument
from csd_events.worksheets.rules.data import (
    InvalidAnswersError,
    as_data,
    read_answers,
)
from csd_events.worksheets.service import instrument

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)

worksheets_cli = Commands("worksheets", help="The decision tool.")


@worksheets_cli.command("score")
@click.argument("file", metavar="ANSWERS.json", type=EXISTING)
def score(file: Path) -> None:
    """Print what the answers in a file come to.

    The file holds {"answers": {"S1": 1, ...}}, or a list of them, which gives a list.
    The answer is JSON: both scores with their bands, and the five forms.
    """
    given = _json(file)
    several = isinstance(given, list)
    scored = []
    for number, value in enumerate(given if several else [given], start=1):
        try:
            scored.append(as_data(instrument(), read_answers(value)))
        except InvalidAnswersError as error:
            where = f"{file}, number {number}" if several else str(file)
            raise click.UsageError(f"{where}: {error}") from error
    answer = scored if several else scored[0]
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@worksheets_cli.command("check")
@click.argument("file", metavar="FILE", type=EXISTING)
def check(file: Path) -> None:
    """Say whether a file can be an instrument, or all that is wrong with it."""
    try:
        found = read_instrument(_json(file))
    except InvalidInstrumentError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise click.ClickException(
            f"{file} is no instrument: {len(error.problems)} mistakes"
        ) from error
    click.echo(
        f"{file} is in order: version {found.version}, "
        f"{len(found.factors)} factors, {len(found.forms)} forms."
    )


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise click.UsageError(f"{file}: not readable as JSON: {error}") from error
