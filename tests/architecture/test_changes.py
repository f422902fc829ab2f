"""Changes: each that staff make is written to the audit trail, and none is forgotten.

`changes.txt` beside this file holds a line for each page by which staff change
something: its address, then the actions that the trail shows of it, or `nothing` where
a form is sent that changes nothing. A new page is added there by hand; what each does
is looked at in `tests/web/home/test_changes.py` and beside its feature.
"""

import ast
from pathlib import Path

from flask import Flask

from csd_events.audit.words import ACTIONS
from tests.architecture.files import SOURCES, named, tree

RECORD = Path(__file__).with_name("changes.txt")
NOTHING = "nothing"


def _recorded() -> dict[str, list[str]]:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    return {path: actions for path, *actions in map(str.split, lines)}


def test_every_page_by_which_staff_change_something_names_what_the_trail_shows(
    app: Flask,
) -> None:
    changing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") and "POST" in (rule.methods or set())
    }
    recorded = _recorded()
    assert {"new": changing - set(recorded), "gone": set(recorded) - changing} == {
        "new": set(),
        "gone": set(),
    }
    assert [path for path, actions in recorded.items() if not actions] == []


def test_the_trail_has_words_for_every_change_of_theirs() -> None:
    named_there = {action for actions in _recorded().values() for action in actions}
    assert sorted(named_there - set(ACTIONS)) == [NOTHING]


def test_the_record_of_changes_is_in_order() -> None:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)


def test_whoever_writes_a_name_with_a_statement_writes_its_key() -> None:
    """A name without it would be listed and found under the old one."""
    forgetful = [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and "Person" in ast.unparse(node)
        if {"full_name"} == _given(node) & {"full_name", "name_key"}
    ]
    assert forgetful == []


def _given(call: ast.Call) -> set[str | None]:
    """Name what `.values(…)` of a statement is given."""
    of_values = isinstance(call.func, ast.Attribute) and call.func.attr == "values"
    return {each.arg for each in call.keywords} if of_values else set()
