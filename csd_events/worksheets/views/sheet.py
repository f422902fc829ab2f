"""A worksheet: answered as one goes, sent to oneself, kept, removed.

The link is the secret: whoever has it may do all of this. Looking changes nothing.
"""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.access import current_person, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.forms import SessionForm
from csd_events.core.web import external_url, guards_itself
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries, service
from csd_events.worksheets.forms import SendForm, read_answers
from csd_events.worksheets.models import Worksheet
from csd_events.worksheets.rules import ITEMS, KEPT, Part, Refusal, offer, score
from csd_events.worksheets.service import Sending, instrument
from csd_events.worksheets.views.blueprint import bp, opened, own_stage, take_over
from csd_events.worksheets.words import (
    among_of,
    answers_of,
    count_answered,
    line_words,
    parts_of,
    refusal_words,
    title_of,
)


@bp.get("/worksheets/<token>")
def sheet(token: str) -> ResponseReturnValue:
    return _sheet_page(token)


def _sheet_page(token: str, refused: str | None = None) -> str:
    worksheet = opened(token)
    tool, given = instrument(worksheet.instrument), answers_of(worksheet)
    offered = offer(own_stage(), has_scores=score(tool, given).has_both)
    group = None
    if worksheet.group_id is not None:
        group = queries.get_group(db.session(), worksheet.group_id)
    return render_template(
        "worksheets/sheet.html",
        title=title_of(worksheet),
        parts=parts_of(tool, given),
        answered=count_answered(worksheet),
        questions=len(ITEMS),
        token=token,
        kept_until=_kept(worksheet),
        line=line_words(offered.line),
        has_part_two=offered.part is Part.TWO and group is None,
        among=among_of(worksheet, group) if group else None,
        refused=refused,
    )


def refused_page(token: str, refusal: Refusal) -> ResponseReturnValue:
    """Show a worksheet as it stands, and say why what was sent is not saved."""
    return _sheet_page(token, refusal_words(refusal)), RefusedError.status


@bp.post("/worksheets/<token>")
@guards_itself
def answer(token: str) -> ResponseReturnValue:
    """Save what was sent: one answer as it is given, or all that the page holds."""
    worksheet_id = opened(token).id
    answers = read_answers(request.form)
    if answers is None:
        abort(400)
    try:
        with transaction() as session:
            service.answer(session, worksheet_id, answers, now=now())
    except RefusedError as error:
        return refused_page(token, Refusal(error.reason))
    return redirect(url_for("matching.result", token=token), code=303)


@bp.route("/worksheets/<token>/keep", methods=["GET", "POST"])
@guards_itself
def keep(token: str) -> ResponseReturnValue:
    """Show the link, and send it to an address."""
    worksheet = opened(token)
    form = SendForm()
    if not form.validate_on_submit():
        if (person := current_person()) is not None and not form.is_submitted():
            form.email.data = person.email
        page = render_template(
            "worksheets/keep.html",
            title=title_of(worksheet),
            form=form,
            own_form=SessionForm(),
            address=external_url(".sheet", token=token),
            token=token,
            kept_until=_kept(worksheet),
            is_own=worksheet.person_id is not None
            and worksheet.person_id == current_person_id(),
        )
        return page, 422 if form.errors else 200
    with transaction() as session:
        sending = Sending(form.email.data, own_network())
        service.send_link(session, worksheet.id, sending, now=now())
    flash(_("The link is on its way to %(email)s.", email=form.email.data))
    return redirect(url_for(".sheet", token=token), code=303)


@bp.post("/worksheets/<token>/claim")
def claim(token: str) -> ResponseReturnValue:
    """Let a worksheet of nobody's belong to who is signed in."""
    return take_over(
        lambda session, person_id: service.claim(session, opened(token).id, person_id),
        then=url_for(".sheet", token=token),
    )


@bp.route("/worksheets/<token>/remove", methods=["GET", "POST"])
@guards_itself
def remove(token: str) -> ResponseReturnValue:
    """Ask, and then remove a worksheet with all its answers."""
    worksheet = opened(token)
    if request.method == "GET":
        return render_template(
            "worksheets/remove.html",
            title=title_of(worksheet),
            answered=count_answered(worksheet),
            token=token,
        )
    worksheet_id = worksheet.id
    with transaction() as session:
        service.remove(session, worksheet_id, now=now())
    flash(_("The worksheet and its answers are removed."))
    return redirect(url_for(".index"), code=303)


def _kept(worksheet: Worksheet) -> datetime | None:
    """Return until when a worksheet of nobody's is kept; None of one that stays."""
    return worksheet.answered_at + KEPT if worksheet.person_id is None else None
