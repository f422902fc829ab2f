"""A database, a broker and a mail server for each test here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.scaled.working import Site, site_on
from tests.smtp import Postman
from tools import brokers
from tools.brokers import Broker


@pytest.fixture
def own_url(worker_id: str) -> Iterator[str]:
    """Name a database that is empty and nobody else's."""
    server = os.environ["TEST_DATABASE_URL"]
    with fresh_postgres(server, name=f"csd_scaled_{worker_id}") as url:
        yield url


@pytest.fixture
def broker() -> Iterator[Broker]:
    with brokers.redis() as broker:
        yield broker


@pytest.fixture
def site(own_url: str, broker: Broker, tmp_path: Path) -> Iterator[Site]:
    with site_on(own_url, broker, Postman(), said=tmp_path) as site:
        yield site
