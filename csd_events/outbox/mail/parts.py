"""The parts of ours that stand in mails, each with a text and an HTML side."""

from flask import current_app
from markupsafe import Markup

from csd_events.outbox.mail.sides import Block


def part(name: str, *given: object) -> Block:
    """Write a part: the macro of that name in ``macros/mail.txt`` and ``mail.html``."""
    text, html = (
        str(getattr(_macros(side), name)(*given)).strip() for side in ("txt", "html")
    )
    return Block(text, Markup(html))  # noqa: S704 - the macros escape


def _macros(side: str) -> object:
    return current_app.jinja_env.get_template(f"macros/mail.{side}").module
