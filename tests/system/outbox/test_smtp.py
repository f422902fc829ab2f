"""The real client talks to a real server, which answers as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask_mail import Mail

from csd_events.outbox.transport import (
    DroppedError,
    Envelope,
    NotTakenError,
    SmtpTransport,
    UnreachableError,
    write,
)
from csd_events.outbox.transport.ways import Line
from tests.factories import NOON
from tests.mailing import MESSAGE
from tests.smtp import (
    CERTIFICATE,
    HANG_UP,
    Script,
    mail_server,
    no_server,
    only_member,
    server_tls,
    silent_server,
)

ENVELOPE = Envelope("events@csd.test", "ada@example.org")
TAKEN = "250 2.0.0 taken"


def a_mail() -> EmailMessage:
    return write(MESSAGE, message_id="0f3a@csd.test", now=NOON)


@contextmanager
def line_to(port: int, *, seconds: float = 5, **settings: Any) -> Iterator[Line]:
    """Open the way out as the settings name it."""
    app = Flask(__name__)
    app.config.update({"MAIL_SERVER": "localhost", "MAIL_PORT": port} | settings)
    transport = SmtpTransport(Mail(app), timeout=timedelta(seconds=seconds))
    with transport.open() as line:
        yield line


@pytest.fixture
def script() -> Script:
    return Script()


def test_a_mail_is_handed_over_and_the_answer_kept(script: Script) -> None:
    with mail_server(script) as port, line_to(port) as line:
        assert line.send(a_mail(), ENVELOPE) == TAKEN
    (content,) = script.contents
    mail = message_from_bytes(content, policy=policy.default)
    assert mail["Message-ID"] == "<0f3a@csd.test>"
    assert script.recipients == ["ada@example.org"]


def test_an_answer_can_be_kept_whatever_bytes_it_holds(script: Script) -> None:
    script.data[1] = "250 2.0.0\0 taken\x1b[31m"
    with mail_server(script) as port, line_to(port) as line:
        assert line.send(a_mail(), ENVELOPE) == "250 2.0.0 taken [31m"


def test_a_batch_goes_over_one_connection(script: Script) -> None:
    with mail_server(script) as port, line_to(port) as line:
        answers = [line.send(a_mail(), ENVELOPE) for _ in range(5)]
    assert answers == [TAKEN] * 5
    assert script.connections == 1


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "550 5.1.1 no such user"])
def test_a_refused_recipient_is_an_error_with_its_code(
    script: Script, answer: str
) -> None:
    script.rcpt["ada@example.org"] = answer
    with mail_server(script) as port, line_to(port) as line:
        with pytest.raises(NotTakenError) as refused:
            line.send(a_mail(), ENVELOPE)
        other = Envelope("events@csd.test", "bob@example.org")
        assert line.send(a_mail(), other) == TAKEN
    assert f"{refused.value.code} {refused.value.answer}" == answer
    assert (script.recipients, script.connections) == (["bob@example.org"], 1)


@pytest.mark.parametrize("answer", ["452 4.3.1 full", "554 5.7.1 looks like spam"])
def test_a_refused_content_is_an_error_with_its_code(
    script: Script, answer: str
) -> None:
    script.data[1] = answer
    with mail_server(script) as port, line_to(port) as line:
        with pytest.raises(NotTakenError) as refused:
            line.send(a_mail(), ENVELOPE)
        assert line.send(a_mail(), ENVELOPE) == TAKEN
    assert f"{refused.value.code} {refused.value.answer}" == answer


def test_a_connection_cut_after_the_content_is_neither_yes_nor_no(
    script: Script,
) -> None:
    script.data[1] = HANG_UP
    with mail_server(script) as port, line_to(port) as line:
        with pytest.raises(DroppedError):
            line.send(a_mail(), ENVELOPE)
        assert line.send(a_mail(), ENVELOPE) == TAKEN
    assert script.connections == 2


def test_a_server_that_takes_two_mails_a_connection_gets_them_all(
    script: Script,
) -> None:
    script.mail = dict.fromkeys((3, 6), "421 4.7.0 enough for this connection")
    with mail_server(script) as port, line_to(port) as line:
        answers = [line.send(a_mail(), ENVELOPE) for _ in range(5)]
    assert answers == [TAKEN] * 5
    assert script.connections == 3


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "550 5.7.1 not from you"])
def test_a_server_that_wants_no_mail_of_ours_is_as_good_as_none(
    script: Script, answer: str
) -> None:
    script.mail = dict.fromkeys(range(1, 9), answer)
    with (
        mail_server(script) as port,
        line_to(port) as line,
        pytest.raises(UnreachableError, match=answer),
    ):
        line.send(a_mail(), ENVELOPE)


def test_a_server_that_asks_for_patience_before_the_mail_says_so(
    script: Script,
) -> None:
    script.mail[1] = "432 4.3.2 limit exceeded"
    with mail_server(script) as port, line_to(port) as line:
        with pytest.raises(NotTakenError) as refused:
            line.send(a_mail(), ENVELOPE)
        assert line.send(a_mail(), ENVELOPE) == TAKEN
    assert refused.value.code == 432


def test_a_silent_server_is_given_up_after_the_time_limit() -> None:
    with (
        silent_server() as port,
        line_to(port, seconds=0.1) as line,
        pytest.raises(UnreachableError, match=r"TimeoutError|timed out"),
    ):
        line.send(a_mail(), ENVELOPE)


def test_a_server_that_is_not_there_is_no_verdict_on_the_mail() -> None:
    with (
        no_server() as port,
        line_to(port) as line,
        pytest.raises(UnreachableError, match="ConnectionRefusedError"),
    ):
        line.send(a_mail(), ENVELOPE)


def test_a_certificate_nobody_vouches_for_is_refused(script: Script) -> None:
    with (
        mail_server(script, tls_context=server_tls()) as port,
        line_to(port, MAIL_USE_TLS=True) as line,
        pytest.raises(UnreachableError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        line.send(a_mail(), ENVELOPE)
    assert script.contents == []


def test_a_server_that_offers_no_tls_gets_no_mail_when_tls_is_asked_for(
    script: Script,
) -> None:
    with (
        mail_server(script) as port,
        line_to(port, MAIL_USE_TLS=True) as line,
        pytest.raises(UnreachableError, match="STARTTLS"),
    ):
        line.send(a_mail(), ENVELOPE)


def test_mail_goes_over_starttls_once_the_certificate_is_known(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    tls = {"tls_context": server_tls(), "require_starttls": True}
    with (
        mail_server(script, **tls) as port,
        line_to(port, MAIL_USE_TLS=True) as line,
    ):
        assert line.send(a_mail(), ENVELOPE) == TAKEN


@pytest.mark.parametrize(
    ("known", "outcome"), [(True, TAKEN), (False, "CERTIFICATE_VERIFY_FAILED")]
)
def test_tls_from_the_first_byte_is_verified_too(
    script: Script, monkeypatch: pytest.MonkeyPatch, outcome: str, *, known: bool
) -> None:
    with mail_server(script, ssl_context=server_tls()) as port:
        if known:
            monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with line_to(port, MAIL_USE_SSL=True) as line:
            assert outcome in _send(line)


def test_a_certificate_for_another_host_is_refused(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    other_name: dict[str, Any] = {"MAIL_SERVER": "127.1"}  # the same machine
    with (
        mail_server(script, tls_context=server_tls()) as port,
        line_to(port, MAIL_USE_TLS=True, **other_name) as line,
    ):
        assert "mismatch" in _send(line)


@pytest.mark.parametrize(
    ("password", "outcome"), [("open sesame", TAKEN), ("wrong", "SMTPAuthentication")]
)
def test_the_program_signs_in_where_it_has_a_name(
    script: Script, monkeypatch: pytest.MonkeyPatch, password: str, outcome: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    rules = {
        "tls_context": server_tls(),
        "authenticator": only_member,
        "auth_required": True,
    }
    user: dict[str, Any] = {"MAIL_USERNAME": "member", "MAIL_PASSWORD": password}
    with (
        mail_server(script, **rules) as port,
        line_to(port, MAIL_USE_TLS=True, **user) as line,
    ):
        assert outcome in _send(line)


def _send(line: Line) -> str:
    try:
        return line.send(a_mail(), ENVELOPE)
    except UnreachableError as error:
        return str(error)
