"""Modules: their names, their length, and what only one of them may do."""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.architecture.files import (
    FEATURES,
    PACKAGE,
    ROOT,
    SOURCES,
    called_attributes,
    named,
    tree,
)

LONGEST = 300
OURS = [
    *SOURCES,
    *sorted((ROOT / "tools").rglob("*.py")),
    *sorted((ROOT / "benchmarks").rglob("*.py")),
    ROOT / "config.py",
]
#: Module names that belong to some features only (architecture, section 1).
OWNERS = {
    "bounces": {"outbox"},
    "catalogue": {"library", "topics", "worksheets"},
    "delivery": {"outbox"},
    "message": {"outbox"},
    "reports": {"outbox"},
    "transport": {"outbox"},
}


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_transaction_commits(path: Path) -> None:
    ours = {"commit"} if path == PACKAGE / "core" / "db.py" else set()
    assert called_attributes(path) & {"commit"} == ours


@pytest.mark.parametrize("path", OURS, ids=named)
def test_a_module_fits_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert min(lines, LONGEST) == lines


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_tasks_and_the_worker_know_celery(path: Path) -> None:
    """It is an extra: a server without it must start."""
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
        )
    }
    theirs = {"celery", "kombu"} if path.stem in {"tasks", "worker"} else set()
    assert imported & {"amqp", "billiard", "celery", "kombu", "redis"} <= theirs


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path), clean=True)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_holds_only_the_modules_it_may(feature: str) -> None:
    modules = {path.stem for path in (PACKAGE / feature).iterdir()}
    not_its_own = {n for n, owners in OWNERS.items() if feature not in owners}
    assert modules & not_its_own == set()


def test_the_layers_are_kept_inside_every_feature() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = [contract for contract in contracts if contract["id"] == "layers"]
    assert sorted(layers["containers"]) == [f"csd_events.{name}" for name in FEATURES]
