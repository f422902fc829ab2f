"""The program's registration: event page, form page, POST, receipt.

What each visitor was answered is written down where FLOW_ANSWERS names a file.
"""

import os
import re
from html import unescape
from pathlib import Path
from typing import Any

EVENT = os.environ.get("FLOW_EVENT", "/events/soil-sampling")
TICKET = re.compile(r'name="ticket"[^>]* value="([^"]+)"')
ANSWERS = os.environ.get("FLOW_ANSWERS")
SAYS = ("You are registered", "All places are taken")


class Rejected(Exception):  # noqa: N818 - the drivers ask for this name
    """There was no place, and no place in the queue either."""


async def register(client: Any, number: int) -> None:
    """Do what a visitor does, and see that each answer is what they should get."""
    page = await client.get(EVENT)
    assert page.status == 200, page.status
    page = await client.get(f"{EVENT}/register")
    assert page.status == 200, page.status
    ticket = TICKET.search(page.text)
    assert ticket, page.text[:300]
    name, email = f"Visitor {number}", f"visitor{number}@bench-mail.org"
    page = await client.post(
        f"{EVENT}/register",
        {
            "ticket": unescape(ticket[1]),
            "full_name": name,
            "email": email,
            "organization": "Town of Bridgewater",
            "state": "OH",
            "service_area": "water_wastewater",
        },
    )
    if page.status == 409:
        raise Rejected
    assert page.status == 303, (page.status, page.text[:300])
    page = await client.get(page.headers["location"])
    assert page.status == 200, page.status
    assert name in page.text
    said = [words for words in SAYS if words in page.text]
    assert len(said) == 1, page.text[:300]
    if ANSWERS:
        with Path(ANSWERS).open("a", encoding="utf-8") as answers:
            answers.write(f"{email}\t{said[0]}\n")
