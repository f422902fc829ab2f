"""`make run`: get the database ready, then serve the site on this machine.

A lock on `var/server.lock` is held for the life of the server: the file is opened
here and its descriptor handed on to gunicorn, so that the lock ends with the last
of its processes, however that ends.
"""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

HOST = "127.0.0.1"
LOCK = Path("var", "server.lock")
GUNICORN = ["-m", "gunicorn", "--config", "tools/gunicorn_conf.py", "wsgi:app"]
START_UP = ["-m", "flask", "--app", "wsgi", "start-up"]


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
    except CannotServeError as error:
        print(error, file=sys.stderr)
        return 1
    failed = subprocess.run([sys.executable, *START_UP], check=False).returncode
    return failed or _become_gunicorn()


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**16:
        return int(text)
    raise CannotServeError(f"PORT must be a number from 1 to 65535, not {text!r}.")


def _hold(path: Path, holder: str) -> None:
    """Take the lock and write who holds it, or say who does."""
    try:
        path.parent.mkdir(exist_ok=True)
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
    os.set_inheritable(descriptor, True)


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


def _become_gunicorn() -> NoReturn:
    """Replace this process: signals then reach the server itself."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *GUNICORN])  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
