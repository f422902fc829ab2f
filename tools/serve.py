"""`make run`: get the database ready, then serve the site on this machine.

One process reads the program once, runs `flask start-up`, and then becomes gunicorn,
whose workers are forked from it: a start is thereby twice as fast. No connection to
the database crosses the fork, and the mail loops start after it.

A lock on `var/server.lock` is held for the life of the server. The workers inherit
it, so that it ends with the last of them, however that ends.
"""

import fcntl
import importlib
import os
import socket
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from gunicorn.app import wsgiapp

from csd_events.core.db import db
from csd_events.core.settings import SettingError

HOST = "127.0.0.1"
LOCK = Path("var", "server.lock")
GUNICORN = ["gunicorn", "--config", "python:tools.gunicorn_conf", "wsgi:app"]


class CannotServeError(Exception):
    """Why the site cannot be served, in one line for the person who asked."""


def main() -> int:
    """Serve until stopped. Return an exit code only when that was impossible."""
    os.environ.setdefault("CSD_ENV", "development")
    os.environ.setdefault("PORT", "8000")
    try:
        port = _port(os.environ["PORT"])
        _hold(LOCK, f"process {os.getpid()}, at http://{HOST}:{port}")
        _refuse_taken(port)
        # Not imported above: the module makes the application as it is read.
        _start_up(importlib.import_module("wsgi").app)
    except (CannotServeError, SettingError) as error:
        print(error, file=sys.stderr)
        return 1
    except click.Abort:  # what click makes of Ctrl-C
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    sys.argv = GUNICORN
    wsgiapp.run()
    return 0


def _start_up(app: Flask) -> None:
    """Run `flask start-up` here, and close what it opened."""
    script = ScriptInfo(create_app=lambda: app)
    app.cli.main(["start-up"], "flask", obj=script, standalone_mode=False)
    with app.app_context():
        db.engine.dispose()


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**16:
        return int(text)
    raise CannotServeError(f"PORT must be a number from 1 to 65535, not {text!r}.")


def _hold(path: Path, holder: str) -> None:
    """Take the lock and write who holds it, or say who does."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CannotServeError(
            f"{path} cannot be written: {error.strerror}. Does another user own var/?"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotServeError(
            f"CSD Events already runs from this folder: {path.read_text().strip()}."
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{holder}\n".encode())


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotServeError(
                f"Port {port} cannot be used ({error.strerror}). "
                "Choose another: PORT=8001 make run"
            ) from error


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
