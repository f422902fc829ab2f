"""A real mail server for tests, which answers as it is told."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

DATA = Path(__file__).with_name("data")
CERTIFICATE = DATA / "localhost-cert.pem"
KEY = DATA / "localhost-key.pem"
OK = "250 2.0.0 taken"
HANG_UP = "hang up"
PATIENCE = 60  # seconds that a server waits for a test at most


@dataclass
class Script:
    """What the server says, and what it was given.

    Attributes:
        mail: To MAIL, by its number from the first of the test; else OK.
        rcpt: To RCPT, by the address; else OK.
        data: To the content, by its number; HANG_UP cuts the connection off.
    """

    mail: dict[int, str] = field(default_factory=dict)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: dict[int, str] = field(default_factory=dict)
    contents: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    begun: int = 0
    sent_off: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name and shape
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        answers: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return answers

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        self.begun += 1
        answer = self.mail.get(self.begun, OK)
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        answer = self.rcpt.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.sent_off += 1
        answer = self.data.get(self.sent_off, OK)
        if answer in {OK, HANG_UP}:
            self.contents.append(envelope.original_content or b"")
            self.recipients.extend(envelope.rcpt_tos)
        if answer == HANG_UP and server.transport:
            server.transport.close()
        return answer


@dataclass
class Postman(Script):
    """A mail server that says when something has come, and answers when told to.

    Attributes:
        holds: Wait with the answer until `goes_on` is set.
    """

    holds: bool = False
    arrived: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(*given)
        self.arrived.set()
        if self.holds:
            await asyncio.to_thread(self.goes_on.wait, PATIENCE)
        return answer


class _OnSocket(Controller):
    """Listens on a socket that is bound already, so its port is free for sure."""

    def __init__(self, script: Script, listener: socket.socket, **others: Any) -> None:
        host, port = listener.getsockname()
        super().__init__(script, hostname=host, port=port, **others)
        self._listener = listener

    def _create_server(self) -> Any:
        return self.loop.create_server(
            self._factory_invoker, sock=self._listener, ssl=self.ssl_context
        )


@contextmanager
def mail_server(script: Script, **others: Any) -> Iterator[int]:
    """Run a server beside the test; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        controller = _OnSocket(script, listener, **others)
        controller.start()
        script.connections = 0
        try:
            yield controller.port
        finally:
            controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Take connections and never say a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def no_server() -> Iterator[int]:
    """Yield a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def server_tls() -> ssl.SSLContext:
    """What the server shows: a certificate that only our own tests know."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    return context


def only_member(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any
) -> AuthResult:
    """Let one name with one password in."""
    known = (login.login, login.password) == (b"member", b"open sesame")
    return AuthResult(success=known, handled=known)
