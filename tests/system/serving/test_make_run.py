"""What `make run` starts, as a process: it serves, mails, stops, and starts again."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, select

from csd_events.outbox.models import OutboxMessage
from tests.databases import fresh_postgres
from tests.guests import get, register
from tests.letters import entry_of, links_in, side
from tests.smtp import Postman, mail_server
from tools.brokers import free_port

ROOT = Path(__file__).parents[3]
SERVE = [sys.executable, "-m", "tools.serve"]
#: What serves; the rest of a checkout is for who changes it.
NEEDED = ("csd_events", "migrations", "static", "templates", "tools")
PATIENCE = 60  # seconds until a test gives up; nothing is measured
SETTINGS = ("CSD_", "MAIL_", "DATABASE_URL", "BASE_URL", "SECRET_KEY", "PORT")


@dataclass
class Served:
    """A server that runs, and what it said until it did."""

    process: "subprocess.Popen[str]"
    address: str
    said: str

    def stop(self) -> tuple[int, str, str]:
        """Press Ctrl-C. Return the exit code, and all it said of stopping."""
        os.killpg(self.process.pid, signal.SIGINT)
        out, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, errors


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder to serve from, with a `var/` of its own."""
    for name in NEEDED:
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("config.py", "wsgi.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def settings(worker_id: str) -> Iterator[dict[str, str]]:
    """What a server is told: nothing, or a PostgreSQL database where tests have one."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
    if url := os.environ.get("TEST_DATABASE_URL"):
        with fresh_postgres(url, name=f"csd_served_{worker_id}") as database:
            yield clean | {"DATABASE_URL": database}
    else:
        yield clean


def test_a_guest_registers_and_the_mail_comes_by_smtp(
    checkout: Path, settings: dict[str, str]
) -> None:
    postman = Postman()
    with mail_server(postman) as port:
        told = settings | {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)}
        with serving(checkout, told) as served:
            page = register(served.address, "sharing-dispatch")
            assert postman.arrived.wait(PATIENCE)
            mail = read(postman.contents[0])
            own = next(link for link in links_in(mail) if "/registrations/" in link)
            opened = get(own)
    assert "You are registered" in page
    assert "CSD-" not in page
    assert "CSD-" in opened
    assert postman.recipients == ["ada@example.org"]
    assert own.startswith(served.address)
    for kind in ("text/plain", "text/html"):
        words = side(mail, kind)
        assert ("Sharing 911 Dispatch" in words, own in words) == (True, True)
    calendar = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert str(entry_of(mail)["ATTENDEE"]).lower() == "mailto:ada@example.org"


def test_a_stop_is_clean_and_the_next_start_finds_everything(
    checkout: Path, settings: dict[str, str]
) -> None:
    with serving(checkout, settings) as first:
        page = register(first.address, "sharing-dispatch")
        first_code, out, errors = first.stop()
    with serving(checkout, settings) as second:
        receipt = re.search(r"/registrations/[\w-]+", page)
        assert receipt
        again = get(second.address + receipt[0])
        codes = first_code, second.stop()[0]
    assert codes == (0, 0)
    assert out == "CSD Events has stopped.\n"
    assert [line for line in errors.splitlines() if '"level": "info"' not in line] == []
    assert ("First start" in first.said, "First start" in second.said) == (True, False)
    assert "You are registered" in again


def test_a_stop_lets_the_message_in_hand_be_the_last(
    checkout: Path, settings: dict[str, str]
) -> None:
    """Ctrl-C reaches every process of the terminal, and gunicorn's own word follows."""
    postman = Postman(holds=True)
    with mail_server(postman) as port:
        told = settings | {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)}
        with serving(checkout, told) as served:
            register(served.address, "sharing-dispatch")
            assert postman.arrived.wait(PATIENCE)
            os.killpg(served.process.pid, signal.SIGINT)
            _wait_until_silent(served.address)
            postman.goes_on.set()
            said = served.process.communicate(timeout=PATIENCE)
    assert said[0] == "CSD Events has stopped.\n"
    assert "Traceback" not in said[1]
    assert states_of_mail(told, checkout) == ["sent"]


def test_a_second_server_from_the_same_folder_says_where_the_first_is(
    checkout: Path, settings: dict[str, str]
) -> None:
    with serving(checkout, settings) as served:
        second = subprocess.run(
            SERVE,
            cwd=checkout,
            env=settings | {"PORT": str(free_port())},
            capture_output=True,
            text=True,
            check=False,
        )
        where = f"process {served.process.pid}, at {served.address}"
    assert second.stderr == f"CSD Events already runs from this folder: {where}.\n"
    assert second.returncode == 1


def test_production_without_its_settings_stops_and_names_them(
    checkout: Path, settings: dict[str, str]
) -> None:
    told = settings | {"CSD_ENV": "production", "SECRET_KEY": "a secret of this test"}
    stopped = subprocess.run(
        SERVE, cwd=checkout, env=told, capture_output=True, text=True, check=False
    )
    assert stopped.stderr == "Set BASE_URL, MAIL_SERVER, MAIL_DEFAULT_SENDER\n"
    assert stopped.returncode == 1


@contextmanager
def serving(checkout: Path, settings: dict[str, str]) -> Iterator[Served]:
    """Start a server, wait until it says where it is, and see that it ends."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    with subprocess.Popen(
        SERVE,
        cwd=checkout,
        env=settings | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Served(process, address, _said_until(process, address))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)


def _said_until(process: "subprocess.Popen[str]", words: str) -> str:
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said + (process.stderr.read() if process.stderr else ""))


def _wait_until_silent(address: str) -> None:
    """Return when nobody answers any more: stopping has begun."""
    with suppress(OSError):
        while True:
            urlopen(f"{address}/healthz", timeout=1).close()  # noqa: S310 - ours


def states_of_mail(settings: dict[str, str], checkout: Path) -> list[str]:
    """Read from the database a server has left how its mails ended."""
    url = settings.get("DATABASE_URL", f"sqlite:///{checkout}/var/csd_events.db")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        states = connection.scalars(select(OutboxMessage.state)).all()
    engine.dispose()
    return [state.value for state in states]


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
