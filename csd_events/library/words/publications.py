"""Publications and their files as people read them."""

from dataclasses import dataclass

from csd_events.core.time import day_words, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.library.models import (
    Publication,
    PublicationVersion,
)
from csd_events.library.queries import line_of
from csd_events.library.rules import CaseLine
from csd_events.library.rules.media import (
    CSV,
    DOCX,
    EPUB,
    PDF,
    PPTX,
    TEXT,
    XLSX,
)
from csd_events.library.rules.publishing import PublicationKind
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
        cases=tuple(
            line_of(each.case) for each in row.cases if each.case.retired_at is None
        ),
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


def _version_line(version: PublicationVersion, zone: str) -> VersionLine:
    return VersionLine(
        number=version.number,
        file_id=version.file_id,
        file_words=file_words(version),
        note=version.note,
        day_words=day_words(to_wall(version.uploaded_at, zone).date()),
    )
