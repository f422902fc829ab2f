"""Events with people on stage, and the links of their own pages."""

from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event, Presenter
from csd_events.events.rules import Contributor, Role
from tests.factories import make_event, writing

ADA = Contributor(
    role=Role.PRESENTER, name="Ada Sample", title="Chief", organization="Town of Ash"
)
BEN = Contributor(role=Role.MODERATOR, name="Ben Sample", organization="City of Elm")
EMAILS = {"Ada Sample": "ada@example.org", "Ben Sample": "ben@example.org"}


def make_stage_event(session: Session, **given: Any) -> Event:
    """An event with people on stage, by default Ada alone, whose addresses we have."""
    given.setdefault("contributors", [ADA])
    event = make_event(session, **given)
    reach(session)
    return events.get(session, event.id)


def reach(session: Session) -> None:
    """Write down the addresses of those on stage."""
    with writing(session):
        for name, email in EMAILS.items():
            named = update(Presenter).where(Presenter.full_name == name)
            session.execute(named.values(email=email))


def presenter_named(session: Session, name: str = "Ada Sample") -> Presenter:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Presenter).where(Presenter.full_name == name)).one()


def page_of(
    app: Flask, presenter: Presenter, purpose: Purpose = Purpose.PRESENTER
) -> str:
    """Return the address of somebody's own page."""
    with app.app_context():
        token = links().token(purpose, presenter.id, presenter.link_version)
    return f"/presenting/{token}"


def feed_of(app: Flask, presenter: Presenter) -> str:
    """Return the address of the calendar that follows what somebody presents."""
    page = page_of(app, presenter, Purpose.PRESENTER_FEED)
    return page.replace("/presenting/", "/presenting/feeds/") + ".ics"


def drawn(kind: str = "PNG", size: tuple[int, int] = (600, 400), **given: Any) -> bytes:
    """Draw a picture: red on the left, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    written = BytesIO()
    picture.save(written, kind, **given)
    return written.getvalue()
