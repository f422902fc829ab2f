"""Workers and beat, as processes on a broker and a database of their own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from uuid import uuid4

from sqlalchemy.orm import Session

from csd_events.core.db import db
from csd_events.outbox.rules import State
from tests.killing import PATIENCE, group_of, settings_of, states
from tests.smtp import Script, mail_server
from tests.system.world import build, leave
from tools.brokers import Broker

CELERY = ["-m", "celery", "--app", "csd_events.worker"]
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
WORKER = [*CELERY, "worker", *ALONE]
BEAT = [*CELERY, "beat"]
SERVER = ["-m", "gunicorn", "--config", "python:tools.gunicorn_conf", "wsgi:app"]
LOOK_EVERY = 0.2  # seconds between looks


@dataclass
class Site:
    """A site that is scaled out, as far as a test has started it.

    Attributes:
        said: The folder in which each process leaves what it says.
    """

    session: Session
    broker: Broker
    server: Script
    settings: Mapping[str, str]
    said: Path
    groups: list[Path] = field(default_factory=list)

    def workers(self, number: int) -> AbstractContextManager[list[int]]:
        commands = [[*WORKER, "--hostname", f"{uuid4()}@%h"] for _ in range(number)]
        return self._run(*commands)

    def beat(self) -> AbstractContextManager[list[int]]:
        return self._run(BEAT)

    @contextmanager
    def web(self, port: int) -> Iterator[str]:
        """Serve pages from two processes. Yield the address."""
        with self._run(SERVER, PORT=str(port)):
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: f"is at {address}" in self.what_they_said())
            yield address

    def what_they_said(self) -> str:
        return "".join(path.read_text() for path in self.groups)

    def sent_once(self, everyone: list[str]) -> None:
        """Wait until everybody's mail is marked as sent; see that each came once."""
        wait_until(
            lambda: states(self.session) == {State.SENT: len(everyone)},
            or_say=self.what_they_said,
        )
        assert Counter(self.server.recipients) == Counter(everyone)

    @contextmanager
    def _run(self, *commands: list[str], **others: str) -> Iterator[list[int]]:
        said = self.said / f"{len(self.groups)}"
        said.touch()
        self.groups.append(said)
        with group_of(
            *commands, settings={**self.settings, **others}, said=said
        ) as processes:
            yield [process.pid for process in processes]


@contextmanager
def site_on(url: str, broker: Broker, server: Script, *, said: Path) -> Iterator[Site]:
    """Give an empty site on a database, with the server that takes its mail."""
    app = build(url)
    with app.app_context(), mail_server(server) as port:
        db.create_all()
        settings = settings_of(url, mail_port=port, CELERY_BROKER_URL=broker.url)
        with Session(db.engine, expire_on_commit=False) as session:
            yield Site(session, broker, server, settings, said)
        leave()


def wait_until(true: Callable[[], bool], *, or_say: Callable[[], str] = str) -> None:
    """Look again and again; when that is of no use, say what may tell why."""
    never = Event()
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        if true():
            return
        never.wait(LOOK_EVERY)
    raise AssertionError(f"it did not come to be; {or_say()[-4000:]}")
