"""A group of colleagues, for who registered them: look, press the button, cancel."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.inputs import say
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import row_of
from csd_events.registrations import queries, rules, service
from csd_events.registrations.forms import ButtonForm, ColleagueForm
from csd_events.registrations.models import RegistrationGroup
from csd_events.registrations.queries import GroupLine
from csd_events.registrations.rules import Newcomer, NotReplaced, refuse_replacing
from csd_events.registrations.service import By
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.words import not_swapped_words

#: What is wrong with the address that was typed, and so said beside it.
OF_THE_ADDRESS = {
    NotReplaced.SAME,
    NotReplaced.IN_THE_FORM,
    NotReplaced.NOT_A_MEMBER,
}


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
        lines=queries.list_lines(db.session(), group, event),
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
    group, event, line = _row(token, number)
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


@bp.route("/registrations/groups/<token>/replace/<int:number>", methods=["GET", "POST"])
@guards_itself
def replace_colleague(token: str, number: int) -> ResponseReturnValue:
    """Let somebody else come instead of one of them."""
    group, event, line = _row(token, number)
    refusal = refuse_replacing(queries.standing_of_line(event, line), now())
    form = ColleagueForm(organization=line.organization)
    if refusal or not form.validate_on_submit():
        return _replace_page(event, line, token, form, refusal)
    newcomer = Newcomer(
        full_name=form.full_name.data,
        email=form.email.data,
        organization=form.organization.data,
    )
    by = By(link_version=group.link_version, network_address=own_network())
    group_id = group.id
    try:
        with transaction() as session:
            service.let_another_come(
                session, group_id, number, newcomer, by=by, now=now()
            )
    except RefusedError as error:
        refusal = NotReplaced(error.reason)
        _group, event, line = _row(token, number)
        return _replace_page(event, line, token, form, refusal)
    flash(
        _(
            "We have written to %(email)s. Their mail says how they stand.",
            email=newcomer.email,
        )
    )
    return redirect(url_for(".show_group", token=token), code=303)


def _replace_page(
    event: Event,
    line: GroupLine,
    token: str,
    form: ColleagueForm,
    refusal: NotReplaced | None,
) -> ResponseReturnValue:
    """Ask who comes instead; say beside the address what is wrong with it."""
    words, status = "", 422 if form.errors else 200
    if refusal in OF_THE_ADDRESS:
        say(form.email, not_swapped_words(refusal))
        status = 422
    elif refusal is not None:
        words = not_swapped_words(refusal)
        status = RefusedError.status if request.method == "POST" else 200
    page = render_template(
        "registrations/replace_colleague.html",
        event=row_of(event),
        line=line,
        refusal_words=words,
        token=token,
        form=form,
    )
    return page, status


def _row(token: str, number: int) -> tuple[RegistrationGroup, Event, GroupLine]:
    """Find a row of the group that a link opens, as its sender reads it."""
    group = queries.get_group(db.session(), links(), token)
    event = events.get_with_areas(db.session(), group.event_id)
    line = queries.line_of(db.session(), group, event, number)
    if line is None:
        raise NotFoundError("row of a group")
    return group, event, line


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
