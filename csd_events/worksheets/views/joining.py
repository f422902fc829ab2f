"""Joining a group: by a code that is typed, or by the link that a QR code holds."""

import re
import secrets

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError, TooManyError
from csd_events.core.inputs import say
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries, service
from csd_events.worksheets.forms import CodeForm, JoinForm
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.rules import read_code
from csd_events.worksheets.service import Joining
from csd_events.worksheets.views.blueprint import bp, token_of
from csd_events.worksheets.words import title_of

ONCE = re.compile(r"[A-Za-z0-9_-]{16}")
PAUSE = 120  # seconds, at most


@bp.route("/worksheets/join", methods=["GET", "POST"])
@guards_itself
def join() -> ResponseReturnValue:
    """Ask for the code of a group, and lead to it."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, 422 if form.errors else 200)
    code = read_code(form.code.data) or ""
    try:
        _group_of(code)
    except NotFoundError:
        return _wrong_page(form, 422)
    except TooManyError:
        return _pause_page(form)
    return redirect(url_for(".join_group", code=code), code=303)


@bp.route("/worksheets/join/<code>", methods=["GET", "POST"])
@guards_itself
def join_group(code: str) -> ResponseReturnValue:
    """Ask who joins, and give them a worksheet of their own."""
    form = JoinForm()
    try:
        group = _group_of(read_code(code))
    except NotFoundError:
        return _wrong_page(CodeForm(formdata=None), 404)
    except TooManyError:
        return _pause_page(CodeForm(formdata=None))
    once = form.once.data or ""
    if not ONCE.fullmatch(once):
        form.once.data = once = secrets.token_urlsafe(12)
    if not form.validate_on_submit():
        page = render_template(
            "worksheets/join_group.html",
            title=title_of(group),
            event_title=queries.find_event_title(db.session(), group),
            form=form,
            code=code,
        )
        return page, 422 if form.errors else 200
    joining = Joining(
        name=form.name.data,
        once=once,
        network_address=own_network(),
    )
    group_id = group.id
    try:
        with transaction() as session:
            token = token_of(service.join(session, group_id, joining, now=now()))
    except RefusedError:  # closed at this moment
        return _wrong_page(CodeForm(formdata=None), 404)
    return redirect(url_for(".sheet", token=token), code=303)


def _group_of(code: str | None) -> WorksheetGroup:
    """Return the group that a code opens now.

    Raises:
        NotFoundError: None does. What looks like a code was counted.
        TooManyError: Too many wrong codes were tried on this site.
    """
    if code is None:
        raise NotFoundError("code")
    at, reading = now(), db.session()
    if not service.may_try(reading, now=at):
        raise TooManyError("wrong codes")
    if (group := queries.find_by_code(reading, code)) is not None:
        return group
    with transaction() as session:
        may_know = service.count_wrong(session, now=at)
    raise NotFoundError("code") if may_know else TooManyError("wrong codes")


def _code_page(form: CodeForm, status: int) -> ResponseReturnValue:
    page = render_template("worksheets/join.html", form=form, is_paused=False)
    return page, status


def _wrong_page(form: CodeForm, status: int) -> ResponseReturnValue:
    words = _("No group has this code now. Look at the screen again")
    form.code.errors = []
    say(form.code, words)
    return _code_page(form, status)


def _pause_page(form: CodeForm) -> ResponseReturnValue:
    page = render_template("worksheets/join.html", form=form, is_paused=True)
    return page, TooManyError.status, {"Retry-After": str(PAUSE)}
