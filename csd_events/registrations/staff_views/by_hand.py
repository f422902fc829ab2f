"""Registering somebody, giving a place, taking it back: with the mail or without."""

from datetime import datetime
from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself, money
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.events.rules import in_force
from csd_events.events.words import offer_view, places_left
from csd_events.registrations import queries, rules, service
from csd_events.registrations.forms import (
    ByHandForm,
    GivePlaceForm,
    TellForm,
    asking,
)
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import NotPlaced, State, Wish
from csd_events.registrations.service import ByHand, seats_of, seats_through
from csd_events.registrations.staff_views.blueprint import back_to, back_to_list, bp
from csd_events.registrations.words import not_placed_words


@bp.route("/events/<int:event_id>/registrations/new", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def new_registration(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is not EventState.PUBLISHED or not event.offers:
        flash(_("Nobody can be registered: the event is not published."), "error")
        return back_to(event_id)
    at = now()
    kind = asking(ByHandForm, event.asked, strict=False)
    form = kind(
        offers=_offers(event, at),
        priced=any(offer.price_cents for offer in event.offers),
        full=places_left(event) == 0,
    )
    if not form.validate_on_submit():
        return _new_page(event, form), 422 if form.is_submitted() else 200
    wish = _wish(event, form, at)
    beyond = "place" in form and form.place.data == "beyond"
    tell = form.tell.data
    try:
        with transaction() as session:
            made = service.register_by_hand(
                session,
                ByHand(wish=wish, beyond=beyond, tell=tell),
                now=at,
                actor_id=current_person_id(),
            )
    except RefusedError as error:
        form.form_errors = [not_placed_words(NotPlaced(error.reason))]
        return _new_page(events.get(db.session(), event_id), form), 409
    forget_pages()
    flash(_outcome_words(queries.get(db.session(), made), tell=tell))
    return back_to_list(event_id)


@bp.route("/registrations/<int:registration_id>/cancel", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def cancel_registration(registration_id: int) -> ResponseReturnValue:
    registration = queries.get(db.session(), registration_id)
    event, event_id = registration.event, registration.event_id
    may = rules.may_cancel(event.over_at, event.cancelled_at, now())
    if registration.state is State.CANCELLED or not may:
        return _too_late(event_id, NotPlaced.DECIDED if may else NotPlaced.OVER)
    pending = registration.is_pending  # who has not heard of it hears of no end
    form = TellForm()
    if not form.validate_on_submit():
        template = "registrations/staff/cancel_registration.html"
        return _question(template, registration, form)
    try:
        with transaction() as session:
            service.cancel(
                session,
                registration_id,
                now=now(),
                actor_id=current_person_id(),
                tell=form.tell.data and not pending,
            )
    except RefusedError:
        return _too_late(event_id, NotPlaced.OVER)
    if pending:
        form.tell.data = False
    return _done(event_id, _("The registration is cancelled."), form)


@bp.route("/registrations/<int:registration_id>/place", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def give_place(registration_id: int) -> ResponseReturnValue:
    registration = queries.get(db.session(), registration_id)
    event_id, waits = registration.event_id, registration.state is State.WAITING
    if not waits and registration.hold not in rules.NOT_AWAITED:
        return _too_late(event_id, NotPlaced.DECIDED)
    event = events.get(db.session(), event_id)
    beyond = waits and seats_through(event, registration.offer_id).all_taken
    form = GivePlaceForm(beyond="yes" if beyond else "")
    if not form.validate_on_submit():
        template = "registrations/staff/give_place.html"
        full = seats_of(event).all_taken
        return _question(template, registration, form, beyond=beyond, full=full)
    try:
        with transaction() as session:
            service.give_place(
                session,
                registration_id,
                now=now(),
                actor_id=current_person_id(),
                beyond=bool(form.beyond.data),
                tell=form.tell.data,
            )
    except RefusedError as error:
        return _too_late(event_id, NotPlaced(error.reason))
    return _done(event_id, _("The place is given."), form)


def _question(
    template: str, registration: Registration, form: TellForm, **others: Any
) -> ResponseReturnValue:
    """Ask whether staff mean it, with the choice of a mail."""
    event = registration.event
    page = render_template(
        template, registration=registration, event=event, form=form, **others
    )
    return page, 422 if form.is_submitted() else 200


def _done(event_id: int, words: str, form: TellForm) -> ResponseReturnValue:
    forget_pages()
    flash(f"{words} {_told_words(tell=form.tell.data)}")
    return back_to_list(event_id)


def _too_late(event_id: int, why: NotPlaced) -> ResponseReturnValue:
    flash(not_placed_words(why), "error")
    return back_to_list(event_id)


def _new_page(event: Event, form: ByHandForm) -> str:
    return render_template(
        "registrations/staff/new_registration.html", event=event, form=form
    )


def _offers(event: Event, at: datetime) -> dict[str, str]:
    """Put every offer of an event into words, whenever it is open.

    Where the event has places left and an offer none of its own, it says so.
    """
    found, full = {}, places_left(event) == 0
    for offer in event.offers:
        view = offer_view(in_force(offer, None), event, now=at)
        price = _("free") if view.is_free else money(view.price_cents, view.currency)
        words = f"{view.audience_words}, {price}"
        if not full and seats_of(event, offer).all_taken:
            words = _("%(price)s (all taken: they join the waiting list)", price=words)
        found[str(offer.id)] = words
    return found


def _wish(event: Event, form: ByHandForm, at: datetime) -> Wish:
    return Wish(
        slug=event.slug,
        full_name=form.full_name.data,
        email=form.email.data,
        organization=form.organization.data,
        opened_at=at,
        offer_id=int(form.offer.data),
        service_area=form.service_area.data,
        us_state=form.state.data,
        purchase_order=form.purchase_order.data if "purchase_order" in form else "",
        bill_to=form.bill_to.data if "bill_to" in form else "",
        said=form.said,
    )


def _outcome_words(made: Registration, *, tell: bool) -> str:
    words = _("%(name)s is registered.", name=made.full_name)
    if made.state is State.WAITING:
        words = _("%(name)s is on the waiting list.", name=made.full_name)
    return f"{words} {_told_words(tell=tell)}"


def _told_words(*, tell: bool) -> str:
    if tell:
        return str(_("A mail tells them."))
    return str(_("Nobody was told."))
