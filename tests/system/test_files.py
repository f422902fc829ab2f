"""The folder of files that people bring."""

import hashlib
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from csd_events.core.errors import NotFoundError
from csd_events.core.files import FileStore
from tests.factories import NOON

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _touch(path: Path, *, days_ago: int) -> None:
    at = (NOON - days_ago * DAY).timestamp()
    os.utime(path, (at, at))


def test_a_file_is_whole_under_a_name_of_ours_and_readable_by_its_owner(
    store: FileStore,
) -> None:
    content = b"words" * 40_000
    stored = store.save(BytesIO(content))
    path = store.path_of(stored.path)
    assert (path.read_bytes(), stored.size) == (content, 200_000)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (path.stat().st_mode & 0o777, store.folder.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )
    assert [each.name for each in store.folder.iterdir()] == [stored.path]


def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing(
    store: FileStore,
) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("the line went dead")

    with pytest.raises(OSError, match="went dead"):
        store.save(Broken(b"words"))
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../secret", "a" * 32, "", "/etc/passwd", "A" * 32])
def test_a_name_that_is_none_of_ours_opens_nothing(
    store: FileStore, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text("x")
    store.save(BytesIO(b"x"))
    with pytest.raises(NotFoundError):
        store.path_of(name)


def test_what_no_row_names_is_swept_once_it_is_old(store: FileStore) -> None:
    kept, orphan, young = (
        store.save(BytesIO(name)).path for name in (b"1", b"2", b"3")
    )
    half = store.folder / f"{'b' * 32}.part"
    half.write_bytes(b"half")
    theirs = store.folder / "readme.txt"
    theirs.write_text("not ours")
    for path in (store.folder / kept, store.folder / orphan, half, theirs):
        _touch(path, days_ago=2)
    _touch(store.folder / young, days_ago=0)

    assert store.sweep({kept}, before=NOON - DAY) == 2
    left = {path.name for path in store.folder.iterdir()}
    assert left == {kept, young, "readme.txt"}


def test_a_folder_that_is_not_there_holds_nothing_to_sweep(store: FileStore) -> None:
    assert store.sweep(set(), before=NOON) == 0
