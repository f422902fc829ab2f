"""Writing an announcement, to the people of an event or to members."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from csd_events.accounts import queries as accounts
from csd_events.accounts import service as account_service
from csd_events.accounts.queries import Unsaved
from csd_events.announcements import queries, service
from csd_events.announcements.forms import AnnouncementForm, typed_of
from csd_events.announcements.models import Announcement
from csd_events.announcements.rules import Refusal, Stage
from csd_events.announcements.staff_views.blueprint import back_to, bp
from csd_events.announcements.words import PLACEHOLDER_WORDS, refusal_words
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, StaleError
from csd_events.core.inputs import overtaken
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations.rules import State


@bp.route("/announcements/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_to_members() -> ResponseReturnValue:
    return _new(None)


@bp.route("/events/<int:event_id>/announcements/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_to_event(event_id: int) -> ResponseReturnValue:
    return _new(events.get_row(db.session(), event_id))


@bp.route("/announcements/<int:announcement_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit(announcement_id: int) -> ResponseReturnValue:
    row = queries.get(db.session(), announcement_id)
    event = _event_of(row)
    if request.method != "POST":
        if row.stage is not Stage.DRAFT:
            return redirect(url_for(".show", announcement_id=row.id), code=303)
        return _open(event, row, typed_of(row))
    form = AnnouncementForm(event=event)
    if not form.validate():
        return _page(form, event, row), 422
    return _save(form, event, row)


def _new(event: Event | None) -> ResponseReturnValue:
    given: dict[str, Any] = {"states": [State.CONFIRMED.value], "body": _first_words()}
    if request.method != "POST":
        return _open(event, None, given)
    form = AnnouncementForm(event=event, data=given)
    if not form.validate():
        return _page(form, event, None), 422
    event_id = event.id if event else None
    with transaction() as session:
        made = service.write(
            session,
            form.draft(),
            event_id=event_id,
            now=now(),
            actor_id=current_person_id(),
        )
        account_service.forget_typed(session, current_person_id(), request.path)
    flash(_("Saved as a draft. Nobody has been written to."))
    return back_to(made)


def _open(
    event: Event | None, row: Announcement | None, given: dict[str, Any]
) -> ResponseReturnValue:
    """Show the form, or what somebody typed into it and did not save."""
    unsaved = accounts.find_typed(
        db.session(),
        current_person_id(),
        request.path,
        version=row.version if row else 0,
        shown="typed" in request.args,
    )
    if unsaved is None or not unsaved.is_shown:
        form = AnnouncementForm(event=event, data=given)
        return _page(form, event, row, unsaved=unsaved)
    form, saved = (
        AnnouncementForm(event=event, formdata=MultiDict(unsaved.fields)),
        None,
    )
    if row and unsaved.is_stale:
        fresh = AnnouncementForm(event=event, data=given, formdata=None)
        saved = overtaken(form, fresh)
    return _page(form, event, row, saved=saved, unsaved=unsaved)


def _first_words() -> str:
    """Begin a letter, as an example of a name in braces."""
    return str(_("Hello {name},")) + "\n\n"


def _save(
    form: AnnouncementForm, event: Event | None, row: Announcement
) -> ResponseReturnValue:
    row_id = row.id
    try:
        with transaction() as session:
            service.save(
                session,
                row_id,
                form.draft(),
                version=form.seen_version,
                now=now(),
                actor_id=current_person_id(),
            )
            account_service.forget_typed(session, current_person_id(), request.path)
    except StaleError:
        fresh = queries.get(db.session(), row_id)
        saved = AnnouncementForm(event=event, data=typed_of(fresh), formdata=None)
        return _page(form, event, fresh, saved=overtaken(form, saved)), 409
    except RefusedError as error:
        flash(refusal_words(Refusal(error.reason)), "error")
        return back_to(row_id)
    flash(_("Saved as a draft. Nobody has been written to."))
    return back_to(row_id)


def _event_of(row: Announcement) -> Event | None:
    if row.event_id is None:
        return None
    return events.get_row(db.session(), row.event_id)


def _page(
    form: AnnouncementForm,
    event: Event | None,
    row: Announcement | None,
    *,
    saved: list[tuple[str, str]] | None = None,
    unsaved: Unsaved | None = None,
) -> str:
    return render_template(
        "announcements/staff/edit.html",
        form=form,
        event=event,
        announcement=row,
        saved=saved,
        unsaved=unsaved,
        names=[(name, PLACEHOLDER_WORDS[name]) for name in form.names],
    )
