"""Templates as Python has compiled them, kept for the processes that follow.

Compiling is two thirds of what the first visitor of a page waits for, in each process,
after each start.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError

import jinja2
from flask import Flask
from jinja2.bccache import Bucket

PROGRAM = Path(__file__).parents[1]
#: Where the filters of templates are, and all that they call.
FILTERS = (PROGRAM / "core", PROGRAM / "topics")
#: What a file comes to that is gone, cut off as the machine went down, or broken since.
_UNREADABLE = (
    OSError,
    UnpicklingError,
    EOFError,
    ValueError,
    TypeError,
    AttributeError,
    ImportError,
    LookupError,
    ArithmeticError,
    MemoryError,
)
#: Of a folder: its group, or everybody, may write in it.
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class KeptTemplates(jinja2.FileSystemBytecodeCache):
    """Keeps them as files. Where it cannot, pages are as they are without it.

    Args:
        folder: Only ours to write: what is in it is run.
        compiled_with: What a template depends on beyond its source, for a filter is
            applied to what never changes as the template is compiled.
    """

    def __init__(self, folder: Path, compiled_with: str) -> None:
        super().__init__(str(folder))
        self._compiled_with = compiled_with

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._compiled_with}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(*_UNREADABLE):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def state_of(folders: Iterable[Path]) -> str:
    """Say in which state the code is, so that no other takes what it has compiled."""
    digest = hashlib.blake2b(jinja2.__version__.encode(), digest_size=16)
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        code = path.read_bytes()
        digest.update(f"{path}\n{len(code)}\n".encode() + code)
    return digest.hexdigest()


def init_templates(app: Flask) -> None:
    """Keep templates in the folder that the settings name, if only we write there."""
    folder: Path | None = app.config["COMPILED_TEMPLATES"]
    if folder is None:
        return
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        is_ours = found.st_uid == os.getuid()  # who runs a command may be another
        if is_ours and not found.st_mode & _OTHERS_WRITE:
            app.jinja_env.bytecode_cache = KeptTemplates(folder, state_of(FILTERS))
