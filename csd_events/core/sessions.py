"""The session of a browser: a signed cookie, and which answers may write it."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

SOMEBODY_GOES_THERE = "navigate"  # as browsers say it in Sec-Fetch-Mode


class Sessions(SecureCookieSessionInterface):
    """Makes a session last longer only where somebody goes to a page.

    What a page asks by itself (clashes, a draft to keep) may be answered after its
    person signed out or read what was said once: that answer's cookie would sign them
    in again, and say it again.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        mode = request.headers.get("Sec-Fetch-Mode", SOMEBODY_GOES_THERE)
        if mode != SOMEBODY_GOES_THERE:
            return session.modified
        return super().should_set_cookie(app, session)
