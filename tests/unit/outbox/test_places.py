"""Mail written to a folder, and read back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from csd_events.outbox.transport import Envelope, FileTransport, write
from tests.factories import NOON
from tests.mailing import MESSAGE

ENVELOPE = Envelope("events@csd.test", "ada@example.org")


def test_mails_in_a_folder_are_named_newest_first(tmp_path: Path) -> None:
    folder = FileTransport(tmp_path / "mail")
    with folder.open() as line:
        for hours, letter in enumerate("abc"):
            at = NOON + timedelta(hours=hours)
            line.send(write(MESSAGE, message_id=f"{letter}@csd.test", now=at), ENVELOPE)
    assert folder.names() == [
        "20300501T140000-c",
        "20300501T130000-b",
        "20300501T120000-a",
    ]


def test_a_mail_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    folder = FileTransport(tmp_path)
    message = replace(MESSAGE, subject="Zoë 😀", text="Grüße")
    with folder.open() as line:
        line.send(write(message, message_id="a@csd.test", now=NOON), ENVELOPE)
    mail = folder.find("20300501T120000-a")
    assert mail is not None
    assert mail["Subject"] == "Zoë 😀"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content() == "Grüße\r\n"


@pytest.mark.parametrize(
    "name", ["../secret", "..", "a/b", "a\0b", "", "none", "x" * 99]
)
def test_a_name_leads_nowhere_but_to_a_mail(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    folder = FileTransport(tmp_path / "mail")
    folder.folder.mkdir()
    assert folder.find(name) is None


def test_a_folder_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    assert FileTransport(tmp_path / "mail").names() == []
