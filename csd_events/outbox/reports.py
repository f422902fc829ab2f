"""Reports of mail that did not arrive, as mail servers write them (RFC 3464).

What is read here was written by strangers: of a report only the Message-ID, a status
code and the server's words are taken, and nothing that is read can raise anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import collapse_rfc2231_value
from typing import cast

#: As many bytes of a mail are read: a report says first what it is about, and then
#: returns the mail.
LONGEST = 256 * 1024
#: A mail whose parts are nested deeper than any report's takes very long to read.
MOST_NESTED = 60
LONGEST_WORDS = 300  # characters
UNKNOWN_STATUS = "5.0.0"

_NESTS = re.compile(rb"boundary[*\d\s]*=|content-type\s*:\s*message/", re.IGNORECASE)
_OURS = re.compile(r"<([0-9a-f]{32})@[^<>@\s]+>")
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_SPEAKER = re.compile(r"^[\w-]+\s*;\s*")
_RETURNED = ("message/rfc822", "text/rfc822-headers")


@dataclass(frozen=True, slots=True)
class Failure:
    """What a report says of a mail that did not arrive.

    Attributes:
        message_id: What stands left of the @ in the Message-ID of that mail.
        status: By RFC 3463, such as 5.1.1; of class 4 or 5.
        words: The last server's, in one plain line; may be empty.
    """

    message_id: str
    status: str
    words: str


def read_failure(raw: bytes) -> Failure | None:
    """Read a mail. None unless it reports that a mail like ours did not arrive.

    A mail that is delayed, or arrived, is no failure; nor is an answer of any kind.
    """
    head = raw[:LONGEST]
    if len(_NESTS.findall(head)) > MOST_NESTED:
        return None
    try:
        return _failure(BytesParser().parsebytes(head))
    except Exception:  # noqa: BLE001 - as many kinds as there are ways to break a mail
        return None


def _failure(report: Message) -> Failure | None:
    is_report = report.get_content_type() == "multipart/report"
    if not is_report or _report_type(report) != "delivery-status":
        return None
    parts = _parts_of(report)
    failed = [block for block in _blocks(parts) if _action(block) == "failed"]
    message_id = _our_id(report, parts)
    if not failed or message_id is None:
        return None
    words = _SPEAKER.sub("", _field(failed[0], "Diagnostic-Code"))[:LONGEST_WORDS]
    return Failure(message_id, _status(_field(failed[0], "Status"), words), words)


def _report_type(report: Message) -> str:
    return collapse_rfc2231_value(report.get_param("report-type", "")).casefold()


def _parts_of(message: Message) -> list[Message]:
    """List the parts right below; deeper lies what others forwarded."""
    return (
        cast("list[Message]", message.get_payload()) if message.is_multipart() else []
    )


def _blocks(parts: list[Message]) -> Iterator[Message]:
    """Go through what a report says of the mail, and then of each recipient."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            yield from _parts_of(part)


def _action(block: Message) -> str:
    return _field(block, "Action").partition("(")[0].strip().casefold()


def _our_id(report: Message, parts: list[Message]) -> str | None:
    """Find the Message-ID in what was returned; else in what the report answers."""
    named = [_field(each, "Message-ID") for each in _returned(parts)]
    for text in (*named, _field(report, "In-Reply-To")):
        if found := _OURS.search(text):
            return found[1]
    return None


def _returned(parts: list[Message]) -> Iterator[Message]:
    for part in parts:
        if part.get_content_type() not in _RETURNED:
            continue
        if part.is_multipart():
            yield from _parts_of(part)
        else:
            headers = cast("bytes", part.get_payload(decode=True))
            yield BytesHeaderParser().parsebytes(headers)


def _status(text: str, words: str) -> str:
    """Choose the code that says most: some servers say it in words, beside 5.0.0."""
    codes: list[str] = [*_STATUS.findall(text), *_STATUS.findall(words)]
    telling = [code for code in codes if not code.endswith(".0.0")]
    return [*telling, *codes, UNKNOWN_STATUS][0]


def _field(message: Message, name: str) -> str:
    """Return a header in one plain line. PostgreSQL keeps no NUL."""
    text = str(message.get(name, ""))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
