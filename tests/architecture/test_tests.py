"""Tests and pins: nothing is skipped, no folder is forgotten, no pin differs."""

import ast
import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.files import ROOT, named, tree
from tools.suite import WITH_DATABASE, WITHOUT_DATABASE

TESTS = sorted((ROOT / "tests").rglob("*.py"))
WITH_A_DATABASE = {"Flask", "FlaskClient", "Session", "Engine"}
SWITCHES = {"importorskip", "skip", "skipif", "skipIf", "skipUnless", "xfail"}


@pytest.mark.parametrize("path", TESTS, ids=named)
def test_no_test_is_switched_off(path: Path) -> None:
    nodes = ast.walk(tree(path))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert used & SWITCHES == set()


def test_unit_tests_ask_no_database() -> None:
    """The suite runs them once, on SQLite."""
    of_units = [path for path in TESTS if path.is_relative_to(ROOT / "tests" / "unit")]
    asked = {
        ast.unparse(argument.annotation)
        for path in of_units
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for argument in node.args.args
        if argument.annotation
    }
    assert asked & WITH_A_DATABASE == set()


def test_every_folder_of_tests_is_run() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # By the suite, where they can be.
    by_name = {"tests/browser", "tests/calendars", "tests/scaled"}
    by_hand = {"tests/soak"}  # `make soak`
    listed = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    run = {*listed, *by_name, *by_hand}
    homes = {
        "/".join(path.relative_to(ROOT).parts[:2])
        for path in TESTS
        if path.name.startswith("test_")
    }
    assert sorted(homes - run) == []
    assert sorted(listed) == sorted([*WITHOUT_DATABASE, *WITH_DATABASE])


def test_what_serves_is_what_is_tested() -> None:
    names = ("base", "scale", "dev")
    base, scale, dev = (_pins(ROOT / "requirements" / f"{name}.txt") for name in names)
    assert base - scale == set()
    assert scale - dev == set()


def test_what_only_workers_need_is_not_installed_with_the_rest() -> None:
    names = {
        pin.partition("==")[0] for pin in _pins(ROOT / "requirements" / "base.txt")
    }
    assert names & {"celery", "kombu", "redis", "amqp", "billiard"} == set()


def test_every_pin_has_hashes_and_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert len(_pins(path)) == len(re.findall(r"^\S+==.*\\$", text, re.MULTILINE))
        assert re.findall(r"https?://|--index|--find-links", text) == []


@pytest.mark.parametrize("name", ["base", "scale", "dev"])
def test_the_pins_are_all_there_is_to_install(name: str) -> None:
    """Nothing is resolved when installing, so a missing pin would be missed late."""
    pins = _pins(ROOT / "requirements" / f"{name}.txt")
    pinned = {canonicalize_name(pin.partition("==")[0]) for pin in pins}
    needed = {
        canonicalize_name(requirement.name)
        for package in pinned
        for requirement in _requirements(package)
    }
    assert sorted(needed - pinned) == []


def _requirements(package: str) -> list[Requirement]:
    """List what a package needs here; nothing where its pin is for other systems."""
    try:
        found = [Requirement(line) for line in requires(package) or []]
    except PackageNotFoundError:
        return []
    return [
        each
        for each in found
        if each.marker is None or each.marker.evaluate({"extra": ""})
    ]


def _pins(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if re.match(r"\S+==", line)}
