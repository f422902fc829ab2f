"""Several things at one moment, each in a thread and a context of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from threading import Event as Signal

from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from csd_events.core.db import db


def together(app: Flask, *works: object) -> list[Exception]:
    """Do several things at once, each in a context of its own."""
    start = Barrier(len(works))
    errors: list[Exception] = []

    def do(work: object) -> None:
        try:
            with app.app_context():
                start.wait()
                work()  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - for the test to see
            errors.append(error)

    threads = [Thread(target=do, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def somebody_waits(session: Session) -> bool:
    """Tell whether anybody waits for a lock in this database of PostgreSQL."""
    session.execute(text("SELECT pg_stat_clear_snapshot()"))  # as it was seen before
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return bool(session.scalar(text(waiting)))


@contextmanager
def announced(app: Flask, wanted: Callable[[str], bool]) -> Iterator[Signal]:
    """Give a signal when the application is about to send a statement of a kind."""
    signal = Signal()

    def watch(connection: object, cursor: object, statement: str, *_: object) -> None:
        if wanted(statement):
            signal.set()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", watch)
    try:
        yield signal
    finally:
        event.remove(engine, "before_cursor_execute", watch)
