"""A message written out as a mail: headers, sides, calendar parts.

`EmailMessage` parses whatever is put into a header and writes it anew. Until Python
3.11.10 an encoded word in a typed name thereby became a header of its own, and a long
address in List-Unsubscribe is still torn into encoded words. So headers come as they
are to stand, encoded here, and the standard library puts them and the parts together.
"""

import binascii
import re
from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime
from functools import lru_cache
from secrets import token_hex
from textwrap import wrap
from typing import Self

import idna

from csd_events.core.text import has_control_characters
from csd_events.outbox.message import Attachment, Calendar, Message

#: An encoded word may be no longer (RFC 2047), nor should a line.
LONGEST_LINE = 76
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+")
#: Marks that turn the direction of what follows, to the end of the line and beyond.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NEEDS_QUOTES = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]")


class _WrittenHeaders(EmailPolicy):
    """Takes headers as they come. Asking how often each may occur costs most of it."""

    def header_max_count(self, name: str) -> None:
        return None


_POLICY = _WrittenHeaders(linesep="\r\n")


class UnfitError(ValueError):
    """This message cannot be written as a mail; trying again will not help.

    Its words stand in the log, so they hold nobody's name or address.
    """


class HeaderLine(str):
    """A header's value as people read it, and as it is to stand in the mail."""

    __slots__ = ("name", "written")

    name: str
    written: str

    def __new__(cls, name: str, value: str, written: str | None = None) -> Self:
        line = super().__new__(cls, value)
        line.name = name
        line.written = value if written is None else written
        return line

    def fold(self, *, policy: Policy) -> str:
        """Return the finished header, as `email.policy` asks of one that is parsed."""
        return f"{self.name}: {self.written}{policy.linesep}"


def write(message: Message, *, message_id: str, now: datetime) -> EmailMessage:
    """Write a message as the mail that goes out; preview and delivery call this.

    Args:
        message_id: Without its angle brackets, such as ``0f3a@events.example.org``.
        now: What the mail is dated.

    Raises:
        UnfitError: A header would hold a control character, or an address is none.
    """
    calendars = message.calendars
    sides = [
        _words("plain", message.text),
        _words("html", message.html),
        *(
            _part(_calendar_type(each), _base64(each), "base64")
            for each in calendars[:1]
        ),
    ]
    mail = _several("alternative", sides)
    files = [_file(each, "application/ics") for each in calendars[:1]]
    files += [_file(each, _calendar_type(each)) for each in calendars[1:]]
    files += [_file(each, each.content_type) for each in message.files]
    if files:
        mail = _several("mixed", [mail, *files])
    sender = _mailbox(message.from_name, message.from_address)
    lines = [
        HeaderLine("From", *sender),
        HeaderLine("To", *_mailbox(message.to_name, message.to_address)),
        HeaderLine("Subject", message.subject, _text("Subject", message.subject)),
        HeaderLine("Date", format_datetime(now)),
        HeaderLine("Message-ID", f"<{message_id}>"),
        HeaderLine("Reply-To", *_mailbox("", message.reply_to)),
        HeaderLine("Auto-Submitted", "auto-generated"),
        *(
            HeaderLine(name, value, _text(name, value))
            for name, value in _others(message)
        ),
        HeaderLine("MIME-Version", "1.0"),
    ]
    for line in lines:
        _refuse_control_characters(line.name, line)
        mail[line.name] = line
    return mail


def wire_address(address: str) -> str:
    """Return an address as a mail server takes it: the domain in ASCII.

    Raises:
        UnfitError: It is not one address.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        domain = (
            domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        )
    except idna.IDNAError:
        raise UnfitError("an address names no domain") from None
    plain = f"{local}@{domain}"
    if not plain.isascii() or not _ADDRESS.fullmatch(plain):
        raise UnfitError("an address is none that mail servers take")
    return plain


def _others(message: Message) -> list[tuple[str, str]]:
    wrong = [name for name in message.headers if not _HEADER_NAME.fullmatch(name)]
    if wrong:
        raise UnfitError(f"not names of headers: {wrong}")
    return list(message.headers.items())


def _refuse_control_characters(name: str, value: str) -> None:
    if not value.isprintable() and has_control_characters(value):
        raise UnfitError(f"{name} holds a control character")


def _is_plain(value: str) -> bool:
    """Tell whether a value may stand as it is, and will be read as it is."""
    return value.isascii() and "=?" not in value


@lru_cache(maxsize=256)  # a batch says much the same to everyone
def _text(name: str, value: str) -> str:
    """Encode a value where it needs it; break its line at spaces only."""
    _refuse_control_characters(name, value)
    if _is_plain(value):
        return "\r\n ".join(
            wrap(
                value,
                LONGEST_LINE,
                initial_indent=" " * (len(name) + 2),
                break_long_words=False,
                break_on_hyphens=False,
            )
        ).lstrip()
    header = Header(value, "utf-8", header_name=name, maxlinelen=LONGEST_LINE)
    return header.encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> tuple[str, str]:
    """Write a mailbox: as people read it, and as it is to stand.

    A page isolates the direction of a name; a header cannot, and the address after it
    would be read backwards.
    """
    plain = wire_address(address)
    name = _TURNS.sub("", name)
    if not name:
        return plain, plain
    _refuse_control_characters("name", name)
    shown = f"{name} <{plain}>"
    if not _is_plain(name):
        return shown, f"{_text('To', name)}\r\n <{plain}>"
    if _NEEDS_QUOTES.search(name):
        escaped = re.sub(r'(["\\])', r"\\\1", name)
        return shown, f'"{escaped}" <{plain}>'
    return shown, shown


def _part(content_type: str, content: str, encoding: str) -> EmailMessage:
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = HeaderLine("Content-Type", content_type)
    part["Content-Transfer-Encoding"] = HeaderLine(
        "Content-Transfer-Encoding", encoding
    )
    part.set_payload(content)
    return part


def _words(kind: str, words: str) -> EmailMessage:
    lines = "\n".join(words.splitlines()) + "\n"
    encoded = binascii.b2a_qp(lines.encode(), istext=True).decode("ascii")
    return _part(f'text/{kind}; charset="utf-8"', encoded, "quoted-printable")


def _file(file: Calendar | Attachment, content_type: str) -> EmailMessage:
    """Attach a calendar object, or another file.

    The first calendar object is the same as the side, so it is a file and nothing
    more: programs that act on every `text/calendar` part would act twice. The others
    are known by their attachment only, and keep the method by which programs act.
    """
    name = file.filename
    if not re.fullmatch(r"[\w.-]+", name, re.ASCII):
        raise UnfitError(f"not the name of a file: {name!r}")
    part = _part(f'{content_type}; name="{name}"', _base64(file), "base64")
    part["Content-Disposition"] = HeaderLine(
        "Content-Disposition", f'attachment; filename="{name}"'
    )
    return part


def _calendar_type(calendar: Calendar) -> str:
    if not re.fullmatch(r"[A-Z]+", calendar.method):
        raise UnfitError(f"not a method: {calendar.method!r}")
    return f'text/calendar; charset="utf-8"; method={calendar.method}'


@lru_cache(maxsize=16)  # the same object is a side and a file
def _base64(file: Calendar | Attachment) -> str:
    return encodebytes(file.content).decode("ascii")


def _several(kind: str, parts: list[EmailMessage]) -> EmailMessage:
    """Put parts together, between lines that no part can hold by chance."""
    whole = EmailMessage(policy=_POLICY)
    value = f'multipart/{kind}; boundary="={token_hex(12)}="'
    whole["Content-Type"] = HeaderLine("Content-Type", value)
    whole.set_payload([*parts])
    return whole
