"""What mails say: on the whole site, and at one event."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from csd_events.accounts import service as accounts
from csd_events.accounts.queries import Unsaved
from csd_events.core.access import (
    administrator_required,
    current_person_id,
    event_staff_required,
)
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.inputs import KeptForm, overtaken
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.outbox import queries as outbox
from csd_events.outbox import service as outbox_service
from csd_events.outbox.mail import in_force
from csd_events.outbox.models import MailWords
from csd_events.outbox.rules import UnsoundError
from csd_events.outbox.service import Saying
from csd_events.registrations import mail
from csd_events.registrations.forms import WordsForm
from csd_events.registrations.staff_views.blueprint import bp, unsaved_here
from csd_events.registrations.staff_views.words_pages import (
    edit_page,
    joining_of,
    list_page,
    me,
    saying_of,
    url_of,
)


@bp.get("/words")
@administrator_required
def words() -> ResponseReturnValue:
    return list_page(None)


@bp.route("/words/<kind>", methods=["GET", "POST"])
@guards_itself
@administrator_required
def edit_words(kind: str) -> ResponseReturnValue:
    return _edit(kind, None)


@bp.route("/words/<kind>/reset", methods=["GET", "POST"])
@guards_itself
@administrator_required
def reset_words(kind: str) -> ResponseReturnValue:
    return _reset(kind, None)


@bp.get("/events/<int:event_id>/words")
@event_staff_required()
def event_words(event_id: int) -> ResponseReturnValue:
    return list_page(events.get(db.session(), event_id))


@bp.route("/events/<int:event_id>/words/<kind>", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def edit_event_words(event_id: int, kind: str) -> ResponseReturnValue:
    return _edit(kind, events.get(db.session(), event_id))


@bp.route("/events/<int:event_id>/words/<kind>/reset", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def reset_event_words(event_id: int, kind: str) -> ResponseReturnValue:
    return _reset(kind, events.get(db.session(), event_id))


def _edit(kind: str, event: Event | None) -> ResponseReturnValue:
    session, saying = db.session(), saying_of(kind, event)
    saved = outbox.find_saved(session, kind, saying.event_id)
    unsaved = unsaved_here(saved.version if saved else 0)
    if unsaved and unsaved.is_shown and request.method == "GET":
        return _take_back(unsaved, saying, saved, event)
    form = _form(saying, saved)
    if form.is_submitted() and not form.validate():
        return edit_page(form, saying, event), 422
    try:
        outbox_service.check(form.words, saying.wording, joining=joining_of(event))
        return _do(request.form.get("action"), form, saying, event)
    except UnsoundError as error:
        form.show(error.problems)
        page = edit_page(form, saying, event)
        return page, error.status if form.is_submitted() else 200
    except StaleError as error:
        saved = outbox.find_saved(db.session(), kind, saying.event_id)
        fresh = _form(saying, saved, formdata=None)
        fresh.reader.data = form.reader.data
        return edit_page(form, saying, event, overtaken(form, fresh)), error.status


def _take_back(
    unsaved: Unsaved, saying: Saying, saved: MailWords | None, event: Event | None
) -> ResponseReturnValue:
    """Show what somebody typed and did not save, beside what was saved since."""
    form = _form(saying, saved, formdata=MultiDict(unsaved.fields))
    both = None
    if unsaved.is_stale:
        both = overtaken(form, _form(saying, saved, formdata=None))
    return edit_page(form, saying, event, both)


def _do(
    wanted: str | None, form: WordsForm, saying: Saying, event: Event | None
) -> ResponseReturnValue:
    """Show the words, send them to whoever asks, or save them."""
    if not form.is_submitted() or wanted == "preview":
        return edit_page(form, saying, event)
    if wanted == "try":
        address = me().email
        with transaction() as session:
            outbox_service.try_words(
                session,
                saying,
                form.words,
                reader=form.whose,
                person_id=me().id,
                address=address,
                now=now(),
            )
        flash(_("A test goes to %(address)s. Nothing is saved.", address=address))
        return edit_page(form, saying, event)
    with transaction() as session:
        outbox_service.save_words(
            session,
            saying,
            form.words,
            joining=joining_of(event),
            version=form.seen_version,
            now=now(),
            actor_id=current_person_id(),
        )
        accounts.forget_typed(session, current_person_id(), request.path)
    flash(_("Saved. Mails say it from now on."))
    return redirect(url_of("edit", saying.kind, event), code=303)


def _reset(kind: str, event: Event | None) -> ResponseReturnValue:
    saying = saying_of(kind, event)
    saved = outbox.find_saved(db.session(), kind, saying.event_id)
    if saved is None:
        return redirect(url_of("edit", kind, event), code=303)
    form = KeptForm(data={"version": str(saved.version)})
    if not form.validate_on_submit():
        then = saying.wording.original
        if event:
            then = in_force(db.session(), kind, None, saying.wording)
        page = render_template(
            "registrations/staff/reset_words.html",
            form=form,
            name=saying.name,
            event=event,
            then=then,
            back=url_of("edit", kind, event),
        )
        return page, 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            outbox_service.reset_words(
                session,
                saying,
                version=form.seen_version,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        flash(_("Somebody saved these words meanwhile. See how they stand."), "error")
    else:
        flash(_("The words of before are back."))
    return redirect(url_of("edit", kind, event), code=303)


def _form(saying: Saying, saved: MailWords | None, **given: Any) -> WordsForm:
    shown = in_force(db.session(), saying.kind, saying.event_id, saying.wording)
    form = WordsForm(
        data={
            "version": str(saved.version if saved else 0),
            "subject": shown.subject,
            "body": shown.body,
        },
        **given,
    )
    form.offer(mail.list_readers(db.session(), saying.kind, saying.event_id))
    return form
