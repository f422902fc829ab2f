"""The blueprint, and what its pages share."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from csd_events.accounts import queries as accounts
from csd_events.core.access import current_person_id
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.tokens import Purpose, links
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.queries import Turn
from csd_events.worksheets.rules import Refusal
from csd_events.worksheets.words import refusal_words

bp = Blueprint("worksheets", __name__)


def opened(token: str) -> Worksheet:
    """Return the worksheet that a link opens.

    Raises:
        NotFoundError: The link is not ours, or the worksheet is gone.
        EndedError: Its owner has ended the link.
    """
    return queries.get_by_link(db.session(), links(), token)


def token_of(worksheet: Worksheet) -> str:
    return links().token(Purpose.WORKSHEET, worksheet.id, worksheet.link_version)


def opened_group(
    token: str, purpose: Purpose = Purpose.WORKSHEET_GROUP
) -> WorksheetGroup:
    """Return the group that its facilitator's link opens, or its screen's.

    Raises:
        NotFoundError: The link is not ours, or the group is gone.
        EndedError: The link was ended.
    """
    return queries.get_group_by_link(db.session(), links(), token, purpose)


def token_of_group(
    group: WorksheetGroup, purpose: Purpose = Purpose.WORKSHEET_GROUP
) -> str:
    return links().token(purpose, group.id, group.link_version)


def own_stage() -> str | None:
    """Return where who is signed in is on the way, if they said."""
    person_id = current_person_id()
    if person_id is None:
        return None
    return accounts.get_preferences(db.session(), person_id).stage


def turn_of(token: str) -> Turn | None:
    """Return how far the group of a worksheet is; None where it is in none any more.

    Raises:
        NotFoundError: The link is not ours, or the worksheet is gone.
        EndedError: Its owner has ended the link.
    """
    try:
        return queries.find_turn(db.session(), links(), token)
    except NotFoundError:
        opened(token)
        return None


def take_over(
    take: Callable[[Session, int], bool], *, then: str
) -> ResponseReturnValue:
    """Let what is nobody's belong to who is signed in, go on, and say whose it is.

    Args:
        take: Told the person's id; returns whether it is theirs now.
        then: The address of the page to go on to.
    """
    person_id = current_person_id()
    if person_id is None:
        abort(401)
    with transaction() as session:
        is_theirs = take(session, person_id)
    if is_theirs:
        flash(_("It is among your worksheets now, and stays."))
    else:
        flash(_("It belongs to another account already."))
    return redirect(then, code=303)


def do(
    token: str, act: Callable[[Session, int], object], *, then: str
) -> ResponseReturnValue:
    """Do something with a facilitator's group, go on, and say what was refused.

    Args:
        token: Of their link.
        act: What to do, told the group's id.
        then: The address of the page to go on to.
    """
    group_id = opened_group(token).id
    try:
        with transaction() as session:
            act(session, group_id)
    except RefusedError as error:
        flash(refusal_words(Refusal(error.reason)), "error")
    return redirect(then, code=303)
