"""The two programs, served alike: gunicorn, two processes of two threads."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tools import postgres

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
BARE = BENCHMARKS / "bare"
GUNICORN = [sys.executable, "-m", "gunicorn"]
AS_THE_PROGRAM = ["--workers=2", "--threads=2", "--worker-class=gthread"]
#: Compiled once, as on the machines of users, whatever is set for work on the code.
AS_INSTALLED = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE"
}
QUIET = ["--log-level=warning", "--no-control-socket"]


@dataclass(frozen=True)
class Site:
    """One of the two programs, with all it needs to be served."""

    name: str
    port: int
    folder: Path
    command: list[str]
    environment: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Bench:
    """What a run of measurements works with.

    Attributes:
        run: Folder of pid files and of what the mail server counted.
        cpu_of: Names of pid files beside a program's own: its database server.
    """

    run: Path
    bare: Site
    program: Site
    mail_port: int
    cpu_of: tuple[str, ...]


@contextmanager
def bench(*, postgresql: bool) -> Iterator[Bench]:
    """Lay out both programs on empty databases of their own, and a mail server."""
    with ExitStack() as stack:
        run = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="csd-bench-"))
        )
        bare_url, program_url = f"sqlite:///{run}/bare.db", f"sqlite:///{run}/csd.db"
        cpu_of: tuple[str, ...] = ()
        if postgresql:
            bare_url, program_url = stack.enter_context(_two_databases(run))
            cpu_of = ("postgres",)
        mail_port = free_port()
        keeper = [sys.executable, BENCHMARKS / "sink.py", str(mail_port)]
        stack.enter_context(running([*keeper, run / "sink.count"], run, "sink"))
        bare_port, program_port = free_port(), free_port()
        yield Bench(
            run,
            Site(
                "bare",
                bare_port,
                BARE,
                [
                    *GUNICORN,
                    *AS_THE_PROGRAM,
                    *QUIET,
                    f"-b127.0.0.1:{bare_port}",
                    "app:app",
                ],
                AS_INSTALLED | {"DATABASE_URL": bare_url, "SQLITE_SYNC": "FULL"},
            ),
            Site(
                "program",
                program_port,
                ROOT,
                [*GUNICORN, "--config=python:tools.gunicorn_conf", "wsgi:app"],
                _settings(program_port, program_url, mail_port),
            ),
            mail_port,
            cpu_of,
        )


def _settings(port: int, database_url: str, mail_port: int) -> dict[str, str]:
    return AS_INSTALLED | {
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "measured, and thrown away",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "events@bench-mail.org",
        "CSD_ENV": "production",
    }


@contextmanager
def _two_databases(run: Path) -> Iterator[tuple[str, str]]:
    binaries = postgres.find()
    if binaries is None:
        raise RuntimeError("No PostgreSQL found: apt install postgresql")
    with postgres.running(binaries) as url:
        home = Path(url.partition("host=")[2])
        number = (home / "data" / "postmaster.pid").read_text().split()[0]
        (run / "postgres.pid").write_text(number)
        conninfo = f"host={home} user={postgres.OWNER} dbname={postgres.OWNER}"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bare")
        yield url.replace(f"/{postgres.OWNER}?", "/bare?"), url


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: list[str | Path],
    run: Path,
    name: str,
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server, its process in a pid file that the drivers read."""
    with (run / f"{name}.log").open("ab") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log
        )
    (run / f"{name}.pid").write_text(str(server.pid))
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            server.wait(20)
        server.kill()
        server.wait()


@contextmanager
def served(
    site: Site, run: Path, *, page: str, changed: Mapping[str, str] | None = None
) -> Iterator[float]:
    """Serve a site. Yield how many seconds it took until a page of it answered."""
    began = time.perf_counter()
    environment = {**site.environment, **(changed or {})}
    with running(
        site.command, run, site.name, folder=site.folder, environment=environment
    ) as server:
        wait_for(f"{site.address}{page}", server)
        yield time.perf_counter() - began


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(url, timeout=5).read()  # noqa: S310 - our own
            return
        if server.poll() is not None:
            break
        time.sleep(0.01)
    raise RuntimeError(f"{url} does not answer")


def prepare(the: Bench) -> None:
    """Fill both databases with what is measured."""
    bare = {**the.bare.environment, "CREATE": "1"}
    command = [sys.executable, "-c", "import app"]
    subprocess.run(command, cwd=BARE, env=bare, check=True)
    command = [sys.executable, "-m", "benchmarks.program.prepare", "program"]
    subprocess.run(command, cwd=ROOT, env=the.program.environment, check=True)


def driver(
    the: Bench, name: str, *arguments: object, flow: Mapping[str, str] | None = None
) -> list[str]:
    """Run one of the given drivers. Return the lines it wrote."""
    results = Path(tempfile.mkdtemp(dir=the.run))
    environment = {
        **os.environ,
        **(flow or {}),
        "RUN_DIR": str(the.run),
        "RESULTS_DIR": str(results),
    }
    command = [sys.executable, BENCHMARKS / f"{name}.py", *map(str, arguments)]
    said = subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    shutil.rmtree(results)
    return said.stdout.splitlines()
