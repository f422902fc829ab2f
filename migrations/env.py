"""How migrations run: in one transaction, with a copy kept before anything changes.

SQLite changes a table by copying it and dropping the old one, which deletes whatever
refers to it while foreign keys are enforced. They are therefore off on this connection
before its transaction begins, and checked as a whole before it ends. The new table
would also begin to count at its highest number again; each goes on where it was. What
it writes into a column itself, nobody may: such columns are left out of the copying.
Triggers of the old table go with it, and are made again once the migration is done:
what it writes into the new one passes none. Those of other tables that name it are not
looked at while there is none.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from alembic import context
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations import MigrationScript
from alembic.operations.batch import ApplyBatchImpl
from alembic.util import CommandError, to_tuple
from flask import current_app
from sqlalchemy import Connection, Table, inspect

from csd_events.core.backup import keep_copy
from csd_events.core.clock import utc_now
from csd_events.core.text import slugify

LONGEST_NAME = 32  # characters, of Alembic's own table
COPIES_BEGIN = "_alembic_tmp_"  # as Alembic names the table that takes a table's place


def run() -> None:
    settings = current_app.extensions["migrate"]
    destination = _destination()
    with settings.db.engine.connect() as plain, _references_unchecked(plain):
        connection = plain.execution_options(writes=destination is not None)
        numbers = _Numbers(connection)
        context.configure(
            connection=connection,
            target_metadata=settings.metadata,
            transactional_ddl=True,  # SQLite can, once we say BEGIN ourselves
            process_revision_directives=_name_by_date_and_words,
            on_version_apply=[numbers.keep, _keep_triggers],
            **settings.configure_args,
        )
        with context.begin_transaction():
            _prepare(connection, destination)
            numbers.keep()
            context.run_migrations()
            _refuse_broken_references(connection)


def _destination() -> tuple[str, ...] | None:
    """Say where a command goes; None for one that only looks."""
    try:
        return tuple(to_tuple(context.get_revision_argument(), default=()))
    except KeyError:
        return None


def _prepare(connection: Connection, destination: tuple[str, ...] | None) -> None:
    """Keep a copy of a database that is about to change."""
    present = context.get_context().get_current_heads()
    known = {script.revision for script in context.script.walk_revisions()}
    if unknown := ", ".join(sorted(set(present) - known)):
        raise CommandError(
            f"The database is at {unknown}, which this version of the program does "
            "not know. Use the version that wrote it, or go back to a copy in backups/."
        )
    if destination is None or not present or set(present) == set(destination):
        return
    if copy := keep_copy(connection.engine, "-".join(sorted(present))):
        click.echo(f"Kept a copy of the database as it was: {copy}")


@contextmanager
def _references_unchecked(connection: Connection) -> Iterator[None]:
    """Leave SQLite's foreign keys alone for as long as this lasts."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # this begins nothing
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


class _Numbers:
    """How far the tables of SQLite have counted that give no number twice."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: dict[str, int] = {}

    def keep(self, **_step: object) -> None:
        """Let no table count from a lower number than it did before a migration."""
        for name, number in self._read().items():
            highest = max(number, self._kept.get(name, 0))
            if number < highest:
                self._connection.exec_driver_sql(
                    "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (highest, name)
                )
            self._kept[name] = highest

    def _read(self) -> dict[str, int]:
        if not inspect(self._connection).has_table("sqlite_sequence"):
            return {}
        rows = self._connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        return dict(rows.all())


class _Copying(SQLiteImpl):
    """How Alembic works on SQLite: by its dialect, this takes the place of its own."""

    __dialect__ = "sqlite"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._dropped: list[Any] = []  # triggers, whose tables may be made anew

    def drop_table(self, table: Table, **named: Any) -> None:
        self._dropped += [
            each for each in self._triggers() if each.tbl_name == table.name
        ]
        super().drop_table(table, **named)

    def rename_table(self, old: str, new: str, schema: str | None = None) -> None:
        if not old.startswith(COPIES_BEGIN):
            super().rename_table(old, new, schema)
            return
        self._exec("PRAGMA legacy_alter_table=ON")
        try:
            super().rename_table(old, new, schema)
        finally:
            self._exec("PRAGMA legacy_alter_table=OFF")

    def keep_triggers(self) -> None:
        """Make those again that went with a table which is there once more."""
        present = {each.name for each in self._triggers()}
        tables = inspect(self.bind).get_table_names()
        for each in self._dropped:
            if each.name not in present and each.tbl_name in tables:
                self.bind.exec_driver_sql(each.sql)
        self._dropped.clear()

    def _triggers(self) -> Sequence[Any]:
        made = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        return self.bind.exec_driver_sql(made).all()

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: Table) -> None:
        for column in table.columns:
            if column.computed is not None:
                batch_impl.column_transfers[column.name] = {}


def _keep_triggers(**_step: object) -> None:
    changed = context.get_context().impl
    if isinstance(changed, _Copying):
        changed.keep_triggers()


def _refuse_broken_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise CommandError(
            f"Nothing was changed: rows would refer to nothing ({tables})."
        )


def _name_by_date_and_words(
    _context: object, _revision: object, directives: list[MigrationScript]
) -> None:
    """Call a migration by its day and what it does, such as 2026_11_21_first_tables."""
    for script in directives:
        words = slugify(script.message or "change").replace("-", "_")
        script.rev_id = f"{utc_now():%Y_%m_%d}_{words}"[:LONGEST_NAME]


if context.is_offline_mode():
    raise CommandError("Migrations need a database: --sql is not offered here.")
run()
