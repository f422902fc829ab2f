"""What research says, as published with the program: `rules.summary` reads it."""

import json
from pathlib import Path
from typing import Any, Final

_FILE = Path(__file__).parent / "data" / "research_summary.json"
RESEARCH_SUMMARY: Final[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
