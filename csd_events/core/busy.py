"""What is said when a page's turn to write does not come: others hold what it needs.

Nothing was saved then. The page holds what was sent, and sends it again as it was: the
same form, whose repeat does nothing where it had been saved after all.
"""

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from csd_events.core.db import waited_in_vain

log = logging.getLogger(__name__)
BUSY = 503
TRY_AGAIN_AFTER = 5  # seconds
#: Fields whose words no page repeats.
PASSWORDS = frozenset({"password", "present"})


def init_busy(app: Flask) -> None:
    app.register_error_handler(OperationalError, _ask_again)


def _ask_again(error: OperationalError) -> ResponseReturnValue:
    """Answer who waited in vain. Any other error of the database goes its way."""
    if not waited_in_vain(error):
        raise error
    log.warning("waited in vain for others who write")
    page = render_template(
        "busy.html",
        path=request.script_root + request.full_path.removesuffix("?"),
        kept=_kept(),
        asked=request.method == "GET",
    )
    return page, BUSY, {"Retry-After": str(TRY_AGAIN_AFTER)}


def _kept() -> list[tuple[str, str]] | None:
    """Return what a form sent; None where a page cannot keep it, or must not."""
    if request.files or not PASSWORDS.isdisjoint(request.form):
        return None
    return list(request.form.items(multi=True))
