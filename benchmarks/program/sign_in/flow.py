"""Signing in by password: the form, and the POST that checks it."""

import itertools
import os
import re
from html import unescape
from typing import Any

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_accounts = itertools.count(int(os.environ["FLOW_FIRST"]))


class Rejected(Exception):  # noqa: N818 - the drivers ask for this name
    """Too many signed in at this moment."""


async def register(client: Any, _number: int) -> None:
    page = await client.get("/sign-in")
    assert page.status == 200, page.status
    token = TOKEN.search(page.text)
    assert token, page.text[:300]
    page = await client.post(
        "/sign-in",
        {
            "csrf_token": unescape(token[1]),
            "email": f"member{next(_accounts)}@bench-mail.org",
            "password": os.environ["FLOW_PASSWORD"],
        },
    )
    if page.status == 429:
        raise Rejected
    assert page.status == 303, (page.status, page.text[:300])
