"""The report of an import as a file: what became of a line, in one cell."""

from collections.abc import Iterable


def changes_in_short(changes: Iterable[tuple[str, str, str]]) -> str:
    """Write changes into one cell: ``Kind: town → city; Position: Clerk``."""
    return "; ".join(
        f"{what}: {before} → {after}" if before else f"{what}: {after}"
        for what, before, after in changes
    )
