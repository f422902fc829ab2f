"""Copies of an SQLite database, written while the program runs."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine

from csd_events.core.db import db

KEPT = 5
PATIENCE = 30.0  # seconds to wait for whoever holds the database


def write_copy(engine: Engine, target: Path) -> None:
    """Write a whole and consistent copy of an SQLite database to a file.

    The file appears under its name when it is complete and on disk, readable by its
    owner alone, and takes the place of what was there. Readers and writers go on.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        source = str(engine.url.database)
        with closing(sqlite3.connect(source, timeout=PATIENCE)) as connection:
            connection.execute("VACUUM INTO ?", (name,))
        os.fsync(handle)  # SQLite leaves that to us
        Path(name).replace(target)
    finally:
        os.close(handle)
        Path(name).unlink(missing_ok=True)


def keep_copy(engine: Engine, revision: str) -> Path | None:
    """Keep a copy beside an SQLite database, of which the last five stay.

    Returns:
        Where it is; None on PostgreSQL, whose operator has ways of their own.
    """
    if engine.dialect.name != "sqlite":
        return None
    folder = Path(str(engine.url.database)).parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{revision}.db"
    write_copy(engine, copy)
    copies = sorted(folder.glob("*.db"), key=lambda path: path.stat().st_mtime_ns)
    for old in copies[:-KEPT]:
        old.unlink()
    return copy


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a copy of the database to FILE while the program runs."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException(
            "This copies SQLite only. For PostgreSQL: "
            f"pg_dump --format=custom --file={file} {db.engine.url.database}"
        )
    if file.exists():
        raise click.ClickException(f"{file} is there already; nothing was written.")
    try:
        write_copy(db.engine, file)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{file} could not be written: {reason}") from error
    click.echo(f"Wrote {file} ({file.stat().st_size:,} bytes).")
    folder: Path = current_app.config["FILES_FOLDER"]
    if folder.is_dir():
        click.echo(f"Uploaded files are not in it: copy {folder} too.")
