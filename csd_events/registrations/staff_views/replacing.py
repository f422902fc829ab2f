"""Somebody comes in another's place, or by another address: done by staff."""

from collections.abc import Callable
from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.inputs import say
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.registrations import queries, service
from csd_events.registrations.forms import StaffAddressForm, StaffColleagueForm
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import (
    Newcomer,
    NotReplaced,
    refuse_readdressing,
    refuse_replacing,
)
from csd_events.registrations.service import By
from csd_events.registrations.staff_views.blueprint import back_to_list, bp
from csd_events.registrations.words import not_replaced_words


@bp.route("/registrations/<int:registration_id>/replace", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def replace_registration(registration_id: int) -> ResponseReturnValue:
    registration = queries.get(db.session(), registration_id)
    standing = queries.standing_of(registration.event, registration)
    if refuse_replacing(standing, now(), by_staff=True):
        return _too_late(registration.event_id)
    form = StaffColleagueForm(organization=registration.organization)

    def act() -> str:
        newcomer = Newcomer(
            full_name=form.full_name.data,
            email=form.email.data,
            organization=form.organization.data,
        )
        with transaction() as session:
            service.replace(session, registration_id, newcomer, now=now(), by=_by(form))
        return str(_("%(name)s comes instead.", name=newcomer.full_name))

    return _ask(registration, form, act, "replace_registration")


@bp.route("/registrations/<int:registration_id>/address", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def readdress_registration(registration_id: int) -> ResponseReturnValue:
    registration = queries.get(db.session(), registration_id)
    standing = queries.standing_of(registration.event, registration)
    if refuse_readdressing(standing, now(), by_staff=True):
        return _too_late(registration.event_id)
    form = StaffAddressForm(email=registration.person.email)

    def act() -> str:
        with transaction() as session:
            service.correct_address(
                session, registration_id, form.email.data, now=now(), by=_by(form)
            )
        return str(_("The address is %(email)s now.", email=form.email.data))

    return _ask(registration, form, act, "readdress_registration")


def _ask(
    registration: Registration, form: Any, act: Callable[[], str], template: str
) -> ResponseReturnValue:
    """Show the form; when it is sent do it, and go back to the list."""
    event_id, registration_id = registration.event_id, registration.id
    if not form.validate_on_submit():
        page = _page(template, registration, form)
        return page, 422 if form.is_submitted() else 200
    try:
        done = act()
    except RefusedError as error:
        why = NotReplaced(error.reason)
        if why in {NotReplaced.DECIDED, NotReplaced.OVER}:
            return _too_late(event_id)
        registration = queries.get(db.session(), registration_id)
        say(
            form.email,
            not_replaced_words(db.session(), why, registration.event, now=now()),
        )
        return _page(template, registration, form), 422
    forget_pages()
    told = _("A mail tells both.") if form.tell.data else _("Nobody was told.")
    flash(f"{done} {told}")
    return back_to_list(event_id)


def _page(template: str, registration: Registration, form: Any) -> str:
    return render_template(
        f"registrations/staff/{template}.html",
        registration=registration,
        event=registration.event,
        form=form,
    )


def _by(form: StaffColleagueForm | StaffAddressForm) -> By:
    return By(actor_id=current_person_id(), is_staff=True, tell=form.tell.data)


def _too_late(event_id: int) -> ResponseReturnValue:
    flash(_("Nothing was changed: it stands otherwise by now. See the list."), "error")
    return back_to_list(event_id)
