"""What browsers and search engines ask every site for, by fixed names."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from csd_events.home.views.blueprint import bp

#: Pages behind a secret link are not named: who may not read a page cannot read its
#: ``noindex`` either, and would list the bare address.
ROBOTS = """\
User-agent: *
Disallow: /me
Disallow: /staff
"""


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Say what is not worth a search engine's visit."""
    return Response(ROBOTS, content_type="text/plain; charset=utf-8")


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    """Lead browsers that read no link to the mark in a page to where it is kept."""
    return redirect(url_for("static", filename="img/favicon.ico"))
