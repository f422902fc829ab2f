"""The top of the project holds what the plan names, and nothing left behind."""

from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "README.md",
    "assets",
    "benchmarks",
    "config.py",
    "csd_events",
    "docs",
    "migrations",
    "pyproject.toml",
    "requirements",
    "static",
    "templates",
    "tests",
    "tools",
    "wsgi.py",
}


def test_nothing_was_left_at_the_top_of_the_project() -> None:
    hidden = ".*"  # such as what an editor keeps
    ignored = [each.rstrip("/") for each in (ROOT / ".gitignore").read_text().split()]
    found = {path.name for path in ROOT.iterdir()}
    left = {n for n in found if not any(fnmatch(n, p) for p in (hidden, *ignored))}
    assert left == OURS
