"""A file somebody brings: JSON, or a table of one part of the library."""

import io
import json
from typing import Any

from csd_events.core.tables import read_table
from csd_events.core.words import gettext as _
from csd_events.library.rules.document import InvalidDocumentError
from csd_events.library.rules.sheets import read_sheet


def read_file(content: bytes) -> dict[str, Any]:
    """Return what a file says, for `rules.document` to check.

    Raises:
        InvalidDocumentError: It is a table of no part of the library.
        RefusedError: It is no table, with a `TableFlaw`.
        ValueError: It is no JSON.
    """
    if _looks_like_json(content):
        return read_json(content)
    table = read_table(io.BytesIO(content))
    lines = [(line.number, line.cells) for line in table.lines]
    document, problems = read_sheet(table.headings, lines)
    if problems:
        raise InvalidDocumentError(problems)
    return document


def read_json(content: bytes) -> dict[str, Any]:
    """Return what a JSON file says; anything but an object says nothing.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        document = json.loads(content)
    except json.JSONDecodeError:
        raise  # it says where, in words that people can use
    except UnicodeDecodeError as error:
        raise ValueError(_("its letters are not written in UTF-8")) from error
    except (RecursionError, ValueError) as error:
        words = _("it is nested too deeply, or a number in it is too long")
        raise ValueError(words) from error
    return document if isinstance(document, dict) else {}


def _looks_like_json(content: bytes) -> bool:
    encoding = json.detect_encoding(content)
    return content[:100].decode(encoding, "ignore").lstrip()[:1] in {"{", "["}
