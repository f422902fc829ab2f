"""Loading the samples, and writing a volume of rows."""

from csd_events.seeds.service.bulk import (
    BulkOrder,
    last_number,
    list_people,
    write_events,
    write_people,
)
from csd_events.seeds.service.loading import is_new, load

__all__ = [
    "BulkOrder",
    "is_new",
    "last_number",
    "list_people",
    "load",
    "write_events",
    "write_people",
]
