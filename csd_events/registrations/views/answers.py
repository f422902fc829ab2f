"""Answering the questions of an event, and saying what one needs, after registering."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.words import row_of
from csd_events.registrations import queries, service
from csd_events.registrations.forms import AnswersForm, asking, typed_answers
from csd_events.registrations.models import Registration
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.own import may_answer
from csd_events.registrations.views.replacing import open_registration


@bp.route("/registrations/<token>/answers", methods=["GET", "POST"])
@guards_itself
def answers(token: str) -> ResponseReturnValue:
    registration = open_registration(token)
    if not may_answer(registration, now()):
        return _too_late(token)
    form = _form(registration)
    if not form.validate_on_submit():
        page = render_template(
            "registrations/answers.html",
            event=row_of(registration.event),
            form=form,
            token=token,
        )
        return page, 422 if form.is_submitted() else 200
    said, registration_id = form.said, registration.id
    version = registration.link_version
    try:
        with transaction() as session:
            service.answer(
                session, registration_id, said, link_version=version, now=now()
            )
    except RefusedError:
        return _too_late(token)
    flash(_("Saved. Thank you: whoever prepares the event can rely on it."))
    return redirect(url_for(".show", token=token), code=303)


def _form(registration: Registration) -> AnswersForm:
    """Make the form with what was said before, where nothing newer was sent."""
    session, event = db.session(), registration.event
    held: dict[str, Any] = {"needs": service.own_needs(session, registration.id)}
    if not event.has_questions:
        return AnswersForm(data=held)
    questions = events.list_questions(session, event.id)
    said = queries.list_answers(session, [registration.id]).get(registration.id, ())
    given = {each.question_id: each.value for each in said}
    held |= typed_answers(questions, given)
    return asking(AnswersForm, questions, given=given)(data=held)


def _too_late(token: str) -> ResponseReturnValue:
    words = _("Nothing was changed: answers can change until the event starts.")
    flash(words, "error")
    return redirect(url_for(".show", token=token), code=303)
