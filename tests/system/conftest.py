"""A database of its own for each test here: these change its tables."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_postgres


@pytest.fixture
def own_url(tmp_path: Path, worker_id: str) -> Iterator[str]:
    """Name a database that is empty and nobody else's."""
    if server := os.environ.get("TEST_DATABASE_URL"):
        with fresh_postgres(server, name=f"csd_own_{worker_id}") as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'own.db'}"
