"""Two server processes, and what sends them forms."""

from urllib.parse import urlsplit

import pytest

from tests.crowd import Post, poster


@pytest.fixture
def post(site: str) -> Post:
    return poster(urlsplit(site).netloc)
