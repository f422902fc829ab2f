"""The report of an import as a file: every line, and what became of it."""

import csv
import io
from collections.abc import Iterable, Iterator

from csd_events.core.text import inert


def report_rows(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Write rows as CSV that no spreadsheet takes for formulas, some at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()  # by which Excel knows UTF-8
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def changes_in_short(changes: Iterable[tuple[str, str, str]]) -> str:
    """Write changes into one cell: ``Kind: town → city; Position: Clerk``."""
    return "; ".join(
        f"{what}: {before} → {after}" if before else f"{what}: {after}"
        for what, before, after in changes
    )
