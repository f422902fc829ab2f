"""Mail read without a mail server, while trying things. Never in production."""

from email.message import EmailMessage, MIMEPart
from typing import cast

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from csd_events.outbox.transport import FileTransport

bp = Blueprint("outbox", __name__, url_prefix="/dev/mail")

#: A mail is somebody else's page: it runs nothing, loads nothing, is nobody.
MAIL_POLICY = "; ".join(
    [
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


@bp.get("")
def index() -> ResponseReturnValue:
    folder = _folder()
    mails = [(name, folder.find(name)) for name in folder.names()]
    return render_template("outbox/index.html", mails=mails)


@bp.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    mail = _find(name)
    calendar = mail.get_body(("calendar",))
    return render_template(
        "outbox/show.html",
        name=name,
        headers=list(mail.items()),
        subject=mail["Subject"],
        text=_content(mail.get_body(("plain",))),
        calendar=_content(calendar) if calendar else None,
    )


@bp.get("/<name>/page")
def page(name: str) -> ResponseReturnValue:
    """The HTML side as a page of its own, since no page of ours may hold it."""
    html = _content(_find(name).get_body(("html",)))
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _folder() -> FileTransport:
    transport = current_app.extensions["csd_transport"]
    if not current_app.config["DEVELOPMENT"] or not isinstance(
        transport, FileTransport
    ):
        abort(404)
    return transport


def _find(name: str) -> EmailMessage:
    return _folder().find(name) or abort(404)


def _content(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    return cast("bytes", part.get_payload(decode=True)).decode("utf-8", "replace")
