"""What leaves the library as a file: references, texts to read, and all of it."""

from csd_events.library.exports.references import (
    NOT_ENDORSED,
    as_text,
    case_book,
    reference_of_case,
    reference_of_work,
    summary_as_text,
    written,
)
from csd_events.library.exports.whole import (
    CSV_PARTS,
    csv_of,
    each_part,
    json_pieces,
)

__all__ = [
    "CSV_PARTS",
    "NOT_ENDORSED",
    "as_text",
    "case_book",
    "csv_of",
    "each_part",
    "json_pieces",
    "reference_of_case",
    "reference_of_work",
    "summary_as_text",
    "written",
]
