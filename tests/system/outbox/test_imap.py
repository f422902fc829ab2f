"""Reports in a mailbox of a real IMAP server, which people read, too."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.clock import utc_now
from csd_events.outbox import queries
from csd_events.outbox.bounces import ImapMailbox, MailboxError, Reader, imap, look
from csd_events.outbox.delivery import Loop
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from csd_events.outbox.transport import MemoryTransport
from tests.desk import staff_browser
from tests.mailing import KIND, compose, people, queue, queue_sent
from tests.reports import auto_reply, exchange, exim, gmail, postfix
from tests.smtp import CERTIFICATE, KEY
from tools import dovecot
from tools.dovecot import PASSWORD, Mailbox

PATIENCE = 20.0  # seconds after which a test is stuck


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with dovecot.running(certificate=CERTIFICATE, key=KEY) as mailbox:
        yield mailbox


@pytest.fixture
def mailbox(server: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """An empty mailbox, of a server whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server.begin_anew()
    return server


def read(app: Flask, mailbox: Mailbox, password: str = PASSWORD) -> int:
    with app.app_context():
        return look(ImapMailbox(mailbox.url, password), clock=utc_now)


def states(session: Session, *mails: OutboxMessage) -> list[State]:
    session.expire_all()
    return [mail.state for mail in mails]


def reports_of(mails: list[OutboxMessage]) -> list[bytes]:
    return [postfix(mail.message_id) for mail in mails]


def test_reports_are_taken_and_marked_as_read_and_other_mail_stays_unread(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    mails = queue_sent(session, *people(5))
    ids = [mail.message_id for mail in mails]
    reports = [postfix(ids[0]), exim(ids[1]), exchange(ids[2]), gmail(ids[3])]
    mailbox.put(*reports, auto_reply(ids[4]), postfix("f" * 32))

    assert read(app, mailbox) == 4
    assert states(session, *mails) == [*[State.RETURNED] * 4, State.SENT]
    assert mailbox.list_seen() == [True] * 4 + [False] * 2


def test_a_mailbox_is_read_on_from_where_it_was_left(
    app: Flask,
    session: Session,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imap, "MOST_AT_ONCE", 2)
    mails = queue_sent(session, *people(4))
    mailbox.put(*reports_of(mails[:3]))
    assert [read(app, mailbox) for _ in range(3)] == [2, 1, 0]
    mailbox.put(*reports_of(mails))
    assert queries.find_seen(session, mailbox.url).last_uid == 3
    assert [read(app, mailbox) for _ in range(3)] == [0, 1, 0]
    assert mailbox.list_seen() == [True] * 7


def test_a_mailbox_whose_mails_are_numbered_anew_is_read_from_its_beginning(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    mails = queue_sent(session, *people(3))
    mailbox.put(*reports_of(mails[:2]))
    assert read(app, mailbox) == 2
    before = queries.find_seen(session, mailbox.url)
    mailbox.begin_anew()
    mailbox.put(*reports_of(mails[2:]))
    assert read(app, mailbox) == 1
    session.rollback()
    after = queries.find_seen(session, mailbox.url)
    assert after.validity != before.validity
    assert after.last_uid == 1


def test_the_first_look_leaves_old_mail_alone(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    old, recent = queue_sent(session, *people(2))
    now = utc_now().timestamp()
    day = timedelta(days=1).total_seconds()
    mailbox.put(postfix(old.message_id), at=now - 16 * day)
    mailbox.put(postfix(recent.message_id), at=now - 12 * day)
    assert read(app, mailbox) == 1
    assert states(session, old, recent) == [State.SENT, State.RETURNED]


def test_a_report_that_comes_too_early_waits_and_so_does_what_follows(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    mails = queue_sent(session, *people(2))
    mails[0].state = State.SENDING
    session.commit()
    mailbox.put(*reports_of(mails))
    assert read(app, mailbox) == 0
    mails[0].state = State.SENT
    session.commit()
    assert read(app, mailbox) == 2


def test_a_wrong_password_is_told_in_the_log_and_on_the_desk_until_it_is_right(
    app: Flask,
    session: Session,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(app.config, "BOUNCES", mailbox.url)
    browser = staff_browser(app, session)
    assert "cannot be read" not in browser.get("/staff").text
    for password in ("wrong", PASSWORD):
        reader = Reader(app, ImapMailbox(mailbox.url, password))
        with caplog.at_level(logging.WARNING):
            reader.begin(utc_now())
            reader.join(PATIENCE)
        told = password == "wrong"
        assert ("AUTHENTICATIONFAILED" in browser.get("/staff").text) is told
    assert [line for line in caplog.messages if "comes back" in line] == [
        "mail that comes back cannot be read: error: [AUTHENTICATIONFAILED] "
        "Authentication failed."
    ]
    assert "wrong" not in caplog.text


def test_a_certificate_that_nobody_vouches_for_is_refused(
    app: Flask,
    session: Session,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailboxError, match="CERTIFICATE_VERIFY_FAILED"):
        read(app, mailbox)


def test_a_folder_that_is_not_there_is_told_of(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    other = ImapMailbox(mailbox.url.replace("Reports", "Elsewhere%20%22"), PASSWORD)
    with (
        app.app_context(),
        pytest.raises(MailboxError, match="doesn't exist: Elsewhere"),
    ):
        look(other, clock=utc_now)


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"imaps://events@127.0.0.1:{listening.getsockname()[1]}/INBOX"


def test_a_server_that_says_nothing_is_left_after_a_while(
    app: Flask, session: Session
) -> None:
    begun = monotonic()
    with silent() as url, app.app_context(), pytest.raises(MailboxError):
        look(ImapMailbox(url, PASSWORD, timeout=0.2), clock=utc_now)
    assert monotonic() - begun < PATIENCE / 2
    trouble = queries.find_trouble(session, url)
    assert trouble is not None
    assert trouble.words.startswith("TimeoutError")


def test_mail_leaves_while_the_server_of_reports_says_nothing(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(session, *people(1), due_at=utc_now())
    transport = MemoryTransport()
    monkeypatch.setitem(app.extensions, "csd_transport", transport)
    monkeypatch.setitem(app.extensions, "csd_composers", {KIND: compose})
    monkeypatch.setitem(app.config, "CLOCK", utc_now)
    with silent() as url:
        reader = Reader(app, ImapMailbox(url, PASSWORD, timeout=PATIENCE))
        chore = ("bounces", timedelta(minutes=3), reader.begin)
        monkeypatch.setitem(app.extensions, "csd_chores", [chore])
        Loop(app).catch_up()
        assert (len(transport.sent), reader.is_busy()) == (1, True)
    reader.join(PATIENCE)
