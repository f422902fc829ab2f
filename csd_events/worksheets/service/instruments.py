"""The decision tool's wordings that the program brings.

A worksheet keeps the wording it was begun with: a version that was in use stays here.
"""

import json
from functools import cache
from pathlib import Path

from csd_events.worksheets.rules import Instrument, read_instrument

FOLDER = Path(__file__).parent.parent / "data"
#: What new worksheets are begun with.
CURRENT = "2026-1"


@cache
def instrument(version: str = CURRENT) -> Instrument:
    """Return the tool in one version of its wording.

    Raises:
        FileNotFoundError: There is no such version.
    """
    path = FOLDER / f"{version}.json"
    return read_instrument(json.loads(path.read_text(encoding="utf-8")))
