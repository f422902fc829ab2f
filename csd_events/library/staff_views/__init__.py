"""The library as staff keep it: publications, the bibliography, notes."""

from csd_events.library.staff_views import (
    bibliography,
    casework,
    desk,
    due,
    exchange,
    notes,
    publications,
)
from csd_events.library.staff_views.blueprint import bp

__all__ = [
    "bibliography",
    "bp",
    "casework",
    "desk",
    "due",
    "exchange",
    "notes",
    "publications",
]
