"""Writing an announcement, to the people of an event or to members."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
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
from csd_events.core.access import (
    current_person_id,
    event_staff_required,
    staff_required,
)
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, StaleError
from csd_events.core.inputs import overtaken
from csd_events.core.pages import read_id
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.registrations import queries as registrations
from csd_events.registrations.models import Selection
from csd_events.registrations.rules import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is shown around the form.

    Attributes:
        saved: What somebody else saved meanwhile, where it differs.
        unsaved: What was typed some time ago, and not saved.
        chosen: The registrations that staff chose before they came here.
    """

    saved: list[tuple[str, str]] | None = None
    unsaved: Unsaved | None = None
    chosen: Selection | None = None


NOTHING = Beside()


@bp.route("/announcements/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_to_members() -> ResponseReturnValue:
    return _new(None)


@bp.route("/events/<int:event_id>/announcements/new", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def new_to_event(event_id: int) -> ResponseReturnValue:
    return _new(events.get_row(db.session(), event_id))


@bp.route("/announcements/<int:announcement_id>/edit", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def edit(announcement_id: int) -> ResponseReturnValue:
    row = queries.get(db.session(), announcement_id)
    event = _event_of(row)
    if request.method != "POST":
        if row.stage is not Stage.DRAFT:
            return redirect(url_for(".show", announcement_id=row.id), code=303)
        return _open(event, row, partial(_form_of, row, event), typed_of(row))
    form = _form_of(row, event)
    if not form.validate():
        return _page(form, event, row), 422
    return _save(form, event, row)


def _new(event: Event | None) -> ResponseReturnValue:
    given: dict[str, Any] = {"states": [State.CONFIRMED.value], "body": _first_words()}
    chosen = _chosen(event)
    make = partial(AnnouncementForm, event=event, chosen=chosen is not None)
    if request.method != "POST":
        return _open(event, None, make, given, chosen=chosen)
    form = make(data=given)
    if not form.validate():
        return _page(form, event, None, Beside(chosen=chosen)), 422
    event_id = event.id if event else None
    with transaction() as session:
        made = service.write(
            session,
            form.draft(),
            event_id=event_id,
            selection_id=chosen.id if chosen else None,
            now=now(),
            actor_id=current_person_id(),
        )
        account_service.forget_typed(session, current_person_id(), request.path)
    flash(_("Saved as a draft. Nobody has been written to."))
    return back_to(made)


def _open(
    event: Event | None,
    row: Announcement | None,
    make: Callable[..., AnnouncementForm],
    given: dict[str, Any],
    *,
    chosen: Selection | None = None,
) -> ResponseReturnValue:
    """Show the form, or what somebody typed into it and did not save."""
    unsaved = accounts.find_typed(
        db.session(),
        current_person_id(),
        request.path,
        version=row.version if row else 0,
        shown="typed" in request.args,
    )
    beside = Beside(unsaved=unsaved, chosen=chosen)
    if unsaved is None or not unsaved.is_shown:
        return _page(make(data=given), event, row, beside)
    form = make(formdata=MultiDict(unsaved.fields))
    if row and unsaved.is_stale:
        fresh = make(data=given, formdata=None)
        beside = replace(beside, saved=overtaken(form, fresh))
    return _page(form, event, row, beside)


def _chosen(event: Event | None) -> Selection | None:
    """Return whom staff chose before they came here; None where they chose nobody."""
    selection_id = read_id(request.args.get("chosen"))
    if event is None or selection_id is None:
        return None
    return registrations.get_selection(db.session(), event.id, selection_id)


def _form_of(row: Announcement, event: Event | None, **given: Any) -> AnnouncementForm:
    chosen = row.selection_id is not None
    return AnnouncementForm(event=event, chosen=chosen, **given)


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
        saved = _form_of(fresh, event, data=typed_of(fresh), formdata=None)
        return _page(form, event, fresh, Beside(saved=overtaken(form, saved))), 409
    except RefusedError as error:
        flash(refusal_words(Refusal(error.reason)), "error")
        return back_to(row_id)
    flash(_("Saved as a draft. Nobody has been written to."))
    return back_to(row_id)


def _event_of(row: Announcement) -> Event | None:
    if row.event_id is None:
        return None
    return events.get_row(db.session(), row.event_id)


def _number_chosen(
    row: Announcement | None, event: Event | None, chosen: Selection | None
) -> int | None:
    if row is not None and row.selection_id is not None and event is not None:
        session = db.session()
        chosen = registrations.get_selection(session, event.id, row.selection_id)
    return chosen.known if chosen else None


def _page(
    form: AnnouncementForm,
    event: Event | None,
    row: Announcement | None,
    beside: Beside = NOTHING,
) -> str:
    return render_template(
        "announcements/staff/edit.html",
        form=form,
        event=event,
        announcement=row,
        saved=beside.saved,
        unsaved=beside.unsaved,
        number=_number_chosen(row, event, beside.chosen),
        names=[(name, PLACEHOLDER_WORDS[name]) for name in form.names],
    )
