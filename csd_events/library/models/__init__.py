"""What the library keeps."""

from csd_events.library.models.cases import (
    CaseArea,
    CaseSource,
    CaseStudy,
    LibraryState,
    Source,
)
from csd_events.library.models.citations import Citation, CitationCase, CitationTopic
from csd_events.library.models.publications import (
    File,
    Publication,
    PublicationArea,
    PublicationCase,
    PublicationVersion,
)

__all__ = [
    "CaseArea",
    "CaseSource",
    "CaseStudy",
    "Citation",
    "CitationCase",
    "CitationTopic",
    "File",
    "LibraryState",
    "Publication",
    "PublicationArea",
    "PublicationCase",
    "PublicationVersion",
    "Source",
]
