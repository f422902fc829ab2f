"""Templates: each exists, has its other side, and belongs to one feature."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from csd_events.core.templates import FILTERS
from tests.architecture.files import PACKAGE, ROOT, SOURCES, TEMPLATES, named, strings

HOME = ROOT / "templates"
NAME = re.compile(r"[a-z_]+(/[a-z_]+)*\.(html|txt)")
#: What every feature may build on. `core` shows error pages, and owns the rest.
SHARED = ("base.html", "staff_base.html", "error.html", "macros/", "mail/base.")


def _owner(template: str) -> str:
    """Return the feature whose template this is: `mail/outbox/x.txt` is outbox's."""
    return template.removeprefix("mail/").split("/")[0]


def _named_in_code(path: Path) -> Iterator[str]:
    return (text for text in strings(path) if NAME.fullmatch(text))


def _named_in_templates(app: Flask, path: Path) -> Iterator[str]:
    found = meta.find_referenced_templates(
        app.jinja_env.parse(path.read_text(encoding="utf-8"))
    )
    return (name for name in found if name)


def _strangers(names: Iterator[str], owner: str) -> list[str]:
    return [n for n in names if not n.startswith(SHARED) and _owner(n) != owner]


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_template_that_a_template_names_exists(app: Flask, path: Path) -> None:
    names = _named_in_templates(app, path)
    assert [name for name in names if not (HOME / name).exists()] == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_every_template_that_the_code_names_exists(path: Path) -> None:
    names = _named_in_code(path)
    assert [name for name in names if not (HOME / name).exists()] == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_feature_renders_only_its_own_templates(path: Path) -> None:
    feature = path.relative_to(PACKAGE).parts[0]
    strangers = _strangers(_named_in_code(path), feature)
    assert (feature != "core" and strangers) in ([], False)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_builds_only_on_its_own_feature(app: Flask, path: Path) -> None:
    owner = _owner(path.relative_to(HOME).as_posix())
    assert _strangers(_named_in_templates(app, path), owner) == []


def test_every_mail_has_a_text_and_an_html_side() -> None:
    mails = {path for path in TEMPLATES if path.relative_to(HOME).parts[0] == "mail"}
    sides = {mail.with_suffix(side) for mail in mails for side in (".txt", ".html")}
    assert sorted(sides - mails) == []


def test_compiled_templates_are_kept_with_an_eye_on_every_filter(app: Flask) -> None:
    modules = {each.__module__ for each in app.jinja_env.filters.values()}
    ours = {name for name in modules if name.startswith("csd_events.")}
    folders = {ROOT.joinpath(*name.split(".")[:2]) for name in ours}
    assert folders == set(FILTERS)
