"""Where a group is found again by who leads it, and how it is removed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.access import current_person, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.forms import SessionForm
from csd_events.core.web import external_url, guards_itself
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries, service
from csd_events.worksheets.forms import SendForm
from csd_events.worksheets.rules import KEPT
from csd_events.worksheets.service import Sending
from csd_events.worksheets.views.blueprint import bp, opened_group, take_over
from csd_events.worksheets.words import title_of


@bp.route("/worksheets/groups/<token>/keep", methods=["GET", "POST"])
@guards_itself
def keep_group(token: str) -> ResponseReturnValue:
    """Show the link by which a group is led, and send it to an address."""
    group, form = opened_group(token), SendForm()
    if not form.validate_on_submit():
        if (person := current_person()) is not None and not form.is_submitted():
            form.email.data = person.email
        page = render_template(
            "worksheets/keep_group.html",
            title=title_of(group),
            form=form,
            own_form=SessionForm(),
            address=external_url(".group", token=token),
            token=token,
            kept_until=group.changed_at + KEPT if group.person_id is None else None,
            is_own=group.person_id is not None
            and group.person_id == current_person_id(),
        )
        return page, 422 if form.errors else 200
    group_id, sending = group.id, Sending(form.email.data, own_network())
    with transaction() as session:
        service.send_group_link(session, group_id, sending, now=now())
    flash(_("The link is on its way to %(email)s.", email=sending.email))
    return redirect(url_for(".group", token=token), code=303)


@bp.post("/worksheets/groups/<token>/claim")
def claim_group(token: str) -> ResponseReturnValue:
    """Let a group of nobody's belong to who is signed in."""
    return take_over(
        lambda session, person_id: service.claim_group(
            session, opened_group(token).id, person_id
        ),
        then=url_for(".group", token=token),
    )


@bp.route("/worksheets/groups/<token>/remove", methods=["GET", "POST"])
@guards_itself
def remove_group(token: str) -> ResponseReturnValue:
    """Ask, and then remove a group: it is closed first, so that nobody joins then."""
    group = opened_group(token)
    if request.method == "GET":
        return render_template(
            "worksheets/remove_group.html",
            title=title_of(group),
            token=token,
            counts=queries.count_people(db.session(), group.id),
            answers=queries.count_answers(db.session(), group.id),
        )
    group_id = group.id
    with transaction() as session:
        service.close(session, group_id, now=now())
    with transaction() as session:
        service.remove_group(session, group_id)
    flash(_("The group is removed. Everybody keeps their own worksheet."))
    return redirect(url_for(".index"), code=303)
