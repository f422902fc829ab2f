"""Commands that end with one clear line when the database is not as it should be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from csd_events.core.db import db
from csd_events.core.schema import is_migrated


class Commands(AppGroup):
    """The commands of a feature."""

    def invoke(self, ctx: click.Context) -> Any:
        with database_in_one_line():
            return super().invoke(ctx)


@contextmanager
def database_in_one_line() -> Iterator[None]:
    """Let a command end with what to do about the database, and no traceback."""
    try:
        yield
    except SQLAlchemyError as error:
        raise click.ClickException(_words(error)) from error


def _words(error: SQLAlchemyError) -> str:
    try:
        db.session().rollback()
        if not is_migrated(db.session()):
            return "The database is not up to date: run flask start-up first."
    except SQLAlchemyError as worse:
        error = worse
    said = error.orig if isinstance(error, DBAPIError) else error
    return f"The database does not answer: {' '.join(str(said).split())}"
