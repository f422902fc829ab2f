"""Bringing the database up to date, without Alembic until something is to be done.

Alembic takes a third of the time that everything else takes to import, and a server
needs none of it: `schema` knows from the files where the database should be.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from flask import Flask

from csd_events.core.db import db
from csd_events.core.search import is_modelled
from csd_events.core.types import render_type

FOLDER = Path(__file__).parents[2] / "migrations"
#: How Alembic compares models with a database and writes the difference down.
COMPARING: Mapping[str, Any] = MappingProxyType(
    {
        "render_item": render_type,
        "render_as_batch": True,
        "compare_type": True,
        "include_name": is_modelled,
    }
)


class Settings:
    """What the `flask db` commands ask of an application.

    Args:
        directory: Of the migrations.
    """

    db = db
    metadata = db.metadata
    configure_args = COMPARING

    def __init__(self, directory: Path) -> None:
        self.directory = str(directory)

    @cached_property
    def migrate(self) -> object:
        from flask_migrate import Migrate  # noqa: PLC0415 - see above

        return Migrate(db=db, directory=self.directory)


class LateCommand(click.Command):
    """`flask db`, which is read from its package when somebody calls it."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        group: click.Group = import_module("flask_migrate.cli").db
        return group.make_context(info_name, args, parent, **extra)


def init_migrations(app: Flask, directory: Path = FOLDER) -> None:
    """Tell an application where its migrations are."""
    app.extensions["migrate"] = Settings(directory)
    app.cli.add_command(LateCommand("db", help="Migrate the database."))


def upgrade() -> None:
    """Bring the database up to date. Ends the process with a line if it cannot."""
    from flask_migrate import upgrade as run  # noqa: PLC0415 - see above

    run()
