"""Why a table that people send is not taken, in words."""

from csd_events.core.tables import MOST_BYTES, MOST_COLUMNS, MOST_LINES, TableFlaw
from csd_events.core.words import gettext as _


def flaw_words(flaw: TableFlaw) -> str:
    """Say why a file is not taken, and what to do."""
    words = {
        TableFlaw.TOO_LARGE: _(
            "This file is larger than %(most)s MB. Split it and upload its parts",
            most=MOST_BYTES // 1024 // 1024,
        ),
        TableFlaw.TOO_MANY_LINES: _(
            "This file has more than %(most)s lines. Split it and upload its parts",
            most=f"{MOST_LINES:,}",
        ),
        TableFlaw.TOO_MANY_COLUMNS: _(
            "This file has more than %(most)s columns. Leave out those not used",
            most=MOST_COLUMNS,
        ),
        TableFlaw.EMPTY: _("This file is empty. Its first line names the columns"),
        TableFlaw.UNREADABLE: _(
            "This file cannot be read as a table. Save it as CSV or XLSX and upload "
            "it again"
        ),
        TableFlaw.MERGED: _(
            "Cells of several lines are merged in this file, so that only the first "
            "of them has the words. Split them, fill each line, and upload it again"
        ),
        TableFlaw.OPEN_QUOTE: _(
            "A cell of this file begins with a quotation mark that is never closed, "
            "so that the lines after it run together. Close it and upload it again"
        ),
        TableFlaw.NO_HEADINGS: _(
            "The first line of this file holds a mail address where a heading should "
            "be. Put a line above it that names the columns, and upload it again"
        ),
    }
    return words[flaw]
