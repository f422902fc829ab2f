"""Loading the samples, and writing a volume of rows."""

from csd_events.seeds.service.bulk import (
    BulkOrder,
    last_number,
    list_people,
    write_events,
    write_people,
)
from csd_events.seeds.service.loading import is_new, load
from csd_events.seeds.service.shelf import load_publications

__all__ = [
    "BulkOrder",
    "is_new",
    "last_number",
    "list_people",
    "load",
    "load_publications",
    "write_events",
    "write_people",
]
