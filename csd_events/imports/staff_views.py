"""What the pages of every import share: the file, its columns, and how it stands."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from flask import (
    Response,
    flash,
    make_response,
    render_template,
    request,
    stream_with_context,
)
from flask_wtf import FlaskForm
from sqlalchemy import Row
from sqlalchemy.orm import Session

from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import RefusedError, StaleError
from csd_events.core.pages import read_id
from csd_events.core.tables import (
    MOST_BYTES,
    MOST_COLUMNS,
    Table,
    TableFlaw,
    csv_rows,
    read_table,
)
from csd_events.core.tablewords import flaw_words
from csd_events.core.words import gettext as _
from csd_events.imports import queries
from csd_events.imports.forms import FileForm
from csd_events.imports.models import Run
from csd_events.imports.rules import AT_WORK, Outcome

#: Somewhat more than is taken, so that a larger file is answered with a sentence.
MOST_SENT = 2 * MOST_BYTES
RELOADS_AFTER = 2  # seconds
EXAMPLES = 3  # lines that show what a column holds
SHOWN = (Outcome.PROBLEM, Outcome.NEW, Outcome.CHANGED)


def sent_table(form: FileForm) -> Table | None:
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


def chosen_places(names: Iterable[str]) -> dict[str, int]:
    """Read which column of the file holds what; none where nothing was chosen."""
    places = {str(place): place for place in range(MOST_COLUMNS)}
    given = {name: request.form.get(name, "") for name in names}
    return {name: places[place] for name, place in given.items() if place in places}


def twice_words(chosen: Mapping[str, int]) -> str | None:
    """Object to a column of the file that was chosen for two things."""
    if len(set(chosen.values())) < len(chosen):
        return str(_("Each column of the file can be used once"))
    return None


def examples_of(run: Run) -> list[list[str]]:
    """Return what the first lines hold, by the places of the columns."""
    lines = queries.list_lines(db.session(), run, limit=EXAMPLES)
    return [
        [line.cells[place] for line in lines if place < len(line.cells)]
        for place in range(len(run.headings))
    ]


def unused_headings(run: Run, used: Collection[int]) -> list[str]:
    """List the headings of the columns of which nothing is taken in."""
    return [
        heading
        for place, heading in enumerate(run.headings)
        if place not in used and heading.strip()
    ]


def run_page(
    template: str, run: Run, outcomes: Mapping[Outcome, object], **more: object
) -> Response:
    """Show how a run stands. While it is worked on, the page reloads by itself."""
    at_work = run.state in AT_WORK
    watched = at_work and request.args.get("still") != "1"
    is_shown = not at_work and not run.is_forgotten
    answer = make_response(
        render_template(
            template,
            run=run,
            watched=watched,
            percent=100 * run.done // run.known if run.known else 0,
            unused=unused_headings(run, run.used),
            news=run.counts.get(Outcome.NEW, 0) + run.counts.get(Outcome.CHANGED, 0),
            groups=[
                (each, outcomes[each], _lines_with(run, each))
                for each in SHOWN
                if is_shown
            ],
            form=FlaskForm(),
            **more,
        )
    )
    if watched:
        answer.headers["Refresh"] = str(RELOADS_AFTER)
    return answer


def report(
    run: Run, headings: Sequence[str], words: Callable[[Row[Any]], Sequence[str]]
) -> Response:
    """Answer with every line of a file, and what became of it, as CSV.

    Args:
        run: Whose lines they are.
        headings: Of what `words` says of a line.
        words: Says what became of it.
    """
    rows = stream_with_context(csv_rows(_report_rows(run, headings, words)))
    return download(rows, "text/csv", f"import-{run.id}-report.csv")


def move_on(act: Callable[[Session], object]) -> bool:
    """Do something to a run, unless somebody has moved it on since it was shown."""
    try:
        with transaction() as session:
            act(session)
    except StaleError:
        flash(_("This import has moved on since. Here is how it stands."))
        return False
    return True


def seen_comparison() -> int:
    """Return which comparison stood on the page whose button was pressed."""
    return read_id(request.form.get("compared", "")) or 0


def say_forgotten() -> None:
    flash(_("The file is forgotten. Nothing was changed."))


def _lines_with(run: Run, outcome: Outcome) -> Sequence[Row[Any]]:
    return queries.list_lines(db.session(), run, run.LINE.outcome == outcome)


def _report_rows(
    run: Run, headings: Sequence[str], words: Callable[[Row[Any]], Sequence[str]]
) -> Iterator[list[str]]:
    yield [_("Line"), *headings, _("Cells of the file")]
    for line in queries.each_line(db.session(), run):
        if line.outcome is not None:
            yield [str(line.number), *words(line), *line.cells]
