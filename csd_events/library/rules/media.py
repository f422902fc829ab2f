"""What a file is, by what it holds and never by what it is called."""

import codecs
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from csd_events.core.text import has_control_characters, one_line


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file that is taken.

    Attributes:
        name: As HTTP names it.
        suffix: What its name ends with, whatever it was called.
    """

    name: str
    suffix: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = MediaType("application/pdf", "pdf")
EPUB = MediaType("application/epub+zip", "epub")
DOCX = MediaType(f"{_OFFICE}.wordprocessingml.document", "docx")
XLSX = MediaType(f"{_OFFICE}.spreadsheetml.sheet", "xlsx")
PPTX = MediaType(f"{_OFFICE}.presentationml.presentation", "pptx")
TEXT = MediaType("text/plain", "txt")
CSV = MediaType("text/csv", "csv")
MEDIA_TYPES = (PDF, EPUB, DOCX, XLSX, PPTX, TEXT, CSV)

#: Of one file, in bytes.
MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 120  # characters
#: By the part that only such a document has.
_DOCUMENTS = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
}
_EPUB = EPUB.name.encode()
_MOST_PARTS = 10_000
_CHUNK = 64 * 1024
#: What reading an archive that is none, or is locked, may come to.
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError)
_KEPT_OUT = re.compile(r'[/\\:*?"<>|\x00-\x1f]')


def media_type_of(file: IO[bytes], *, name: str = "") -> MediaType | None:
    """Tell what a file is; None for what is not taken.

    A text is told from a table by its name alone: nothing else in them differs.

    Args:
        file: Open for reading, and able to go back to its beginning.
        name: What its owner calls it.
    """
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    if not _is_text(file):
        return None
    return CSV if name.lower().endswith(".csv") else TEXT


def file_name(given: str, media_type: MediaType) -> str:
    """Make a name of one line that is safe on every machine.

    It ends as the content says.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    stem, dot, _suffix = last.rpartition(".")
    words = one_line(_KEPT_OUT.sub(" ", stem if dot else last)).strip(". ")
    shown = "".join(c for c in words if not has_control_characters(c))
    return f"{shown[:LONGEST_NAME].strip() or 'file'}.{media_type.suffix}"


def _packed(file: IO[bytes]) -> MediaType | None:
    """Look into an archive: a book, or an office document without macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist()[:_MOST_PARTS])
            if "mimetype" in names and _begins_as_epub(archive):
                return EPUB
    except _BROKEN:
        return None
    if "[Content_Types].xml" not in names or _has_macros(names):
        return None
    return next((kind for part, kind in _DOCUMENTS.items() if part in names), None)


def _begins_as_epub(archive: zipfile.ZipFile) -> bool:
    with archive.open("mimetype") as part:
        return part.read(len(_EPUB) + 1).strip() == _EPUB


def _has_macros(names: set[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in names)


def _is_text(file: IO[bytes]) -> bool:
    """Tell whether all of it is UTF-8 that a person can read, and no markup."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    begun = False
    try:
        while chunk := file.read(_CHUNK):
            words = decoder.decode(chunk)
            if has_control_characters(words, allow="\t\n\r\f"):
                return False
            if not begun and words.strip():
                begun = True
                if words.lstrip().startswith("<"):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return begun
