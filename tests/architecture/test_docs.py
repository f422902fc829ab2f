"""Documents: every setting and every command stands in them."""

import re
from collections.abc import Iterator

import click
from flask import Flask

from tests.architecture.files import ROOT, strings

DOCS = ROOT / "docs"
SETTING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
FROM_FLASK = {"db", "routes", "run", "shell"}


def test_every_setting_is_in_the_table_and_every_row_is_a_setting() -> None:
    operations = (DOCS / "operations.md").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", operations, flags=re.MULTILINE))
    read = {text for text in strings(ROOT / "config.py") if SETTING.fullmatch(text)}
    assert {"not in the table": read - table, "not a setting": table - read} == {
        "not in the table": set(),
        "not a setting": set(),
    }


def test_every_command_is_in_the_docs(app: Flask) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    commands = (
        name
        for top, command in app.cli.commands.items()
        if top not in FROM_FLASK
        for name in _names(command, f"flask {top}")
    )
    assert [name for name in commands if name not in text] == []


def test_every_word_of_the_makefile_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))
    assert words == explained


def test_every_page_of_the_docs_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    linked = set(re.findall(r"\]\(([\w/.-]+\.md)\)", index))
    assert {page for page in pages - linked if page != "index.md"} == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    links = {
        (page, link)
        for page in pages
        for link in re.findall(
            r"\]\((?!\w+:)([^)#]+)", page.read_text(encoding="utf-8")
        )
    }
    assert [(p.name, link) for p, link in links if not (p.parent / link).exists()] == []


def _names(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for word, below in command.commands.items():
            yield from _names(below, f"{name} {word}")
    else:
        yield name
