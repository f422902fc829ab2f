"""The blueprint of these pages, and what all of them do."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.announcements.models import Announcement
from csd_events.announcements.rules import Refusal
from csd_events.announcements.words import refusal_words
from csd_events.core.db import transaction
from csd_events.core.errors import RefusedError
from csd_events.events import queries as events

bp = Blueprint("announcements_staff", __name__, url_prefix="/staff")


def back_to(announcement_id: int) -> ResponseReturnValue:
    """Go to the page of an announcement after something was done to it."""
    return redirect(url_for(".show", announcement_id=announcement_id), code=303)


def title_of(session: Session, row: Announcement) -> str | None:
    """Return the title of the event whose people an announcement is for."""
    if row.event_id is None:
        return None
    return events.get_row(session, row.event_id).title


def act(
    announcement_id: int, do: Callable[[Session], object], done: Callable[[], str]
) -> ResponseReturnValue:
    """Do something with an announcement, or say why not.

    Args:
        done: Says what was done.
    """
    try:
        with transaction() as session:
            do(session)
    except RefusedError as error:
        flash(refusal_words(Refusal(error.reason)), "error")
    else:
        flash(done())
    return back_to(announcement_id)
