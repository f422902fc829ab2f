"""The files that the house rules are about."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "csd_events"
SOURCES = sorted(PACKAGE.rglob("*.py"))
FEATURES = sorted(
    path.parent.name
    for path in PACKAGE.glob("*/__init__.py")
    if path.parts[-2] != "core"
)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def named(path: Path) -> str:
    """Return a path as it is written in the project, for names of tests."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called_attributes(path: Path) -> set[str]:
    """Return the names after the dot of everything that a module calls."""
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return {called.attr for called in calls if isinstance(called, ast.Attribute)}


def strings(path: Path) -> Iterator[str]:
    """Yield the literal strings of a module, docstrings among them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
