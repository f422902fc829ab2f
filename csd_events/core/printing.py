"""PDF files for readers of every kind (PDF/UA-1), from a template and words alone."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from csd_events.core.words import gettext as _

UNIVERSAL: Literal["ua-1"] = "ua-1"
LACKS_LETTERS = "could not be displayed"


def printed(template: Path, words: Mapping[str, object]) -> bytes:
    """Print words. The same words give the same file.

    Letters that its fonts lack are not allowed by the standard for readers of every
    kind: then it says that they are missing, and does not claim to keep that.

    Args:
        template: A file of Typst, beside what uses it.
        words: What it names as ``given``, with a `missing` of ours, which is empty
            where no letter is.
    """
    from typst import TypstError  # noqa: PLC0415 - tens of megabytes, for who prints

    try:
        return _compiled(template, {**words, "missing": ""}, UNIVERSAL)
    except TypstError as error:
        if LACKS_LETTERS not in str(error):
            raise
    missing = _(
        "Some letters of this document cannot be shown here. Our pages show them."
    )
    return _compiled(template, {**words, "missing": missing}, None)


def _compiled(
    template: Path, words: Mapping[str, object], standard: Literal["ua-1"] | None
) -> bytes:
    import typst  # noqa: PLC0415 - as above

    return typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"given": json.dumps(words)},
        pdf_standards=standard,
    )
