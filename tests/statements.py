"""What a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event as sqlalchemy_event

from csd_events.core.db import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Count the statements that reach the database."""
    with app.app_context():
        engine = db.engine
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_others: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK", "COMMIT", "PRAGMA")):
            said.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)
