"""What a file does to the library, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext

KINDS = {
    "sources": lazy_gettext("Sources"),
    "cases": lazy_gettext("Case studies"),
    "citations": lazy_gettext("Bibliography"),
}
_BECAME = {
    "added": lazy_gettext("New"),
    "changed": lazy_gettext("Changed"),
    "kept": lazy_gettext("Left as staff wrote it"),
}
SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """What becomes of one thing that a file names."""

    kind_words: str
    key: str
    title: str
    became_words: str
    fields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """What a file does, or would do.

    Attributes:
        counts: By part: what it is called, new, changed, unchanged, left as it is.
        news: How many things are new or changed.
        more: How many lines are not shown.
    """

    counts: Sequence[tuple[str, int, int, int, int]]
    lines: Sequence[ImportLine]
    problems: Sequence[str]
    news: int
    more: int


def report_view(report: Mapping[str, Any]) -> ImportView:
    """Show what was written down of a file."""
    lines = report["lines"]
    return ImportView(
        counts=[
            (
                str(words),
                *(report[kind][n] for n in ("added", "changed", "unchanged", "kept")),
            )
            for kind, words in KINDS.items()
        ],
        lines=[_line(each) for each in lines[:SHOWN]],
        problems=report["problems"],
        news=sum(each["became"] in {"added", "changed"} for each in lines),
        more=max(len(lines) - SHOWN, 0),
    )


def part_names() -> list[tuple[str, str]]:
    """Return the parts that go out as a table each, and what they are called."""
    return [
        ("case_studies", _("Case studies")),
        ("sources", _("Sources of case studies")),
        ("bibliography", _("Bibliography")),
        ("publications", _("Publications")),
    ]


def _line(line: Mapping[str, Any]) -> ImportLine:
    return ImportLine(
        kind_words=str(KINDS[line["kind"]]),
        key=line["key"],
        title=line["title"],
        became_words=str(_BECAME[line["became"]]),
        fields=", ".join(name.replace("_", " ") for name in line["fields"]),
    )
