"""What is to be read with something else, as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from csd_events.core.words import gettext as _
from csd_events.library.models import (
    Citation,
    Publication,
)
from csd_events.library.queries import Related, WorkToName
from csd_events.library.rules.citing import (
    Work,
    citation,
)
from csd_events.library.rules.publishing import PublicationKind, Standing
from csd_events.library.words.publications import KIND_WORDS


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """Something to read with an event or a case study: a publication or an entry."""

    slug: str | None
    key: str | None
    title: str
    words: str


class NamesAWork(Protocol):
    """What names a publication or an entry to be read with something else."""

    @property
    def publication(self) -> Publication | None: ...
    @property
    def citation(self) -> Citation | None: ...


def reading_line(found: Related) -> ReadingLine:
    """Name something to read, and say what it is."""
    if found.slug is not None:
        words = str(KIND_WORDS[PublicationKind(found.kind or PublicationKind.OTHER)])
        return ReadingLine(found.slug, None, found.title, words)
    work = Work(
        authors=found.authors or "",
        year=found.year,
        title=found.title,
        publication=found.publication or "",
    )
    return ReadingLine(None, found.key, found.title, citation(work))


def reading_lines(names: Iterable[NamesAWork]) -> list[ReadingLine]:
    """Name what everybody may read of publications and entries, in their order."""
    lines = []
    for each in names:
        ours, other = each.publication, each.citation
        if ours is not None and ours.standing is Standing.PUBLISHED:
            words = str(KIND_WORDS[ours.kind])
            lines.append(ReadingLine(ours.slug, None, ours.title, words))
        if other is not None and other.retired_at is None:
            words = citation(other.work)
            lines.append(ReadingLine(None, other.key, other.title, words))
    return lines


def reading_lines_of(rows: Iterable[Publication]) -> list[ReadingLine]:
    """Name publications that everybody may read."""
    return [
        ReadingLine(row.slug, None, row.title, str(KIND_WORDS[row.kind]))
        for row in rows
    ]


def work_choices(works: Iterable[WorkToName]) -> dict[str, dict[str, str]]:
    """Return what an event can name, in two groups, with how each stands."""
    ours, others = str(_("Publications")), str(_("Bibliography"))
    groups: dict[str, dict[str, str]] = {ours: {}, others: {}}
    for work in works:
        words = work.words
        if work.is_retired:
            words = str(_("%(title)s (retired)", title=words))
        elif work.is_draft:
            words = str(_("%(title)s (draft)", title=words))
        kind = "publication" if work.is_publication else "citation"
        group = ours if work.is_publication else others
        groups[group][f"{kind}-{work.id}"] = words
    return groups
