"""A Dovecot for the length of a test: one mailbox, by IMAP over TLS, on this machine.

Run by an ordinary user, and by nobody where root asks.
"""

import contextlib
import imaplib
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.brokers import HOST, PATIENCE, free_port, servant, started

PROGRAM = "/usr/sbin/dovecot"
#: Since 2.4 its settings have other names.
VERSION = "2.3."
USER, PASSWORD = "events", "sesame"
FOLDER = "Reports"
SETTINGS = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = {host}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
ssl = required
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
auth_mechanisms = plain
auth_failure_delay = 0
mail_location = maildir:{home}/mail
passdb {{
  driver = static
  args = user={name} password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


def is_here() -> bool:
    if not Path(PROGRAM).exists():
        return False
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, check=False)
    return said.stdout.decode().startswith(VERSION)


@dataclass(frozen=True)
class Mailbox:
    """A mailbox of a running server, and its owner's mail program."""

    port: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"imaps://{USER}@{HOST}:{self.port}/{FOLDER}"

    def put(self, *mails: bytes, at: float | None = None) -> None:
        """Let mails arrive: now, or at a second since 1970."""
        with self._open() as program:
            for mail in mails:
                _ok(program.append(FOLDER, "", at, mail))

    def list_seen(self) -> list[bool]:
        """Say of each mail, the first first, whether it is marked as read."""
        with self._open() as program:
            _ok(program.select(FOLDER, readonly=True))
            (every,) = _ok(program.uid("SEARCH", "ALL"))
            (seen,) = _ok(program.uid("SEARCH", "SEEN"))
            return [uid in seen.split() for uid in every.split()]

    def begin_anew(self) -> None:
        """Empty it, and let its mails be numbered anew."""
        with self._open() as program:
            program.delete(FOLDER)  # which the first time is not there
            _ok(program.create(FOLDER))

    @contextlib.contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4_SSL]:
        trusting = ssl.create_default_context(cafile=self.certificate)
        with imaplib.IMAP4_SSL(
            HOST, self.port, ssl_context=trusting, timeout=20
        ) as program:
            _ok(program.login(USER, PASSWORD))
            yield program


@contextlib.contextmanager
def running(*, certificate: Path, key: Path) -> Iterator[Mailbox]:
    """Run a server with an empty mailbox.

    Raises:
        RuntimeError: It did not start.
    """
    home = tempfile.mkdtemp(prefix="csd-dovecot-")
    try:
        mailbox = Mailbox(free_port(), certificate)
        user = servant("nobody", home)
        _write_settings(Path(home), mailbox.port)
        shutil.copy(certificate, f"{home}/cert.pem")
        shutil.copy(key, f"{home}/key.pem")
        process = started([PROGRAM, "-F", "-c", f"{home}/conf"], home=home, **user)
        try:
            _wait_for(mailbox, process)
            yield mailbox
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # with those it has started
            process.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _write_settings(home: Path, port: int) -> None:
    settings = SETTINGS.format(
        home=home,
        host=HOST,
        port=port,
        name=USER,
        password=PASSWORD,
        user=home.owner(),
        group=home.group(),
    )
    (home / "conf").write_text(settings)


def _wait_for(mailbox: Mailbox, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(PATIENCE):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            mailbox.begin_anew()
            return
        time.sleep(0.1)
    raise RuntimeError("Dovecot did not start")


def _ok(answered: tuple[str, list[Any]]) -> list[Any]:
    kind, data = answered
    if kind != "OK":
        raise RuntimeError(f"{kind} {data}")
    return data
