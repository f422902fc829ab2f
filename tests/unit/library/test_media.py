"""What a file is, by what it holds."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.library.rules.media import (
    CSV,
    DOCX,
    EPUB,
    LONGEST_NAME,
    PDF,
    PPTX,
    TEXT,
    XLSX,
    MediaType,
    file_name,
    media_type_of,
)


def packed(**parts: bytes) -> bytes:
    """An archive; two underscores in a name stand for a slash, one for a dot."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def office(part: str, **others: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {"[Content_Types].xml": b"", part: b"", **others}.items():
            archive.writestr(name, content)
    return file.getvalue()


MACROS = {"word/vbaProject.bin": b"x"}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", PDF),
        (packed(mimetype=b"application/epub+zip", OEBPS__a_opf=b""), EPUB),
        (packed(mimetype=b"application/epub+zip\n"), EPUB),
        (office("word/document.xml"), DOCX),
        (office("xl/workbook.xml"), XLSX),
        (office("ppt/presentation.xml"), PPTX),
        ("Words, and é.\n\f\tMore.\r\n".encode(), TEXT),
        ("\ufeffWith a mark in front.".encode(), TEXT),
        (b"a < b", TEXT),
        (b" " * 70_000 + b"late words", TEXT),
        ("é".encode() * 70_001, TEXT),  # a letter falls on the seam of two pieces
    ],
)
def test_what_is_taken_is_known_by_its_content(
    content: bytes, media_type: MediaType
) -> None:
    assert media_type_of(BytesIO(content), name="page.html") == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"<!doctype html><script>alert(1)</script>",
        b"\n  <svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<html>",
        b"<?xml version='1.0'?>",
        b"\x89PNG\r\n\x1a\n\x00",
        b"\xff\xd8\xff\xe0",
        b"MZ\x90\x00",
        b"words\x00more",
        b"words\x1b[0m",
        b"broken \xff",
        b"cut off \xc3",
        b"PK\x03\x04 and nothing",
        packed(a_txt=b"x"),
        packed(mimetype=b"text/html"),
        office("word/document.xml", **MACROS),
        office("other.xml"),
        packed(word__document_xml=b""),
    ],
)
def test_anything_else_is_not_taken_whatever_it_is_called(content: bytes) -> None:
    assert media_type_of(BytesIO(content), name="book.pdf") is None


def test_a_table_is_told_from_a_text_by_its_name() -> None:
    assert media_type_of(BytesIO(b"a,b\n1,2\n"), name="Costs.CSV") == CSV
    assert media_type_of(BytesIO(b"a,b\n1,2\n"), name="costs") == TEXT


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("report.html", "report.pdf"),
        ("report", "report.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\files\\Été 2030.docx", "Été 2030.pdf"),
        ('a"b;c\r\nX: y.pdf', "a b;c X y.pdf"),
        (".pdf", "file.pdf"),
        ("", "file.pdf"),
        ("李小龍.pdf", "李小龍.pdf"),
    ],
)
def test_a_name_is_one_safe_line_that_ends_as_the_content_says(
    given: str, name: str
) -> None:
    assert file_name(given, PDF) == name


@given(st.text(max_size=300))
def test_no_name_breaks_a_header_or_a_folder(given: str) -> None:
    name = file_name(given, TEXT)
    assert name.endswith(".txt")
    assert len(name) <= LONGEST_NAME + len(".txt")
    assert not set(name) & set('/\\:*?"<>|\r\n\0')


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(content: bytes) -> None:
    assert media_type_of(BytesIO(content)) in {None, PDF, TEXT}
