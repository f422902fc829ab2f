"""Pages: who may see them, and that none vanishes unnoticed.

`pages.txt` beside this file holds one line for each method of each URL: `public`
where anybody may call it (a page behind a token is public: the token is the key),
`guarded` where a stranger must be turned away. A new page is added there by hand.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

pytestmark = pytest.mark.usefixtures("session")  # what the calls write is emptied

RECORD = Path(__file__).with_name("pages.txt")
STATIC = {"HEAD", "OPTIONS"}


def _recorded() -> dict[tuple[str, str], str]:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines)
    return {(method, path): access for method, path, access in rows}


def _methods(rule: Rule) -> Iterator[str]:
    yield from sorted((rule.methods or set()) - STATIC)


def _path(rule: Rule) -> str:
    """Return a URL without the digest of the static files."""
    return re.sub(r"^/static/[0-9a-f]+/", "/static/<digest>/", rule.rule)


def test_the_set_of_pages_is_the_recorded_one(app: Flask) -> None:
    pages = {
        (m, _path(rule)) for rule in app.url_map.iter_rules() for m in _methods(rule)
    }
    recorded = set(_recorded())
    assert {"new": pages - recorded, "gone": recorded - pages} == {
        "new": set(),
        "gone": set(),
    }


def test_the_record_of_pages_is_in_order() -> None:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines, key=lambda line: (line.split()[1], line))


def test_every_page_asks_who_is_there_unless_it_is_public(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by calling every method, not by reading decorators."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # it would answer first
    recorded = _recorded()
    answers = {
        (method, _path(rule)): _answer(app, rule, method)
        for rule in app.url_map.iter_rules()
        for method in _methods(rule)
        if recorded.get((method, _path(rule))) != "public"
    }
    assert {
        k: status for k, status in answers.items() if status not in {401, 403}
    } == {}


def test_no_public_page_breaks_on_a_name_it_does_not_know(app: Flask) -> None:
    answers = {
        (method, _path(rule)): _answer(app, rule, method)
        for rule in app.url_map.iter_rules()
        for method in _methods(rule)
        if rule.rule != "/readyz"  # 503 is what it says here, where no loop runs
    }
    broken = {key: status for key, status in answers.items() if status >= 500}
    broken.pop(("GET", "/readyz"), None)  # no loop turns in a test, and it says so
    assert broken == {}


def _answer(app: Flask, rule: Rule, method: str) -> int:
    urls = app.url_map.bind(app.config["SERVER_NAME"])
    path = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)
    return app.test_client().open(path, method=method).status_code
