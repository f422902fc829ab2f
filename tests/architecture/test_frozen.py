"""Invoices and payments are written once: no statement changes or deletes one."""

import ast
import re

from tests.architecture.files import SOURCES, named, tree

FROZEN = re.compile(r"\b(Invoice|INVOICES|Payment|PAYMENTS)\b")
CHANGING = {"update", "delete", "merge"}


def test_no_statement_changes_or_deletes_an_invoice_or_a_payment() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and _name(node) in CHANGING
        and any(FROZEN.search(ast.unparse(each)) for each in node.args)
    ]
    assert found == []


def _name(call: ast.Call) -> str:
    func = call.func
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""
