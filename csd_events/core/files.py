"""Files that people bring: kept in one folder, named by us, whole or not at all."""

import hashlib
import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from flask import current_app

from csd_events.core.errors import NotFoundError

_CHUNK = 64 * 1024
_NAME = re.compile(r"[0-9a-f]{32}")
_PART = ".part"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file is in the folder, and what it holds."""

    path: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files. A row says what each is; one that no row names is swept."""

    folder: Path

    def save(self, file: IO[bytes]) -> StoredFile:
        """Copy a file in; it has its name when all of it is on disk.

        Its row is committed afterwards: who is stopped between leaves an orphan.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        part = self.folder / f"{name}{_PART}"
        try:
            stored = _copied(file, part, name)
            part.replace(self.folder / name)
        finally:
            part.unlink(missing_ok=True)
        _sync(self.folder)
        return stored

    def path_of(self, name: str) -> Path:
        """Return where a file is.

        Raises:
            NotFoundError: It is not there, or the name is none of ours.
        """
        path = self.folder / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFoundError("file")
        return path

    def sweep(self, known: Collection[str], *, before: datetime) -> int:
        """Remove what no row names and what was left half written.

        Args:
            known: The names that rows have.
            before: What was written later may belong to a row not yet committed.
        """
        removed = 0
        for path in self.folder.glob("*"):
            ours = _NAME.fullmatch(path.name.removesuffix(_PART)) and path.is_file()
            if ours and path.name not in known and _is_older(path, before):
                path.unlink(missing_ok=True)
                removed += 1
        return removed


def stored_files() -> FileStore:
    """Return the folder of the running application."""
    return FileStore(current_app.config["FILES_FOLDER"])


def _copied(file: IO[bytes], part: Path, name: str) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    with part.open("xb") as copy:
        part.chmod(0o600)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return StoredFile(name, size, digest.hexdigest())


def _sync(folder: Path) -> None:
    """Let the name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_older(path: Path, instant: datetime) -> bool:
    return path.stat().st_mtime < instant.timestamp()
