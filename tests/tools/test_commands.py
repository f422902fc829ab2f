"""What `make` says when it cannot do what was asked."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "tools.serve"]


def _ask(
    command: list[str], *, cwd: Path = ROOT, **environment: str
) -> tuple[int, str]:
    said = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.returncode, said.stderr


def _pretend_python(folder: Path, *, version: str, venv: str) -> str:
    """Make a program that answers as a Python of some version would."""
    program = folder / "python"
    program.write_text(
        f"#!/bin/sh\ncase $2 in *version*) echo {version};; "
        f"*ensurepip*) {venv};; *) echo $0;; esac\n"
    )
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("version", "venv", "words"),
    [
        (
            "3.14",
            "true",
            "CSD Events needs Python 3.11, 3.12 or 3.13; here is only 3.14.\n",
        ),
        (
            "3.12",
            "false",
            "Python 3.12 is here without its venv module: install the package "
            "python3-venv (apt install python3-venv).\n",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    tmp_path: Path, version: str, venv: str, words: str
) -> None:
    python = _pretend_python(tmp_path, version=version, venv=venv)
    assert _ask(["sh", "tools/python.sh"], PYTHON=python) == (1, words)


def test_a_port_that_is_no_number_is_refused() -> None:
    words = "PORT must be a number from 1 to 65535, not 'http'.\n"
    assert _ask(SERVE, PORT="http") == (1, words)


def test_a_port_in_use_is_refused_with_a_way_on(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        code, words = _serve_in(tmp_path, PORT=port)
    assert (code, words) == (
        1,
        f"Port {port} cannot be used (Address already in use). "
        "Choose another: PORT=8001 make run\n",
    )


def test_a_second_start_says_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "var" / "server.lock"
    lock.parent.mkdir()
    with lock.open("w") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        holder.write("process 4242, at http://127.0.0.1:8000\n")
        holder.flush()
        code, words = _serve_in(tmp_path)
    assert (code, words) == (
        1,
        "CSD Events already runs from this folder: "
        "process 4242, at http://127.0.0.1:8000.\n",
    )


def _serve_in(folder: Path, **environment: str) -> tuple[int, str]:
    """Start to serve from a folder with a `var/` of its own."""
    elsewhere = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return _ask(SERVE, cwd=folder, PYTHONPATH=elsewhere, **environment)


@pytest.mark.parametrize("what", ["worker", "beat"])
@pytest.mark.parametrize(
    ("broker", "words"),
    [
        (
            "redis://127.0.0.1:1/0",
            "CELERY_BROKER_URL must be left out on SQLite: workers need PostgreSQL, "
            "see DATABASE_URL\n",
        ),
        ("", "Set CELERY_BROKER_URL, by which workers are rung for\n"),
    ],
)
def test_workers_and_beat_that_cannot_work_say_so_in_one_line(
    what: str, broker: str, words: str
) -> None:
    command = [sys.executable, "-m", "celery", "--app", "csd_events.worker", what]
    assert _ask(
        command,
        CSD_ENV="development",
        DATABASE_URL="sqlite:///of-a-test.db",
        CELERY_BROKER_URL=broker,
        CSD_SAMPLE_PASSWORD="not used",
        SECRET_KEY="testing only",
    ) == (1, words)
