"""The library's pages: case studies, bibliography, research summary, publications."""

from csd_events.library.views import (
    bibliography,
    cases,
    files,
    index,
    notes,
    publications,
    research,
    saved,
    search,
    tiles,
)
from csd_events.library.views.blueprint import bp

__all__ = [
    "bibliography",
    "bp",
    "cases",
    "files",
    "index",
    "notes",
    "publications",
    "research",
    "saved",
    "search",
    "tiles",
]
