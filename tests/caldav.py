"""A real CalDAV server for a while, and a calendar program that keeps files in it."""

import subprocess
import sys
from base64 import b64encode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree import ElementTree as ET

import vobject

from tools.brokers import HOST, free_port

OWNER = "ada"
READY = "Radicale server ready"
RADICALE = (
    *("-m", "radicale", "--config", ""),
    *("--auth-type", "none", "--rights-type", "owner_only"),
)
QUERY = """<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns="DAV:">
<prop><C:calendar-data/></prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start}" end="{end}"/>
</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"""
DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"


@contextmanager
def radicale(folder: Path) -> Iterator[int]:
    """Run Radicale on what it keeps in a folder. Yield its port."""
    port = free_port()
    own = ("--hosts", f"{HOST}:{port}", "--storage-filesystem-folder", str(folder))
    with subprocess.Popen(
        [sys.executable, *RADICALE, *own], stderr=subprocess.PIPE, text=True
    ) as server:
        log = server.stderr
        assert log is not None
        reader = Thread(target=deque, args=(log, 0))  # or what it says fills the pipe
        try:
            assert any(READY in line for line in log), "it did not start"
            reader.start()
            yield port
        finally:
            server.terminate()
            if reader.ident:
                reader.join()


@dataclass
class Calendar:
    """A calendar on the server, kept by a program that takes files as RFC 5546 says."""

    port: int
    name: str

    @property
    def path(self) -> str:
        return f"/{OWNER}/{self.name}/"

    def create(self) -> None:
        self._ask("MKCALENDAR", self.path, expected=201)

    def store(self, file: bytes, uid: str) -> None:
        """Put a file there as it is."""
        self._ask("PUT", self._address(uid), file, expected=201)

    def fill(self, file: bytes) -> None:
        """Make everything in a file the calendar, in place of all there was."""
        self._ask("PUT", self.path, file, expected=201)

    def take(self, file: bytes) -> None:
        """Do with a mailed file what its method says, unless a later one came before.

        An entry is known by its UID; of two, the higher SEQUENCE holds, and of equal
        ones the later DTSTAMP.
        """
        document = vobject.readOne(file.decode())
        (event,) = document.vevent_list
        uid = event.uid.value
        known = self.find(uid)
        if known is not None and _order(event) < _order(known):
            return
        if document.method.value == "CANCEL":
            if known is not None:
                self._ask("DELETE", self._address(uid), expected=200)
            return
        method = f"METHOD:{document.method.value}\r\n".encode()
        stored = file.replace(method, b"")
        assert len(stored) < len(file)
        expected = 201 if known is None else 204
        self._ask("PUT", self._address(uid), stored, expected=expected)

    def find(self, uid: str) -> Any:
        """Return the entry with a UID; None where there is none."""
        every = self._query(datetime(2000, 1, 1, tzinfo=UTC), None)
        return next((each for each in every if each.uid.value == uid), None)

    def between(self, start: datetime, end: datetime) -> list[str]:
        """Ask the server which entries lie, at least in part, between two instants."""
        return sorted(each.uid.value for each in self._query(start, end))

    def everything(self) -> dict[str, tuple[str, int]]:
        """Return the start, on the clock there, and number of each entry by its UID."""
        every = self._query(datetime(2000, 1, 1, tzinfo=UTC), None)
        return {
            each.uid.value: (
                each.dtstart.value.replace(tzinfo=None).isoformat(),
                int(each.sequence.value),
            )
            for each in every
        }

    def _query(self, start: datetime, end: datetime | None) -> list[Any]:
        end = end or datetime(2100, 1, 1, tzinfo=UTC)
        asked = QUERY.format(start=_utc(start), end=_utc(end)).encode()
        answer = self._ask("REPORT", self.path, asked, expected=207)
        texts = [each.text or "" for each in ET.fromstring(answer).iter(DATA)]  # noqa: S314 - our own server's
        return [event for text in texts for event in vobject.readOne(text).vevent_list]

    def _address(self, uid: str) -> str:
        return f"{self.path}{uid}.ics"

    def _ask(
        self, method: str, path: str, body: bytes = b"", *, expected: int
    ) -> bytes:
        connection = HTTPConnection(HOST, self.port, timeout=30)
        headers = {
            "Authorization": f"Basic {b64encode(f'{OWNER}:'.encode()).decode()}",
            "Content-Type": "text/xml" if method == "REPORT" else "text/calendar",
            "Depth": "1",
        }
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        assert answer.status == expected, (method, answer.status, said)
        return said


def _order(event: Any) -> tuple[int, datetime]:
    return int(event.sequence.value), event.dtstamp.value


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
