"""Which views may be sent files, and how much of them."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import current_app, request

from csd_events.core.access import current_person

P = ParamSpec("P")
R = TypeVar("R")


def takes_files(most_bytes: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view of the staff be sent files; every other one refuses them.

    Whoever is not of the staff may send it no more than any page takes, and is refused
    before more is read.

    Args:
        most_bytes: Of a whole request; more is answered with 413.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]  # read back below
        return view

    return mark


def most_bytes() -> int | None:
    """Return how much the view asked for may be sent; None where it takes no files."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "most_bytes", None)


def make_room_for_files() -> None:
    most = most_bytes()
    person = current_person() if most is not None else None
    if person is not None and person.is_staff:
        request.max_content_length = request.max_form_memory_size = most
