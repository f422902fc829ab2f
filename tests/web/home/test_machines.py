"""What browsers and search engines ask for by fixed names."""

from flask.testing import FlaskClient


def test_search_engines_leave_the_desk_alone_and_may_read_the_noindex_of_links(
    client: FlaskClient,
) -> None:
    answer = client.get("/robots.txt")
    lines = answer.text.splitlines()
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert lines == ["User-agent: *", "Disallow: /me", "Disallow: /staff"]
    secret = client.get("/registrations/no-such-link")
    assert secret.headers["X-Robots-Tag"] == "noindex"


def test_a_browser_that_reads_no_link_finds_the_mark_too(client: FlaskClient) -> None:
    with client.get("/favicon.ico", follow_redirects=True) as answer:
        assert answer.mimetype == "image/x-icon"
        assert answer.data[:4] == b"\0\0\1\0"
