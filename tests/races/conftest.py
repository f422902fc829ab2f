"""What races need."""

import pytest

from tests.posting import Post, poster


@pytest.fixture
def post(site: str) -> Post:
    """Send forms all at one moment. Return how often each status was answered."""
    return poster(site)
