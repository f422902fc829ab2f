"""A signed-in member's registration: event page with its form, POST, own page.

Each run begins with the account after the last one of the run before: FLOW_FIRST.
"""

import itertools
import os
import re
from html import unescape
from typing import Any

from cookies import cookie  # beside this file, where the drivers look

EVENT = os.environ["FLOW_EVENT"]
FIELD = re.compile(r'name="(csrf_token|ticket)"[^>]* value="([^"]*)"')
_accounts = itertools.count(int(os.environ["FLOW_FIRST"]))


class Rejected(Exception):  # noqa: N818 - the drivers ask for this name
    """There was no place, and no place in the queue either."""


async def register(client: Any, _number: int) -> None:
    client.cookies["session"] = cookie(next(_accounts), os.environ["SECRET_KEY"])
    page = await client.get(EVENT)
    assert page.status == 200, page.status
    form = page.text.partition(f'action="{EVENT}/register"')[2].partition("</form>")[0]
    typed = {name: unescape(value) for name, value in FIELD.findall(form)}
    assert set(typed) == {"csrf_token", "ticket"}, page.text[:300]
    page = await client.post(f"{EVENT}/register", typed)
    assert page.status == 303, (page.status, page.text[:300])
    page = await client.get(page.headers["location"])
    assert page.status == 200, page.status
    assert "You are registered" in page.text, page.text[:300]
