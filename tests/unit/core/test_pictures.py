"""Pictures that people send: what is taken, what is left of it, and what is not."""

import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from csd_events.core import pictures
from csd_events.core.errors import ProblemsError
from csd_events.core.pictures import SIDE, PictureFault, portrait
from tests.staging import drawn

PLACE = b"Latitude of a home"


def made(sent: bytes) -> bytes:
    written = portrait(BytesIO(sent))
    written.seek(0)
    return written.read()


def fault_of(sent: bytes) -> PictureFault:
    with pytest.raises(ProblemsError) as refused:
        portrait(BytesIO(sent))
    return PictureFault(refused.value.problems["file"])


def png_that_says_it_is(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head claims another size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000_000)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(600, 400), (200, 200), (300, 3000)])
def test_each_kind_becomes_a_square_of_one_size(
    kind: str, size: tuple[int, int]
) -> None:
    with Image.open(BytesIO(made(drawn(kind, size)))) as found:
        assert (found.format, found.size, found.mode) == ("WEBP", (SIDE, SIDE), "RGB")


def test_nothing_that_a_camera_wrote_down_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    for kind in ("JPEG", "PNG", "WEBP"):
        sent = drawn(kind, exif=exif)
        assert PLACE in sent
        shown = made(sent)
        assert PLACE not in shown
        with Image.open(BytesIO(shown)) as found:
            assert dict(found.getexif()) == {}
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(found.info)


def test_a_picture_taken_sideways_is_shown_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter to the right to be seen
    with Image.open(BytesIO(made(drawn("JPEG", (400, 400), exif=exif)))) as found:
        top, bottom = found.getpixel((256, 20)), found.getpixel((256, 490))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > top[2]
    assert bottom[2] > bottom[0]


def test_the_grays_of_a_scanner_stay_grays() -> None:
    row, sent = b"\x00\x40" * 200 + b"\x00\xc0" * 200, BytesIO()
    Image.frombytes("I;16", (400, 400), row * 400).save(sent, "PNG")
    with Image.open(BytesIO(made(sent.getvalue()))) as found:
        left, right = (found.convert("L").getpixel((x, 256)) for x in (100, 400))
    assert left == pytest.approx(0x40, abs=3)
    assert right == pytest.approx(0xC0, abs=3)


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    script = b"<script>alert(1)</script>"
    for kind in ("JPEG", "PNG", "WEBP"):
        assert script not in made(drawn(kind) + script)


def test_a_picture_that_is_seen_through_stands_on_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(BytesIO(made(written.getvalue()))) as found:
        assert found.getpixel((256, 256)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PDF"])
def test_other_kinds_are_not_taken(kind: str) -> None:
    assert fault_of(drawn(kind)) is PictureFault.UNKNOWN


@pytest.mark.parametrize(
    "sent",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a;<script>alert(1)</script>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        drawn("JPEG")[:300],
        drawn("PNG")[:-200],
    ],
)
def test_what_is_no_whole_picture_is_not_taken(sent: bytes) -> None:
    assert fault_of(sent) is PictureFault.UNKNOWN


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_head(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def decoded(*_given: object) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr(Image.Image, "convert", decoded)
    for size in [(60_000, 60_000), (8_000, 8_000), (2**31 - 1, 2**31 - 1)]:
        assert fault_of(png_that_says_it_is(*size)) is PictureFault.TOO_MANY_PIXELS


#: Takes a picture and says by how many megabytes the process grew.
MEASURED = """
import resource, sys
from csd_events.core.pictures import portrait
def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = most()
portrait(sys.stdin.buffer)
print((most() - before) // 1024)
"""
MOST_MEGABYTES = 350


IN_PASSES = {"progressive": True, "subsampling": 0}


@pytest.mark.parametrize(
    ("kind", "mode", "size", "given"),
    [
        ("JPEG", "RGB", (8_660, 6_900), {}),
        ("JPEG", "RGB", (8_000, 5_000), IN_PASSES),
        ("JPEG", "CMYK", (6_000, 5_000), IN_PASSES),
        ("PNG", "RGB", (4_000, 4_000), {}),
        ("WEBP", "RGB", (4_000, 4_000), {}),
    ],
)
def test_the_largest_picture_that_is_taken_fills_no_memory(
    kind: str, mode: str, size: tuple[int, int], given: dict[str, Any], tmp_path: Path
) -> None:
    """Sixty million pixels, decoded whole, took from 700 to 1,160 MB."""
    sent = tmp_path / "sent"
    Image.new(mode, size, "teal").save(sent, kind, **given)
    with sent.open("rb") as file:
        grown = subprocess.check_output(
            [sys.executable, "-c", MEASURED], stdin=file, text=True
        )
    assert int(grown) < MOST_MEGABYTES


@pytest.mark.parametrize(
    ("kind", "size"),
    [("PNG", (4_001, 4_000)), ("WEBP", (4_001, 4_000)), ("JPEG", (300, 65_000))],
)
def test_what_would_be_decoded_whole_is_refused_before_it_is(
    kind: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long thin JPEG as well: there is nothing to decode it smaller by."""
    sent = BytesIO()
    Image.new("RGB", size, "teal").save(sent, kind)
    monkeypatch.setattr(
        ImageFile.ImageFile, "load", lambda _: pytest.fail("it was decoded")
    )
    assert fault_of(sent.getvalue()) is PictureFault.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("mode", "size"), [("RGB", (8_001, 5_000)), ("CMYK", (6_001, 5_000))]
)
def test_what_comes_in_passes_is_refused_where_it_would_be_kept_whole(
    mode: str, size: tuple[int, int]
) -> None:
    """They took 350 and 465 MB."""
    sent = BytesIO()
    Image.new(mode, size, "teal").save(sent, "JPEG", **IN_PASSES)
    assert fault_of(sent.getvalue()) is PictureFault.TOO_MANY_PIXELS


def test_a_small_file_that_is_looked_over_ten_thousand_times_is_not_taken() -> None:
    """Of its last pass, which is some bytes: at its full size each took 50 ms."""
    sent = drawn("JPEG", (400, 400), progressive=True)
    last = sent[sent.rindex(b"\xff\xda") : -2]
    assert made(sent[:-2] + 20 * last + sent[-2:])[:4] == b"RIFF"
    hidden = b"\xff\xfe\x00\x04\xff\xd9"  # a comment that says it ends here
    for between in (b"", hidden):
        much = sent[:-2] + 10_000 * (between + last) + sent[-2:]
        assert fault_of(much) is PictureFault.UNKNOWN


def test_a_film_behind_a_picture_keeps_nobody_from_sending_it() -> None:
    """As telephones put it there, and as it may look like passes of the picture."""
    assert made(drawn("JPEG") + 1_000 * b"\xff\xda\x00\x08")[:4] == b"RIFF"


def test_a_picture_is_neither_empty_nor_large_nor_tiny(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert fault_of(b"") is PictureFault.NONE
    assert fault_of(drawn(size=(199, 900))) is PictureFault.TOO_SMALL
    sent = drawn()
    monkeypatch.setattr(pictures, "MOST_BYTES", len(sent) - 1)
    assert fault_of(sent) is PictureFault.TOO_LARGE


@given(st.binary(max_size=400), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_file_is_refused_or_taken_and_never_breaks_anything(
    noise: bytes, kind: str, data: st.DataObject
) -> None:
    whole = drawn(kind, (220, 220))
    cut = data.draw(st.integers(0, len(whole)))
    for sent in (noise, whole[:cut] + noise + whole[cut + len(noise) :]):
        shown = b""
        with suppress(ProblemsError):
            shown = made(sent)
        assert shown[:4] in {b"", b"RIFF"}
