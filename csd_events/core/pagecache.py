"""Signed-out pages kept in memory for a few seconds.

Only the answer to a GET without any cookie is kept, if its view said so and it is
a plain 200 that sets no cookie itself. It is kept for the shorter of a few seconds
and the time until its words would change. The middleware answers before Flask is
asked, with 304 where the visitor has the same page already.

Of a page with a form only what stands around the token is kept; each visitor gets one
of their own between the two.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial, wraps
from threading import Lock
from typing import TYPE_CHECKING, ParamSpec
from urllib.parse import parse_qsl

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from markupsafe import escape

from csd_events.core.clock import now

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

P = ParamSpec("P")
#: The path, and what was asked in the order in which it was.
Key = tuple[str, tuple[tuple[str, str], ...]]
ENTRIES = 256
#: The only parameters a kept page may depend on; with another one nothing is kept.
KNOWN = frozenset(
    {
        "after",
        "area",
        "before",
        "decade",
        "form",
        "free",
        "kind",
        "month",
        "outcome",
        "page",
        "past",
        "program",
        "q",
        "size",
        "state",
        "topic",
        "verification",
        "via",
    }
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page and its headers, plain and compressed, until an instant."""

    until: datetime
    etag: str
    headers: list[tuple[str, str]]
    plain: bytes
    packed: bytes

    def answer(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        headers = [*self.headers, ("ETag", self.etag)]
        if self.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return [b""]
        body = self.plain
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body = self.packed
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", headers)
        return [body]


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What stands before and after the token of a form, and what writes another."""

    until: datetime
    headers: list[tuple[str, str]]
    before: bytes
    after: bytes
    new_token: Callable[[], str]

    def answer(
        self, _environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        pieces = [self.before, escape(self.new_token()).encode(), self.after]
        length = str(sum(map(len, pieces)))
        start_response("200 OK", [*self.headers, ("Content-Length", length)])
        return pieces


class PageCache:
    """WSGI middleware in front of Flask that answers from memory where it can."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._next: WSGIApplication = app.wsgi_app
        self._config = app.config
        self._seconds = app.config["PAGE_CACHE_SECONDS"]
        self._pages: OrderedDict[Key, Kept | KeptForm] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and "HTTP_COOKIE" not in environ:
            page = self._find(environ)
            if page is not None:
                return page.answer(environ, start_response)
        return self._next(environ, start_response)

    def keep(self, response: Response, until: datetime | None) -> None:
        """Keep the answer to the current request, if it may be kept."""
        body = response.get_data()
        kept = Kept(
            until=self._until(until),
            etag=response.headers["ETag"],
            headers=_headers(response),
            plain=body,
            packed=gzip.compress(body, 6, mtime=0),
        )
        self._put(kept)

    def keep_form(self, response: Response, until: datetime | None, own: "Own") -> None:
        """Keep the answer to the current request, but for the token in it."""
        before, token, after = response.get_data().partition(own.token.encode())
        if not token or token in after:
            return
        kept = KeptForm(
            until=self._until(until),
            headers=_headers(response),
            before=before,
            after=after,
            new_token=partial(self._within, own.new_token),
        )
        self._put(kept)

    def _within(self, new_token: Callable[[], str]) -> str:
        with self._app.app_context():
            return new_token()

    def _until(self, until: datetime | None) -> datetime:
        limit = now() + timedelta(seconds=self._seconds)
        return min(limit, until) if until else limit

    def _put(self, page: Kept | KeptForm) -> None:
        key = _key(request.environ)
        if key is None or not self._seconds:
            return
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > ENTRIES:
                self._pages.popitem(last=False)

    def forget(self) -> None:
        """Drop every page, as after a change that people expect to see at once."""
        with self._lock:
            self._pages.clear()

    def _find(self, environ: "WSGIEnvironment") -> Kept | KeptForm | None:
        key = _key(environ)
        page = self._pages.get(key) if key is not None else None
        fresh = page is not None and self._config["CLOCK"]() < page.until
        return page if fresh else None


def init_page_cache(app: Flask) -> None:
    cache = PageCache(app)
    app.extensions["csd_pages"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]  # as Flask's docs have it
    app.after_request(_keep_or_forbid)


def cached_page(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Let a page without any form be kept for visitors who have no cookie."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.may_be_kept = True
        return view(*args, **kwargs)

    return marked


@dataclass(frozen=True, slots=True)
class Own:
    """The token of the current page's form, and what writes one for another visitor."""

    token: str
    new_token: Callable[[], str]


def kept_but_for(token: str, new_token: Callable[[], str]) -> None:
    """Let all of the current page be kept but the token of its form.

    Args:
        token: As it stands in the page, once.
        new_token: Writes another. It is called outside of any request.
    """
    g.may_be_kept, g.own_token = True, Own(token, new_token)


def kept_until(instant: datetime | None) -> None:
    """Say when the words of the current page change by themselves."""
    g.kept_until = instant


def forget_pages() -> None:
    """Drop the pages this process keeps; others follow within seconds."""
    _pages().forget()


def _keep_or_forbid(response: Response) -> Response:
    """Mark every answer as public for a moment, or as one visitor's alone."""
    if response.headers.get("Cache-Control"):
        return response
    public = (
        g.get("may_be_kept", False)
        and request.method == "GET"
        and not request.cookies
        and response.status_code == 200  # noqa: PLR2004 - a whole page
        and "Set-Cookie" not in response.headers
        and not session.modified  # its cookie is set after this
    )
    own: Own | None = g.get("own_token")
    if public and own is None:
        return _publish(response)
    response.headers["Cache-Control"] = "private, no-store"
    if public and own is not None:
        response.vary.add("Cookie")
        _pages().keep_form(response, g.get("kept_until"), own)
    return response


def _publish(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.vary.add("Cookie")
    response.vary.add("Accept-Encoding")
    digest = hashlib.blake2b(response.get_data(), digest_size=12).hexdigest()
    response.set_etag(digest)
    _pages().keep(response, g.get("kept_until"))
    response.make_conditional(request)
    response.headers.pop("Date", None)  # the server writes it
    return response


def _key(environ: "WSGIEnvironment") -> Key | None:
    asked = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if any(name not in KNOWN for name, _value in asked):
        return None
    return environ.get("PATH_INFO", "/"), tuple(asked)


def _headers(response: Response) -> list[tuple[str, str]]:
    """List what is said of a page whoever asks for it, and however."""
    of_each = {"content-length", "etag", "content-encoding"}
    return [(k, v) for k, v in response.headers if k.lower() not in of_each]


def _pages() -> PageCache:
    pages: PageCache = current_app.extensions["csd_pages"]
    return pages
