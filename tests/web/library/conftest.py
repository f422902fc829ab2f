"""What the tests of the library's pages share."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """Collect what is asked of the database while a page is made."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.extend(re.findall(r"^SELECT", str(given[2])))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield asked
    event.remove(session.get_bind(), "before_cursor_execute", note)
