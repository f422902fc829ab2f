"""Real servers for tests that need more than one process."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

GUNICORN = [
    *("-m", "gunicorn", "--workers=2", "--worker-class=gthread", "--threads=4"),
    *("--no-control-socket", "--log-level=warning", "tests.served:app"),
]


@contextmanager
def two_processes(database_url: str) -> Iterator[str]:
    """Serve the application from two processes. Yield the address.

    The port is bound here and handed on, so no request can come too early: it
    waits in the socket's queue until a worker takes it.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        descriptor = listener.fileno()
        environment = os.environ | {
            "SERVED_DATABASE_URL": database_url,
        }
        with subprocess.Popen(
            [sys.executable, *GUNICORN, f"--bind=fd://{descriptor}"],
            env=environment,
            pass_fds=[descriptor],
        ) as server:
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.terminate()
