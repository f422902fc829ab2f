"""What is done to the library: taking files in, writing entries, publishing."""

from csd_events.library.service.bibliography import (
    add_citation,
    bring_back_citation,
    retire_citation,
    save_citation,
)
from csd_events.library.service.casework import (
    add_case,
    bring_back_case,
    check_case,
    retire_case,
    save_case,
)
from csd_events.library.service.importing import (
    Counts,
    ImportReport,
    built_in_document,
    import_cases,
    try_import,
)
from csd_events.library.service.indexing import is_indexed, keep_found, reindex
from csd_events.library.service.notes import Told, answer, tell
from csd_events.library.service.publishing import (
    add_publication,
    bring_back,
    retire,
    save_publication,
)
from csd_events.library.service.saving import change_note, drop_saved, save_item
from csd_events.library.service.taking import (
    as_kept,
    compare_again,
    drop_import,
    forget_imports,
    keep_import,
    take_import,
)
from csd_events.library.service.using import forget_old_uses, note_use
from csd_events.library.service.versions import Desk, Upload, add_version, sweep_files

__all__ = [
    "Counts",
    "Desk",
    "ImportReport",
    "Told",
    "Upload",
    "add_case",
    "add_citation",
    "add_publication",
    "add_version",
    "answer",
    "as_kept",
    "bring_back",
    "bring_back_case",
    "bring_back_citation",
    "built_in_document",
    "change_note",
    "check_case",
    "compare_again",
    "drop_import",
    "drop_saved",
    "forget_imports",
    "forget_old_uses",
    "import_cases",
    "is_indexed",
    "keep_found",
    "keep_import",
    "note_use",
    "reindex",
    "retire",
    "retire_case",
    "retire_citation",
    "save_case",
    "save_citation",
    "save_item",
    "save_publication",
    "sweep_files",
    "take_import",
    "tell",
    "try_import",
]
