"""What a visitor does on the pages, without a screen."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TYPED = {
    "full_name": "Ada Sample",
    "email": "ada@example.org",
    "organization": "Town of Sample",
}


def hidden_on(page: TestResponse, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"no hidden field {name} on the page"
    return unescape(found[1])


def open_form(client: FlaskClient, slug: str) -> str:
    """Open a guest's form and return its ticket."""
    return hidden_on(client.get(f"/events/{slug}/register"), "ticket")


def send_form(client: FlaskClient, slug: str, **typed: str) -> TestResponse:
    """Fill in and send a guest's form: a new one unless a ticket is given."""
    ticket = typed.pop("ticket", None) or open_form(client, slug)
    data = TYPED | {"ticket": ticket} | typed
    return client.post(f"/events/{slug}/register", data=data)


def press(client: FlaskClient, page: TestResponse, path: str) -> TestResponse:
    """Press the one button of a signed-in person's page that leads to a path."""
    data = {name: hidden_on(page, name) for name in ("csrf_token", "ticket")}
    return client.post(path, data=data)


def heading(page: TestResponse) -> str:
    """Return what a page is about."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert found, page.text
    return unescape(" ".join(re.sub(r"<[^>]+>", "", found[1]).split()))


def title(page: TestResponse) -> str:
    found = re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
    assert found
    return unescape(" ".join(found[1].split()))


def words(page: TestResponse) -> str:
    """Return what a page says, without its tags."""
    body = page.text.partition("<main")[2] or page.text
    body = body.replace("<wbr>", "")  # where a word may break; it is one word
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def errors_on(page: TestResponse) -> dict[str, str]:
    """Return the messages of the summary by the field they lead to."""
    box = re.search(r"data-errors.*?</ul>", page.text, re.DOTALL)
    if box is None:
        return {}
    items = re.findall(r"<li>(.*?)</li>", box[0], re.DOTALL)
    found = {}
    for item in items:
        to = re.search(r'href="#([^"]+)"', item)
        found[to[1] if to else ""] = unescape(re.sub(r"<[^>]+>", "", item).strip())
    return found
