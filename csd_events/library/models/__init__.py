"""What the library keeps."""

from csd_events.library.models.cases import (
    CaseArea,
    CaseSource,
    CaseStudy,
    LibraryState,
    Source,
)
from csd_events.library.models.citations import Citation, CitationCase, CitationTopic
from csd_events.library.models.imports import LibraryImport
from csd_events.library.models.notes import CaseNote
from csd_events.library.models.publications import (
    File,
    Publication,
    PublicationArea,
    PublicationCase,
    PublicationVersion,
)
from csd_events.library.models.saved import SavedItem
from csd_events.library.models.search import ENTRIES, LibraryEntry, LibraryEntryArea
from csd_events.library.models.uses import LibraryUse

__all__ = [
    "ENTRIES",
    "CaseArea",
    "CaseNote",
    "CaseSource",
    "CaseStudy",
    "Citation",
    "CitationCase",
    "CitationTopic",
    "File",
    "LibraryEntry",
    "LibraryEntryArea",
    "LibraryImport",
    "LibraryState",
    "LibraryUse",
    "Publication",
    "PublicationArea",
    "PublicationCase",
    "PublicationVersion",
    "SavedItem",
    "Source",
]
