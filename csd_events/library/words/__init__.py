"""The library as people read it: entries of the bibliography, publications, files."""

from csd_events.library.words.casework import (
    BASIS_WORDS,
    CONFIDENCE_WORDS,
    SHARED_WORDS,
    place_choices,
    size_choices,
)
from csd_events.library.words.entries import (
    SUFFIX_WORDS,
    VERIFICATION_WORDS,
    EntryLine,
    decade_words,
    entry_line,
    narrowed_words,
)
from csd_events.library.words.found import (
    FOUND_WORDS,
    FoundLine,
    SaveButton,
    found_line,
)
from csd_events.library.words.imports import (
    ImportView,
    part_names,
    report_view,
)
from csd_events.library.words.publications import (
    KIND_WORDS,
    LANGUAGES,
    PublicationLine,
    PublicationView,
    publication_line,
    publication_view,
    size_words,
    type_words,
)
from csd_events.library.words.reading import (
    ReadingLine,
    reading_line,
    reading_lines,
    reading_lines_of,
    work_choices,
)
from csd_events.library.words.saved import SavedLine, saved_line

__all__ = [
    "BASIS_WORDS",
    "CONFIDENCE_WORDS",
    "FOUND_WORDS",
    "KIND_WORDS",
    "LANGUAGES",
    "SHARED_WORDS",
    "SUFFIX_WORDS",
    "VERIFICATION_WORDS",
    "EntryLine",
    "FoundLine",
    "ImportView",
    "PublicationLine",
    "PublicationView",
    "ReadingLine",
    "SaveButton",
    "SavedLine",
    "decade_words",
    "entry_line",
    "found_line",
    "narrowed_words",
    "part_names",
    "place_choices",
    "publication_line",
    "publication_view",
    "reading_line",
    "reading_lines",
    "reading_lines_of",
    "report_view",
    "saved_line",
    "size_choices",
    "size_words",
    "type_words",
    "work_choices",
]
