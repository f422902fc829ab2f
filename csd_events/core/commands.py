"""Commands that end with one clear line when the database is not as it should be."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from csd_events.core.db import db
from csd_events.core.schema import is_migrated


class Commands(AppGroup):
    """The commands of a feature, which need a database that is up to date."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SQLAlchemyError as error:
            if _is_behind():
                words = "The database is not up to date: run flask start-up first."
                raise click.ClickException(words) from error
            if isinstance(error, InterfaceError | OperationalError):
                raise click.ClickException(_does_not_answer(error)) from error
            raise


@contextmanager
def database_in_one_line() -> Iterator[None]:
    """Let what brings the database up to date end with one line, if it cannot."""
    try:
        yield
    except DBAPIError as error:
        raise click.ClickException(_does_not_answer(error)) from error


def _is_behind() -> bool:
    """Tell whether the database answers, and lacks what we need."""
    try:
        db.session().rollback()
        return not is_migrated(db.session())
    except SQLAlchemyError:
        return False


def _does_not_answer(error: DBAPIError) -> str:
    return f"The database does not do as asked: {' '.join(str(error.orig).split())}"
