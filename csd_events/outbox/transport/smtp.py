"""The mail server: Flask-Mail's settings, with what it leaves out.

Flask-Mail accepts any certificate, waits for ever for a server that is silent, and
throws away what the server said. Here certificates are verified, every answer has a
time limit, and every refusal is an error with its code.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from functools import cached_property

import flask_mail

from csd_events.outbox.transport.ways import (
    DroppedError,
    Envelope,
    NotTakenError,
    UnreachableError,
)

IMPLICIT_TLS_PORT = 465  # RFC 8314
CLOSING = 421  # the server's last word before it hangs up
OK = 250
TAKEN = (OK, 251)  # 251: it will be passed on

Server = smtplib.SMTP | smtplib.SMTP_SSL


class Connection(flask_mail.Connection):
    """A connection that verifies whom it talks to and does not wait for ever."""

    def __init__(
        self, mail: flask_mail.Mail, *, timeout: timedelta, context: ssl.SSLContext
    ) -> None:
        super().__init__(mail)
        self._seconds = timeout.total_seconds()
        self._context = context

    def configure_host(self) -> Server:
        mail = self.mail
        server: Server
        if mail.use_ssl or mail.port == IMPLICIT_TLS_PORT:
            server = smtplib.SMTP_SSL(
                mail.server, mail.port, timeout=self._seconds, context=self._context
            )
        else:
            server = smtplib.SMTP(mail.server, mail.port, timeout=self._seconds)
        try:
            if mail.use_tls and not isinstance(server, smtplib.SMTP_SSL):
                server.starttls(context=self._context)
            server.ehlo_or_helo_if_needed()
            if mail.username and mail.password:
                server.login(mail.username, mail.password)
        except BaseException:
            server.close()
            raise
        return server


class SmtpLine:
    """One connection for a batch, made when first needed and again when lost."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._server: Server | None = None

    def send(self, mail: EmailMessage, envelope: Envelope) -> str:
        content = mail.as_bytes()
        server = self._ready(envelope.sender)
        return self._hand_over(server, envelope.recipient, content)

    def close(self) -> None:
        """Say goodbye, to a server that may have gone."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _ready(self, sender: str) -> Server:
        """Begin a mail. A server that has had enough of us is called anew, once."""
        if self._server is not None:
            with suppress(UnreachableError):
                return self._begin(self._server, sender)
        try:
            self._server = self._connection.configure_host()
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(_name(error)) from error
        return self._begin(self._server, sender)

    def _begin(self, server: Server, sender: str) -> Server:
        """Name the sender. A server that will have none of it wants no mail of ours."""
        try:
            code, answer = server.mail(sender)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise UnreachableError(_name(error)) from error
        if code == CLOSING or code >= 500:  # noqa: PLR2004 - a lasting no
            self.close()
            raise UnreachableError(f"{code} {_words(answer)}")
        if code != OK:
            self._reset(server)
            raise NotTakenError(code, _words(answer))
        return server

    def _hand_over(self, server: Server, recipient: str, content: bytes) -> str:
        code: int
        answer: bytes | str
        try:
            code, answer = server.rcpt(recipient)
            if code in TAKEN:
                code, answer = server.data(content)
        except smtplib.SMTPDataError as error:  # a no before any of it was sent
            code, answer = error.smtp_code, error.smtp_error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise DroppedError(_name(error)) from error
        if code in TAKEN:
            return f"{code} {_words(answer)}"
        self._reset(server)
        raise NotTakenError(code, _words(answer))

    def _reset(self, server: Server) -> None:
        """Leave the line ready for the next mail, or gone."""
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


class SmtpTransport:
    """Sends through the mail server that Flask-Mail's settings name."""

    def __init__(self, mail: flask_mail.Mail, *, timeout: timedelta) -> None:
        self._mail = mail
        self._timeout = timeout

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Read this machine's certificates for the first mail, not for every start."""
        return ssl.create_default_context()

    @contextmanager
    def open(self) -> Iterator[SmtpLine]:
        connection = Connection(
            self._mail, timeout=self._timeout, context=self._context
        )
        line = SmtpLine(connection)
        try:
            yield line
        finally:
            line.close()


def _words(answer: bytes | str) -> str:
    """Write an answer in one line. PostgreSQL keeps no NUL, and it is to be kept."""
    text = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
