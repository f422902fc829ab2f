"""The library as people read it: entries of the bibliography, publications, files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from csd_events.core.time import day_words, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.library.models import (
    Citation,
    Publication,
    PublicationVersion,
)
from csd_events.library.queries import Related, WorkToName, line_of
from csd_events.library.rules import CaseLine
from csd_events.library.rules.citing import (
    UNDATED,
    CitationFilters,
    Verification,
    Work,
    citation,
)
from csd_events.library.rules.media import (
    CSV,
    DOCX,
    EPUB,
    PDF,
    PPTX,
    TEXT,
    XLSX,
)
from csd_events.library.rules.publishing import PublicationKind, Standing
from csd_events.topics.catalogue import READING_TOPICS
from csd_events.topics.rules import area_name, form_name, topic_name

KILO = 1024

KIND_WORDS = {
    PublicationKind.E_BOOK: lazy_gettext("E-book"),
    PublicationKind.RESEARCH_SUMMARY: lazy_gettext("Research summary"),
    PublicationKind.WORKSHEET: lazy_gettext("Worksheet"),
    PublicationKind.SLIDES: lazy_gettext("Slides"),
    PublicationKind.RECORDING_NOTES: lazy_gettext("Notes on a recording"),
    PublicationKind.OTHER: lazy_gettext("Other"),
}
VERIFICATION_WORDS = {
    Verification.PAGE: lazy_gettext("Verified on the page read"),
    Verification.TITLE: lazy_gettext("Title verified; some details from memory"),
}
#: What a file is, by what HTTP calls it.
TYPE_WORDS = {
    PDF.name: lazy_gettext("PDF"),
    EPUB.name: lazy_gettext("EPUB book"),
    DOCX.name: lazy_gettext("Word document"),
    XLSX.name: lazy_gettext("Excel workbook"),
    PPTX.name: lazy_gettext("PowerPoint slides"),
    TEXT.name: lazy_gettext("plain text"),
    CSV.name: lazy_gettext("table (CSV)"),
}
LANGUAGES = {
    "en": lazy_gettext("English"),
    "es": lazy_gettext("Spanish"),
    "fr": lazy_gettext("French"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry of the bibliography.

    Attributes:
        host: Where its address leads to.
        cases: Only on its own page.
    """

    key: str
    title: str
    by_words: str
    publication: str
    citation: str
    is_verified: bool
    verification_words: str
    topic_names: tuple[str, ...]
    note: str
    address: str | None
    host: str
    cases: tuple[CaseLine, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version of a publication, with its file."""

    number: int
    file_id: int
    file_words: str
    note: str
    day_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationLine:
    """A publication as a list shows it."""

    slug: str
    title: str
    kind_words: str
    summary: str
    area_names: tuple[str, ...]
    day_words: str
    file_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationView:
    """A publication as its page shows it."""

    id: int
    slug: str
    title: str
    kind_words: str
    summary: str
    language: str
    language_words: str
    area_ids: tuple[str, ...]
    form_words: str
    topic_names: tuple[str, ...]
    day_words: str
    current: VersionLine | None
    older: tuple[VersionLine, ...]
    cases: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """Something to read with an event or a case study: a publication or an entry."""

    slug: str | None
    key: str | None
    title: str
    words: str


def entry_line(row: Citation, *, with_cases: bool = False) -> EntryLine:
    """Show an entry; its cases only where they were loaded with it."""
    return EntryLine(
        key=row.key,
        title=row.title,
        by_words=_by_words(row),
        publication=row.publication,
        citation=citation(row.work),
        is_verified=row.verification is Verification.PAGE,
        verification_words=str(VERIFICATION_WORDS[row.verification]),
        topic_names=tuple(READING_TOPICS.get(each, each) for each in row.topic_ids),
        note=row.note,
        address=row.address,
        host=(urlsplit(row.address or "").hostname or "").removeprefix("www."),
        cases=tuple(line_of(each.case) for each in row.cases) if with_cases else (),
    )


def publication_line(row: Publication) -> PublicationLine:
    return PublicationLine(
        slug=row.slug,
        title=row.title,
        kind_words=str(KIND_WORDS[row.kind]),
        summary=row.summary,
        area_names=tuple(area_name(area) for area in row.area_ids),
        day_words=day_words(row.published_on) if row.published_on else "",
        file_words=file_words(row.current) if row.current else "",
    )


def publication_view(row: Publication, *, zone: str) -> PublicationView:
    """Show a publication that was loaded with its cases."""
    versions = [_version_line(each, zone) for each in row.versions]
    return PublicationView(
        id=row.id,
        slug=row.slug,
        title=row.title,
        kind_words=str(KIND_WORDS[row.kind]),
        summary=row.summary,
        language=row.language,
        language_words=str(LANGUAGES.get(row.language, row.language)),
        area_ids=tuple(row.area_ids),
        form_words=form_name(row.form) if row.form else "",
        topic_names=tuple(topic_name(each) for each in row.topics),
        day_words=day_words(row.published_on) if row.published_on else "",
        current=versions[0] if versions else None,
        older=tuple(versions[1:]),
        cases=tuple(line_of(each.case) for each in row.cases),
    )


def file_words(version: PublicationVersion) -> str:
    """Say what a file is and how large: ``PDF, 1.2 MB``."""
    return f"{type_words(version.file.media_type)}, {size_words(version.file.size)}"


def type_words(media_type: str) -> str:
    return str(TYPE_WORDS.get(media_type, media_type))


def size_words(size: int) -> str:
    """Write a size as people compare it: ``820 bytes``, ``12 kB``, ``1.2 MB``."""
    if size < KILO:
        return str(_("%(number)s bytes", number=size))
    if size < KILO * KILO:
        return str(_("%(number)s kB", number=round(size / KILO)))
    return str(_("%(number)s MB", number=f"{size / KILO / KILO:.1f}"))


def decade_words(decade: int) -> str:
    return str(_("No date")) if decade == UNDATED else f"{decade}s"


def narrowed_words(filters: CitationFilters) -> str:
    """Say in one line what the bibliography is narrowed to; empty if to nothing."""
    names = [
        READING_TOPICS.get(filters.topic or "", ""),
        decade_words(filters.decade) if filters.decade is not None else "",
        str(VERIFICATION_WORDS[filters.verification]) if filters.verification else "",
        filters.words,
    ]
    return ", ".join(name for name in names if name)


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


class NamesAWork(Protocol):
    """What names a publication or an entry to be read with something else."""

    @property
    def publication(self) -> Publication | None: ...
    @property
    def citation(self) -> Citation | None: ...


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


def _by_words(row: Citation) -> str:
    """Say whose a work is, and from when: ``Andrew, S. A. · 2009``."""
    year = str(row.year) if row.year else str(_("no date"))
    return " · ".join(filter(None, [row.authors, year]))


def _version_line(version: PublicationVersion, zone: str) -> VersionLine:
    return VersionLine(
        number=version.number,
        file_id=version.file_id,
        file_words=file_words(version),
        note=version.note,
        day_words=day_words(to_wall(version.uploaded_at, zone).date()),
    )
