"""What a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event as sqlalchemy_event

from csd_events.core.db import db

OF_THE_ENGINE = ("BEGIN", "ROLLBACK", "COMMIT", "PRAGMA")


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Count the statements that reach the database.

    But not who the association is, which a process remembers for some seconds: whether
    that is asked depends on how long the test has taken.
    """
    with app.app_context():
        engine = db.engine
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_others: object) -> None:
        remembered = "FROM association" in statement.replace("\n", "")
        if not (remembered or statement.startswith(OF_THE_ENGINE)):
            said.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)
