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
    tell_of_case,
    tell_of_citation,
    tell_of_publication,
    tell_of_source,
)

__all__ = [
    "NOT_ENDORSED",
    "as_text",
    "case_book",
    "reference_of_case",
    "reference_of_work",
    "summary_as_text",
    "tell_of_case",
    "tell_of_citation",
    "tell_of_publication",
    "tell_of_source",
    "written",
]
