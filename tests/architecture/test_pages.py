"""Pages: who may see them, and that none vanishes unnoticed.

`pages.txt` beside this file holds one line for each method of each URL: `public`
where anybody may call it (a page behind a token is public: the token is the key),
`guarded` where a stranger must be turned away, and under `/staff` everybody who is not
staff; `administrator` where schedulers are, too. A new page is added there by hand.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from csd_events.accounts.models import Account
from csd_events.core.access import Role
from tests.factories import make_account, make_member

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
    assert set(_recorded().values()) == {"public", "guarded", "administrator"}
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


def test_each_page_lets_in_the_roles_it_is_for_and_no_other(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by calling every method as everybody, like the strangers above."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    people = {
        "account": make_account(session),
        "member": make_member(session),
        "scheduler": make_account(session, role=Role.SCHEDULER),
        "administrator": make_account(session, role=Role.ADMINISTRATOR),
    }
    recorded, answers = _recorded(), {}
    for rule in app.url_map.iter_rules():
        for method in _methods(rule):
            page = method, _path(rule)
            if recorded[page] != "public":
                session.rollback()
                session.expire_all()  # a call may have signed them out everywhere
                answers[page] = {
                    who
                    for who, account in people.items()
                    if _answer(app, rule, method, user=account) not in {401, 403}
                }
    assert answers == {
        page: _let_in(page[1], access, set(people))
        for page, access in recorded.items()
        if access != "public"
    }


def _let_in(path: str, access: str, everybody: set[str]) -> set[str]:
    if access == "administrator":
        return {"administrator"}
    return {"scheduler", "administrator"} if path.startswith("/staff") else everybody


def _answer(app: Flask, rule: Rule, method: str, *, user: Account | None = None) -> int:
    urls = app.url_map.bind(app.config["SERVER_NAME"])
    path = urls.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)
    return app.test_client(user=user).open(path, method=method).status_code
