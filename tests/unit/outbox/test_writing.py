"""What a message looks like once it is a mail."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.text import has_control_characters
from csd_events.outbox.message import Calendar, Message
from csd_events.outbox.transport import UnfitError, wire_address, write
from tests.factories import NOON
from tests.mailing import MESSAGE

ID = "0f3a@csd.test"
USUAL_HEADERS = [
    "Content-Type",
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "Auto-Submitted",
    "MIME-Version",
]
INVITATION = Calendar(method="REQUEST", content=b"BEGIN:VCALENDAR\r\n")
typed = st.text(max_size=200).filter(lambda text: not has_control_characters(text))


def raw(message: Message) -> bytes:
    return write(message, message_id=ID, now=NOON).as_bytes()


def read(message: Message) -> EmailMessage:
    return message_from_bytes(raw(message), policy=policy.default)


def lines(message: Message) -> dict[str, str]:
    """The headers as they stand, unfolded, by name."""
    head = raw(message).decode("ascii").partition("\r\n\r\n")[0]
    unfolded = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    return dict(line.split(": ", 1) for line in unfolded)


def words_of(header: str) -> str:
    """Read a header as mail programs do."""
    return str(make_header(decode_header(header)))


def changed(field: str, value: Any) -> Message:
    return replace(MESSAGE, **{field: value})


def part_types(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def test_a_plain_mail_has_plain_headers() -> None:
    found = lines(MESSAGE)
    assert list(found) == USUAL_HEADERS
    found.pop("Content-Type")
    assert found == {
        "From": "Sample Association <events@csd.test>",
        "To": "Ada Byron <ada@example.org>",
        "Subject": "You are registered",
        "Date": "Wed, 01 May 2030 12:00:00 +0000",
        "Message-ID": "<0f3a@csd.test>",
        "Reply-To": "help@csd.test",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_both_sides_are_there_and_nothing_around_them() -> None:
    mail = read(MESSAGE)
    assert part_types(mail) == ["multipart/alternative", "text/plain", "text/html"]
    sides = [part.get_content().strip() for part in mail.iter_parts()]
    assert sides == ["See you there.", "<p>See you there.</p>"]


def test_a_calendar_object_is_a_side_and_a_file_of_one_content() -> None:
    mail = read(replace(MESSAGE, calendars=(INVITATION,)))
    assert part_types(mail) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    *_rest, side, file = mail.walk()
    assert dict(side["Content-Type"].params) == {
        "charset": "utf-8",
        "method": "REQUEST",
    }
    assert file.get_filename() == "invitation.ics"
    contents = [part.get_payload(decode=True) for part in (side, file)]
    assert contents == [INVITATION.content] * 2


def test_each_further_calendar_object_is_a_file_that_keeps_its_method() -> None:
    second = replace(INVITATION, content=b"SECOND\r\n", filename="session-2.ics")
    mail = read(replace(MESSAGE, calendars=(INVITATION, second)))
    *_rest, file = mail.iter_attachments()
    assert file["Content-Type"].params["method"] == "REQUEST"
    assert file.get_filename() == "session-2.ics"
    assert file.get_payload(decode=True) == b"SECOND\r\n"


@pytest.mark.parametrize(
    "name",
    [
        "Plato",
        "Dolores O'Riordan",
        "Jean-Luc Ponty",
        "Nguyễn Thị Ánh",
        "李小龍",
        "יעל כהן",
        "Ada 😀 Byron",
        'Jim "Bo" Doe, Jr. (retired) <x>',
        "a\\b",
        "=?utf-8?q?a_b?=",
        "A" * 200,
        "ü" * 200,
    ],
)
def test_a_name_arrives_as_it_was_typed(name: str) -> None:
    written = lines(replace(MESSAGE, to_name=name))["To"]
    shown, address = parseaddr(written)
    assert (words_of(shown), address) == (name, "ada@example.org")


def test_a_name_turns_no_address_around_and_keeps_the_marks_of_its_letters() -> None:
    name = "\u202eadA\u202c\u2067 \u200f\u05d9\u05e2\u05dc\u200e"
    written = lines(replace(MESSAGE, to_name=name))["To"]
    assert words_of(written.partition(" <")[0]) == "adA \u200f\u05d9\u05e2\u05dc\u200e"


def test_a_subject_in_ascii_is_not_encoded_and_breaks_at_spaces() -> None:
    subject = "Tomorrow, 2:00 pm ET: " + "sharing services, " * 10 + "and more"
    head = raw(replace(MESSAGE, subject=subject)).partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.splitlines()) <= 78
    assert lines(replace(MESSAGE, subject=subject))["Subject"] == subject


@given(typed)
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    subject = " ".join(subject.split())
    assert words_of(lines(replace(MESSAGE, subject=subject))["Subject"]) == subject


@given(typed, typed)
def test_nothing_typed_becomes_a_header(subject: str, name: str) -> None:
    message = replace(MESSAGE, subject=subject, to_name=name, from_name=name)
    assert list(lines(message)) == USUAL_HEADERS


@pytest.mark.parametrize(
    "typed", ["a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\0b", "a\x85b", "a\ud800b"]
)
@pytest.mark.parametrize("where", ["to_name", "from_name", "subject", "to_address"])
def test_a_line_break_in_a_header_is_refused(typed: str, where: str) -> None:
    with pytest.raises(UnfitError) as refused:
        write(changed(where, typed), message_id=ID, now=NOON)
    assert repr(typed)[1:-1] not in str(refused.value)  # which stands in a log


@pytest.mark.parametrize("where", ["subject", "to_name"])
def test_an_encoded_line_break_stays_words(where: str) -> None:
    hidden = "=?utf-8?q?Hello=0D=0ABcc:_b@example.org?="
    assert list(lines(changed(where, hidden))) == USUAL_HEADERS
    shown = words_of(parseaddr(lines(replace(MESSAGE, to_name=hidden))["To"])[0])
    assert shown == hidden


def test_a_long_address_to_unsubscribe_at_is_left_whole() -> None:
    address = f"<https://csd.test/u/{'a' * 120}>, <mailto:u@csd.test>"
    message = replace(MESSAGE, headers={"List-Unsubscribe": address})
    assert lines(message)["List-Unsubscribe"] == address


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("headers", {"X-A: 1\r\nBcc": "b@example.org"}),
        ("headers", {"": "b"}),
        ("headers", {"X-A": "1\r\nBcc: b@example.org"}),
        ("calendars", (replace(INVITATION, method="REQUEST\r\nBcc: x"),)),
        ("calendars", (replace(INVITATION, filename='a".ics'),)),
    ],
)
def test_nothing_unfit_stands_in_other_headers(where: str, value: object) -> None:
    with pytest.raises(UnfitError):
        write(changed(where, value), message_id=ID, now=NOON)


@given(st.text())
def test_the_words_arrive_whatever_they_hold(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    plain = read(replace(MESSAGE, text=text)).get_body(("plain",))
    assert plain is not None
    content = plain.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode() == "\r\n".join(text.splitlines()) + "\r\n"


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("ada@example.org", "ada@example.org"),
        (" ada+list@Example.org ", "ada+list@Example.org"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
)
def test_an_address_goes_over_the_wire_in_ascii(address: str, plain: str) -> None:
    assert wire_address(address) == plain


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a b@example.org",
        "a@example.org, b@example.org",
        "<a@example.org>",
        "ä@example.org",
        "a@b@example.org",
        "a@ex\xadample\u2028.org",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(UnfitError) as refused:
        wire_address(address)
    assert refused.value.__cause__ is None
    assert "example" not in str(refused.value)  # a log holds nobody's address
