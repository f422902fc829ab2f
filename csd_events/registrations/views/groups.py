"""A group of colleagues, for who registered them: look, press the button, cancel."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import row_of
from csd_events.registrations import queries, rules, service
from csd_events.registrations.forms import ButtonForm
from csd_events.registrations.models import RegistrationGroup
from csd_events.registrations.queries import GroupLine
from csd_events.registrations.views.blueprint import bp


def token_after_form(group: RegistrationGroup) -> str:
    """Return where a form leads: a signed-in sender to their page, others to a receipt.

    The page of who is not signed in is opened by the link in their mail alone.
    """
    if group.held_until is None:
        return links().token(Purpose.GROUP, group.id, group.link_version)
    version = rules.receipt_version(group.sent_at)
    return links().token(Purpose.GROUP_RECEIPT, group.id, version)


@bp.get("/registrations/groups/<token>")
def show_group(token: str) -> ResponseReturnValue:
    """Show a receipt or the sender's page: a link of either kind leads here."""
    at = now()
    group = queries.find_group_receipt(db.session(), links(), token)
    is_receipt = group is not None
    if group is None:
        group = queries.get_group(db.session(), links(), token)
    elif at >= group.sent_at + rules.RECEIPT_KEPT:
        raise NotFoundError("receipt")
    event = events.get_with_areas(db.session(), group.event_id)
    return render_template(
        "registrations/group.html",
        event=row_of(event),
        group=group,
        state=_state(group, event, is_receipt=is_receipt, at=at),
        lines=_lines(group, event),
        token=token,
        may_change=not is_receipt and _may_change(event, at),
        form=ButtonForm(),
    )


@bp.post("/registrations/groups/<token>/confirm")
@guards_itself
def confirm_group(token: str) -> ResponseReturnValue:
    group = queries.get_group(db.session(), links(), token)
    group_id, version = group.id, group.link_version
    try:
        with transaction() as session:
            service.confirm_group(session, group_id, link_version=version, now=now())
    except RefusedError:
        flash(_("That was too late: nobody was registered."), "error")
    return redirect(url_for(".show_group", token=token), code=303)


@bp.route("/registrations/groups/<token>/cancel/<int:number>", methods=["GET", "POST"])
@guards_itself
def withdraw(token: str, number: int) -> ResponseReturnValue:
    """Take one of them back, once the button was pressed."""
    group = queries.get_group(db.session(), links(), token)
    event = events.get_with_areas(db.session(), group.event_id)
    line = next((each for each in _lines(group, event) if each.number == number), None)
    if line is None:
        raise NotFoundError("row of a group")
    if not (line.is_kept and _may_change(event, now())):
        return redirect(url_for(".show_group", token=token), code=303)
    form = ButtonForm()
    if not form.validate_on_submit():
        return render_template(
            "registrations/withdraw.html",
            event=row_of(event),
            line=line,
            token=token,
            form=form,
        )
    group_id, version = group.id, group.link_version
    with transaction() as session:
        service.withdraw(session, group_id, number, link_version=version, now=now())
    flash(_("%(name)s is not registered by you any more.", name=line.full_name))
    return redirect(url_for(".show_group", token=token), code=303)


def _lines(group: RegistrationGroup, event: Event) -> list[GroupLine]:
    return list(
        queries.list_lines(
            db.session(),
            group,
            nobody_waits=event.waiting == 0,
            is_compared=event.requires_conference,
        )
    )


def _may_change(event: Event, at: datetime) -> bool:
    return rules.may_cancel(event.over_at, event.cancelled_at, at)


def _state(
    group: RegistrationGroup, event: Event, *, is_receipt: bool, at: datetime
) -> str:
    """Say how a group stands as a whole."""
    if event.cancelled_at is not None:
        return "called_off"
    if group.confirmed_at is not None or group.held_until is None:
        return "confirmed"
    if group.held_until <= at:
        return "lapsed"
    return "sent" if is_receipt else "asked"
