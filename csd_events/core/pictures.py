"""Pictures of people: read with distrust, and written anew as a square of ours.

Nothing of what was sent is kept: no place or day a camera wrote down, no second file
behind the first. Only three kinds are ever decoded, and none before its size is known.
"""

import re
import struct
from enum import StrEnum
from io import BytesIO
from typing import IO, TYPE_CHECKING

from csd_events.core.errors import ProblemsError

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/webp"
SIDE = 512  # pixels
#: The shorter side of what is sent; smaller ones would be blurred.
LEAST_SIDE = 200
MOST_BYTES = 10 * 1024 * 1024
#: Of what is sent, before it is decoded: a telephone takes up to 50 million.
MOST_PIXELS = 60_000_000
#: Of what is left to decode, which takes 12 to 20 bytes each: a JPEG is decoded small,
#: a PNG or a WebP only whole.
MOST_DECODED = 16_000_000
#: Of all colors of a JPEG that comes in passes, which is kept whole, 2 bytes each.
MOST_KEPT = 120_000_000
#: Passes over the whole picture in which a JPEG comes. Programs write about ten; a few
#: bytes make one, and each is looked at for as long as the first.
MOST_PASSES = 64
#: Begins a part of a JPEG: but for a zero behind it, or a mark between its rows.
_MARK = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")
_JPEG, _PASS, _END = b"\xff\xd8", b"\xda", b"\xd9"
#: A little above the middle, where faces are.
CENTER = (0.5, 0.4)
_QUALITY = 82
#: What a file that is no picture, or a broken one, may come to.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    MemoryError,
    struct.error,
)


class PictureFault(StrEnum):
    """Why a picture is not taken."""

    NONE = "none"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    UNKNOWN = "unknown"


def portrait(file: IO[bytes]) -> IO[bytes]:
    """Make a square picture, and nothing else, of what somebody sent.

    Raises:
        ProblemsError: It is not taken; under ``file``.
    """
    from PIL.Image import DecompressionBombError  # noqa: PLC0415 - megabytes for a few

    size = file.seek(0, 2)
    if size == 0:
        raise ProblemsError({"file": PictureFault.NONE})
    if size > MOST_BYTES:
        raise ProblemsError({"file": PictureFault.TOO_LARGE})
    file.seek(0)
    if _comes_in_too_many_passes(file.read()):
        raise ProblemsError({"file": PictureFault.UNKNOWN})
    file.seek(0)
    try:
        return _written(_square(file))
    except DecompressionBombError as error:  # by its head, before our own look
        raise ProblemsError({"file": PictureFault.TOO_MANY_PIXELS}) from error
    except _BROKEN as error:
        raise ProblemsError({"file": PictureFault.UNKNOWN}) from error


def _comes_in_too_many_passes(sent: bytes) -> bool:
    """Tell whether a JPEG would take minutes to decode, however small it is."""
    passes, at = 0, len(_JPEG)
    if not sent.startswith(_JPEG):
        return False
    while (found := _MARK.search(sent, at)) and found[1] != _END:
        passes += found[1] == _PASS
        if passes > MOST_PASSES:
            return True
        at = found.end() + int.from_bytes(sent[found.end() : found.end() + 2])
    return False


def _square(file: IO[bytes]) -> "Image":
    from PIL import Image, ImageOps  # noqa: PLC0415 - as above

    with Image.open(file, formats=KINDS) as sent:
        if sent.width * sent.height > MOST_PIXELS:
            raise ProblemsError({"file": PictureFault.TOO_MANY_PIXELS})
        in_passes = "progressive" in sent.info
        colors = sent.width * sent.height * len(sent.getbands())
        if in_passes and colors > MOST_KEPT:
            raise ProblemsError({"file": PictureFault.TOO_MANY_PIXELS})
        if min(sent.size) < LEAST_SIDE:
            raise ProblemsError({"file": PictureFault.TOO_SMALL})
        sent.draft("RGB", (SIDE, SIDE))  # a large JPEG is decoded small
        if sent.width * sent.height > MOST_DECODED:
            raise ProblemsError({"file": PictureFault.TOO_MANY_PIXELS})
        ImageOps.exif_transpose(sent, in_place=True)  # one copy less in the memory
        fitted = ImageOps.fit(
            _eight_bits(sent).convert("RGBA"), (SIDE, SIDE), centering=CENTER
        )
    # On white, and in a picture that knows nothing of the one sent.
    whole = Image.new("RGB", (SIDE, SIDE), "white")
    whole.paste(fitted, mask=fitted.getchannel("A"))
    return whole


def _eight_bits(picture: "Image") -> "Image":
    """Bring the 65,536 grays of a scanner to 256: taken as they are, all are white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.point(lambda gray: gray * (1 / 256)).convert("L")


def _written(picture: "Image") -> IO[bytes]:
    written = BytesIO()
    picture.save(written, "WEBP", quality=_QUALITY, method=6)
    return written
