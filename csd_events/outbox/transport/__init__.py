"""The way out: a message written as a mail, and handed to whoever carries it on."""

from pathlib import Path

from flask import Flask
from flask_mail import Mail

from csd_events.outbox.transport.places import FileTransport, MemoryTransport
from csd_events.outbox.transport.smtp import SmtpTransport
from csd_events.outbox.transport.ways import (
    DroppedError,
    Envelope,
    Line,
    NotTakenError,
    Transport,
    UnreachableError,
)
from csd_events.outbox.transport.writing import UnfitError, wire_address, write

__all__ = [
    "DroppedError",
    "Envelope",
    "FileTransport",
    "Line",
    "MemoryTransport",
    "NotTakenError",
    "SmtpTransport",
    "Transport",
    "UnfitError",
    "UnreachableError",
    "choose_transport",
    "wire_address",
    "write",
]


def choose_transport(app: Flask) -> Transport:
    """Pick the way out that the settings ask for.

    The mail server if one is named; else a folder if one is (development); else
    nothing leaves the process (tests).
    """
    if app.config["MAIL_SERVER"]:
        return SmtpTransport(Mail(app), timeout=app.config["MAIL_TIMEOUT"])
    folder: Path | None = app.config["MAIL_FOLDER"]
    return FileTransport(folder) if folder else MemoryTransport()
