"""What every page has: headers, errors with a number, links, words for values."""

import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from jinja2.ext import Extension
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    SecurityError,
)
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter
from whitenoise import WhiteNoise

from csd_events.core import fields, text, time
from csd_events.core.access import current_person
from csd_events.core.errors import DomainError
from csd_events.core.logs import request_number
from csd_events.core.uploads import make_room_for_files, most_bytes
from csd_events.core.words import gettext as _

log = logging.getLogger(__name__)
csrf = CSRFProtect()
P = ParamSpec("P")
R = TypeVar("R")

POLICY = "; ".join(
    [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
#: On pages behind a secret link, or a code that opens a group.
SECRET_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
INDENTATION = re.compile(r"\n[ \t]+")
A_YEAR = 365 * 24 * 60 * 60


class RowId(IntegerConverter):
    """A number that fits a database's id; a longer one is simply not found."""

    def __init__(self, url_map: object, **others: object) -> None:
        others.setdefault("max", 2**63 - 1)
        super().__init__(url_map, **others)  # type: ignore[arg-type]


class NoIndent(Extension):
    """Leaves the indentation of HTML templates out of what visitors download."""

    def preprocess(
        self, source: str, name: str | None, filename: str | None = None
    ) -> str:
        if name is None or not name.endswith(".html"):
            return source
        return INDENTATION.sub("\n", source)


def static_prefix(folder: Path) -> str:
    """Name the static files by their content, so that they can be kept for a year."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return f"/static/{digest.hexdigest()}"


def init_web(app: Flask) -> None:
    """Set up what does not depend on any feature."""
    app.jinja_options = {
        **app.jinja_options,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": [NoIndent],
    }
    app.url_map.converters["int"] = RowId
    app.url_map.strict_slashes = False  # an address typed with one more slash is meant
    app.before_request(make_room_for_files)  # before anything reads what was sent
    csrf.init_app(app)
    folder = Path(app.static_folder or "static")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # as its docs have it
        app.wsgi_app,
        root=folder,
        prefix=app.static_url_path,
        max_age=A_YEAR,
        immutable_file_test=lambda *_: True,
    )
    filters = {
        "local_time": time.local_time,
        "short_time": time.short_time,
        "time_span": time.time_span,
        "time_only": time.time_only,
        "clock_span": time.clock_span,
        "your_time": your_time,
        "local_date": time.local_date,
        "day_parts": time.day_parts,
        "day_words": time.day_words,
        "money": money,
        "unbroken": text.unbroken,
        "options": fields.options,
        "with_addresses": text.with_addresses,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(external_url=external_url, own_zone=own_zone)
    if app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as its docs have it
            app.wsgi_app, x_for=app.config["PROXIES"]
        )
    app.before_request(_refuse_unreadable)
    app.after_request(_add_headers)
    app.register_error_handler(DomainError, _explain_refusal)
    app.register_error_handler(CSRFError, _explain_token)
    app.register_error_handler(HTTPException, _explain)


def guards_itself(view: Callable[P, R]) -> Callable[P, R]:
    """Leave a view out of the check of the session's token.

    Its form checks a token of its own, or its link is the secret.
    """
    csrf.exempt(view)
    return view


def framed_by(origins: Sequence[str]) -> None:
    """Let the pages of some sites hold the current answer in a frame; no others."""
    g.frame_ancestors = " ".join(origins)


def shows_a_mail() -> None:
    """Let the current answer hold a mail in a frame, with its styles; nothing runs."""
    g.also_allowed = "; style-src 'self' 'unsafe-inline'"


def external_url(endpoint: str, **values: object) -> str:
    """Build an absolute link from BASE_URL, whatever host the request named."""
    base: str = current_app.config["BASE_URL"]
    prefix = urlsplit(base).path
    path = url_for(endpoint, _external=False, **values)  # type: ignore[arg-type]
    return base + path.removeprefix(prefix)


def as_webcal(address: str) -> str:
    """Write the address of a calendar so that a press opens whoever follows it."""
    return f"webcal:{address.partition(':')[2]}"


def own_zone() -> str | None:
    """Return the zone that the person who is signed in has chosen, if they have."""
    person = current_person()
    return person.zone if person else None


def your_time(instant: datetime, zone: str, own: str | None) -> str:
    """Write an event's instant on the reader's own clock, where that differs."""
    words = time.clock_elsewhere(instant, zone, own) if own else None
    return _("%(time)s your time", time=words) if words else ""


def money(cents: int, currency: str) -> str:
    """Write a price: ``USD 25.00``."""
    return f"{currency} {cents // 100:,}.{cents % 100:02}"


def _refuse_unreadable() -> None:
    """Turn away what no form of ours sends: control characters, NUL, broken UTF-8."""
    if _is_unreadable(request.path):
        abort(404)
    has_files = request.mimetype == "multipart/form-data" and request.files
    if has_files and most_bytes() is None:
        abort(400)  # no form there asks for a file
    asked = unquote_to_bytes(request.query_string).decode(errors="replace")
    if _is_unreadable(asked) or not _is_utf8(_sent_by_a_form()):
        abort(400)


def _sent_by_a_form() -> bytes:
    """Return what a plain form sent; its fields read broken bytes as other words."""
    plain = request.mimetype == "application/x-www-form-urlencoded"
    return unquote_to_bytes(request.get_data()) if plain else b""


def _is_utf8(sent: bytes) -> bool:
    try:
        sent.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_unreadable(words: str) -> bool:
    return text.UNREADABLE in words or text.has_control_characters(words)


def _add_headers(response: Response) -> Response:
    policy = POLICY + g.get("also_allowed", "")
    if ancestors := g.get("frame_ancestors"):
        policy = policy.replace("ancestors 'none'", f"ancestors {ancestors}")
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if ancestors:  # which that header has no words for
        del response.headers["X-Frame-Options"]
    if request.view_args and {"token", "code"} & request.view_args.keys():
        response.headers.update(SECRET_HEADERS)
    if current_app.config["PREFERRED_URL_SCHEME"] == "https":
        response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
    return response


def _words(status: int) -> tuple[str, str]:
    """Say what happened and what to do, by status."""
    known = {
        401: (_("Sign in to go on"), _("This page is for people who are signed in.")),
        403: (_("This page is not for you"), _("Ask whoever runs this site.")),
        404: (
            _("We cannot find that page"),
            _("The address may be mistyped, or the page may have moved."),
        ),
        405: (_("That does not work here"), _("Go back and try the page's button.")),
        410: (
            _("This link has ended"),
            _("Newer links went to the address that holds the registration now."),
        ),
        413: (_("That is too much at once"), _("Send less, or in several steps.")),
        429: (_("That was a lot at once"), _("Wait a few minutes and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("Nothing was saved. Try again; if it happens again, tell us the number."),
        ),
    }
    other = _("We could not read that"), _("Go back and check what you entered.")
    return known.get(status, other)


def _page(status: int) -> ResponseReturnValue:
    heading, words = _words(status)
    page = render_template(
        "error.html",
        status=status,
        heading=heading,
        words=words,
        number=request_number() if status >= InternalServerError.code else None,
    )
    return page, status


def _explain(error: HTTPException) -> ResponseReturnValue:
    status = error.code or InternalServerError.code
    # A redirect is no error, and no page of ours is built for a host that is not.
    if status < BadRequest.code or isinstance(error, SecurityError):
        return error.get_response()
    return _page(status)


def _explain_refusal(error: DomainError) -> ResponseReturnValue:
    return _page(error.status)


def _explain_token(error: CSRFError) -> ResponseReturnValue:
    log.info("form token refused: %s", error.description)
    return _page(400)
