"""Ids: SQLite gives those of deleted rows again, unless a table is told not to."""

from csd_events import app as _every_model  # noqa: F401 - all tables are known then
from csd_events.core.db import Base

#: Their rows are never deleted.
KEPT = {
    "audit_entries",
    "citations",
    "conferences",
    "event_changes",
    "events",
    "invoices",
    "library_state",
    "membership_types",
    "outbox_messages",
    "payments",
    "programs",
    "publications",
    "registration_groups",
    "registrations",
    "visits",
}
#: What names one of theirs says which: a receipt's link is bound to its instant.
NAMED_BY_NOTHING_LASTING = {"library_entries", "receipts", "sign_in_failures"}


def test_no_id_that_something_may_still_name_is_given_twice() -> None:
    """Whoever adds a table decides which it is; see the page on architecture."""
    numbered = {
        table.name: bool(table.dialect_options["sqlite"]["autoincrement"])
        for table in Base.metadata.sorted_tables
        if table.autoincrement_column is not None
    }
    again = {name for name, never_twice in numbered.items() if not never_twice}
    assert again == KEPT | NAMED_BY_NOTHING_LASTING
