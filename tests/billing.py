"""Invoices to test with."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.billing.models import Invoice
from csd_events.billing.queries import is_open
from csd_events.billing.rules import Kind
from tests.factories import NOON


def make_invoice(**given: Any) -> Invoice:
    """An invoice that no database holds."""
    defaults: dict[str, Any] = {
        "kind": Kind.INVOICE,
        "serial": 1,
        "number": "INV-2030-0001",
        "issued_at": NOON,
        "issued_on": date(2030, 5, 1),
        "due_on": date(2030, 5, 31),
        "currency": "USD",
        "total_cents": 4900,
        "lines": [
            {"words": "Sharing dispatch", "details": "May 11, 2030", "cents": 4900}
        ],
        "issuer": "Sample Association\n100 Sample Street\nEIN 00-0000000",
        "payment_words": "By check.\nWith the number on it.",
        "full_name": "Ada Sample",
        "organization": "Town of Sample",
        "bill_to": "",
        "purchase_order": "",
    }
    return Invoice(**defaults | given)


def documents(session: Session) -> list[tuple[str, str, str | None]]:
    """List what was written, in the order of the numbers: which, and what it ends."""
    session.rollback()
    rows = session.scalars(select(Invoice).order_by(Invoice.serial)).all()
    numbers = {row.id: row.number for row in rows}
    return [
        (row.kind.value, row.number, numbers.get(row.credits_id or 0)) for row in rows
    ]


def words_of(pdf: bytes) -> str:
    """Return the words of a PDF file."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def structure_of(pdf: bytes) -> list[str]:
    """List the elements of a tagged PDF file, parents before children."""
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    tree = root.get("/StructTreeRoot")
    return list(_elements(tree.get_object())) if tree else []


def _elements(element: Any) -> Iterator[str]:
    if "/S" in element:
        yield element["/S"]
    inside = element.get("/K", [])
    for each in inside if isinstance(inside, list) else [inside]:
        found = each.get_object()
        if isinstance(found, DictionaryObject):
            yield from _elements(found)


def open_of(session: Session, event_id: int) -> set[int]:
    """Return the registrations of an event that are charged, each once, by now."""
    session.rollback()
    ids = session.scalars(
        select(Invoice.registration_id).where(Invoice.event_id == event_id, is_open())
    ).all()
    assert len(ids) == len(set(ids))
    return set(ids)


def are_without_gap(session: Session) -> bool:
    """Tell whether numbers are one, two, three to the last."""
    serials = session.scalars(select(Invoice.serial).order_by(Invoice.serial)).all()
    return list(serials) == list(range(1, len(serials) + 1))
