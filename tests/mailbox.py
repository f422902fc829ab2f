"""A visitor with a mailbox: fills in forms, and follows the links that come."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.accounts.models import MailedLink
from csd_events.accounts.rules import LinkKind
from csd_events.core.tokens import Purpose
from tests.desk import fields_of
from tests.letters import deliver, links_in

HOST = "csd.test"
#: Where the links of mails about accounts lead.
PAGES = ("/sign-up/", "/sign-in/", "/account/")


def submit(
    client: FlaskClient, path: str, typed: Mapping[str, str] | None = None
) -> TestResponse:
    """Open a page, fill in its form and press the button."""
    page = client.get(path)
    assert page.status_code == 200, (path, page.status)
    return client.post(path, data=fields_of(page.text) | dict(typed or {}))


def mail_for(app: Flask, address: str) -> EmailMessage:
    """Deliver what is due, and return the one mail that went to an address."""
    (mail,) = (m for m in deliver(app) if parseaddr(m["To"])[1] == address)
    return mail


def link_in(mail: EmailMessage) -> str:
    """Return the path of a mail's one link with a secret."""
    paths = {urlsplit(link).path for link in links_in(mail)}
    (path,) = {p for p in paths if p.startswith(PAGES) and len(p) > 32}
    return path


def newest_link(app: Flask, session: Session, kind: LinkKind) -> str:
    """Return the token of the link of a kind that was mailed last."""
    session.rollback()
    newest = select(MailedLink).where(MailedLink.kind == kind)
    found = session.scalars(newest.order_by(MailedLink.id.desc()).limit(1)).one()
    token: str = app.extensions["csd_links"].token(
        Purpose(kind.value), found.id, found.version
    )
    return token


def signed_in_as(client: FlaskClient) -> str | None:
    """Return the name in the account menu; None for a visitor."""
    page = client.get("/privacy").text
    if "<summary>" not in page:
        return None
    return page.partition("<summary>")[2].partition("<span>")[2].partition("<")[0]
