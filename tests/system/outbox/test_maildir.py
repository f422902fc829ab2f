"""Reports in a Maildir that people read, too."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import config
from csd_events.app import create_app
from csd_events.core.db import db
from csd_events.outbox import queries
from csd_events.outbox.bounces import MailboxError, MaildirMailbox, Reader, look
from csd_events.outbox.delivery import Loop
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State
from tests.factories import NOON
from tests.mailing import people, queue_sent
from tests.reports import auto_reply, postfix

DAY = timedelta(days=1)
PATIENCE = 20.0  # seconds after which a test is stuck


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (tmp_path / part).mkdir()
    return tmp_path


def put(path: Path, mail: bytes, *, at: datetime = NOON) -> None:
    path.write_bytes(mail)
    os.utime(path, (at.timestamp(), at.timestamp()))


def files(folder: Path) -> list[str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(folder)) for path in paths)


def read(app: Flask, folder: Path, at: datetime = NOON) -> int:
    with app.app_context():
        return look(MaildirMailbox(folder), clock=lambda: at)


def states(session: Session, *mails: OutboxMessage) -> list[State]:
    session.expire_all()
    return [mail.state for mail in mails]


def test_reports_are_taken_and_marked_as_read_and_other_mail_stays_as_it_is(
    app: Flask, session: Session, folder: Path
) -> None:
    mails = queue_sent(session, *people(3))
    ids = [mail.message_id for mail in mails]
    put(folder / "new" / "1.a.host", postfix(ids[0]))
    put(folder / "new" / "2.b.host", auto_reply(ids[1]))
    put(folder / "new" / "3.c.host", postfix("f" * 32))
    put(folder / "cur" / "4.d.host:2,F", postfix(ids[2]))
    (folder / "cur" / "folder").mkdir()

    assert read(app, folder) == 2
    assert states(session, *mails) == [State.RETURNED, State.SENT, State.RETURNED]
    assert files(folder) == [
        "cur/1.a.host:2,S",
        "cur/4.d.host:2,FS",
        "new/2.b.host",
        "new/3.c.host",
    ]
    assert read(app, folder) == 0


def test_the_first_look_goes_back_two_weeks_and_later_ones_to_the_last(
    app: Flask, session: Session, folder: Path
) -> None:
    mails = queue_sent(session, *people(4))
    ages = [15 * DAY, 13 * DAY]
    for mail, age in zip(mails, ages, strict=False):
        put(folder / "new" / mail.message_id, postfix(mail.message_id), at=NOON - age)
    read(app, folder)
    later = NOON + 2 * DAY
    put(folder / "new" / "late", postfix(mails[2].message_id), at=NOON - DAY)
    put(folder / "new" / "in time", postfix(mails[3].message_id), at=NOON)
    read(app, folder, later)
    sent, returned = State.SENT, State.RETURNED
    assert states(session, *mails) == [sent, returned, sent, returned]


def test_a_report_that_comes_too_early_is_taken_at_the_next_look(
    app: Flask, session: Session, folder: Path
) -> None:
    (mail,) = queue_sent(session, *people(1))
    mail.state = State.SENDING
    session.commit()
    put(folder / "new" / "1", postfix(mail.message_id))
    assert read(app, folder) == 0
    assert files(folder) == ["new/1"]
    mail.state = State.SENT
    session.commit()
    assert read(app, folder, NOON + timedelta(minutes=3)) == 1


def test_a_folder_that_is_no_maildir_is_told_of_and_marks_nothing_as_looked_at(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    with pytest.raises(MailboxError, match="FileNotFoundError"):
        read(app, tmp_path)
    name = f"maildir:{tmp_path}"
    assert queries.find_seen(session, name).looked_at is None
    trouble = queries.find_trouble(session, name)
    assert trouble is not None
    assert trouble.words.startswith("FileNotFoundError")


def test_the_command_reads_a_maildir_and_ends_with_a_line_where_it_cannot(
    app: Flask, session: Session, now: datetime, folder: Path
) -> None:
    (mail,) = queue_sent(session, *people(1))
    put(folder / "new" / "1", postfix(mail.message_id))
    runner = app.test_cli_runner()
    words = ["outbox", "bounces", "--maildir", str(folder)]
    assert runner.invoke(args=words).stdout == "1 came back\n"
    (folder / "new").rename(folder / "gone")
    result = runner.invoke(args=words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: FileNotFoundError")


def test_a_program_that_runs_reads_the_mailbox_of_its_settings(
    own_url: str, folder: Path
) -> None:
    settings = config.Testing(own_url)
    settings.BOUNCES = f"maildir:{folder}"
    app = create_app(settings)
    app.config["CLOCK"] = lambda: NOON
    with app.app_context():
        db.create_all()
        with Session(db.engine) as session:
            (mail,) = queue_sent(session, *people(1))
            put(folder / "new" / "1", postfix(mail.message_id))
            session.rollback()
            (reader,) = readers_of(app)
            Loop(app).catch_up()
            reader.join(PATIENCE)
            assert states(session, mail) == [State.RETURNED]
        db.drop_all()
        db.engine.dispose()


def test_without_a_setting_nothing_is_read(app: Flask) -> None:
    assert readers_of(app) == []


def readers_of(app: Flask) -> list[Reader]:
    """Find what reads mailboxes among the chores of an application."""
    chores = app.extensions["csd_chores"]
    owners = [getattr(do, "__self__", None) for _name, _every, do in chores]
    return [owner for owner in owners if isinstance(owner, Reader)]
