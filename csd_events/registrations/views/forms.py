"""The form, what is said when it cannot be sent, and where it leads."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from csd_events.accounts.views import own_network
from csd_events.association.mail import speaker
from csd_events.core.access import SignedIn, current_person, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.inputs import say, words_of
from csd_events.core.time import local_time, to_wall
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import (
    GRACE,
    GRACE_SHOWN_FROM,
    Access,
    Terms,
    asks_for_codes,
)
from csd_events.events.words import (
    action_words,
    offer_view,
    required_conference,
    row_of,
)
from csd_events.organizations import queries as organizations
from csd_events.registrations import queries, rules, service
from csd_events.registrations.forms import (
    GuestForm,
    MemberForm,
    Ticket,
    asking,
    read_ticket,
)
from csd_events.registrations.rules import Outcome, Refusal, Wish
from csd_events.registrations.views.blank import keep_blank, new_form, ticket_for
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.refusals import refusal_words
from csd_events.registrations.words import full_words


@bp.get("/events/<slug>/register")
def new(slug: str) -> ResponseReturnValue:
    event = events.get_with_offers(db.session(), slug)
    code, via = request.args.get("code", ""), rules.read_via(request.args.get("via"))
    if current_person() is not None:
        event_page = url_for("home.event", slug=slug, code=code or None, via=via)
        return redirect(event_page, code=303)
    found = service.terms_for(db.session(), event, None, now=now(), code=code)
    refusal = service.refusal_of(event, found)
    if refusal not in {None, Refusal.NOT_INVITED}:
        return refuse(event, refusal, found)
    form = new_form(event, found, code=code, via=via or "")
    keep_blank(event, found, form)
    return form_page(event, form, found)


@bp.post("/events/<slug>/register")
@guards_itself
def create(slug: str) -> ResponseReturnValue:
    ticket = read_ticket(request.form.get("ticket", ""))
    form = _sent(slug, ticket)
    valid = form.validate_on_submit()
    if ticket is None or ticket.slug != slug:
        return _ask_again(*_as_it_stands(slug, form), form)
    if not valid:
        event, found = _as_it_stands(slug, form)
        form.ticket.data = request.form.get("ticket", "")
        return form_page(event, form, found), 422
    wish = _wish(slug, form, ticket)
    try:
        with transaction() as session:
            outcome = service.register(session, wish, now=now())
    except RefusedError as error:
        return _not_registered(wish, form, Refusal(error.reason))
    return redirect(url_for(".show", token=_token(outcome)), code=303)


def _sent(slug: str, ticket: Ticket | None) -> GuestForm | MemberForm:
    """Make the form that was sent: its ticket says whether it asked anything.

    Without a ticket of ours nobody knows, and what was typed is to be kept.
    """
    # What a frame sends is a guest's form, whoever may be signed in here.
    is_guest = current_person() is None or bool(request.form.get("framed"))
    kind = GuestForm if is_guest else MemberForm
    asks = ticket is None or ticket.asks
    return asking(kind, events.list_questions_at(db.session(), slug) if asks else [])()


def _not_registered(
    wish: Wish, form: GuestForm | MemberForm, reason: Refusal
) -> ResponseReturnValue:
    """Ask for the code of an invitation beside its field; explain all else."""
    if reason is Refusal.NO_SUCH_CODE:
        with transaction() as session:
            service.count_wrong_code(session, wish, now=now())
    event, found = _as_it_stands(wish.slug, form)
    needed = _(
        "No invitation to this event has this code. Check it in the mail or the letter "
        "that invited you"
    )
    optional = _(
        "No invitation to this event has this code. Check it, or leave it empty"
    )
    words = {
        Refusal.NO_SUCH_CODE: needed
        if found.access is Access.NOT_INVITED
        else optional,
        Refusal.NOT_INVITED: _("Enter the code of your invitation"),
    }
    if reason not in words:
        return refuse(event, reason, found, form)
    say(form.code, words[reason])
    form.ticket.data = request.form.get("ticket", "")
    return form_page(event, form, found), 422


def _as_it_stands(slug: str, form: GuestForm | MemberForm) -> tuple[Event, Terms]:
    """Read an event for a form that comes back; the usual way does without."""
    event = events.get_with_offers(db.session(), slug)
    whose = current_person_id() if isinstance(form, MemberForm) else None
    return event, service.terms_for(db.session(), event, whose, now=now())


def grace_words(event: Event, found: Terms, at: datetime) -> str | None:
    """Say how long the form can still be sent, from an hour before its offer ends."""
    closes_at = found.offer.window.closes_at if found.offer else None
    if closes_at is None or at < closes_at - GRACE_SHOWN_FROM:
        return None
    end = local_time(closes_at + GRACE, event.zone)
    return str(_("You can send this form until %(time)s.", time=end))


def form_page(
    event: Event,
    form: GuestForm | MemberForm,
    found: Terms,
    *,
    frame: str = "base.html",
) -> str:
    """Show a form, on a page of ours or in a frame on another site."""
    at = now()
    offer = found.offer
    seats = service.seats_through(event, offer.id if offer else None)
    full = rules.decide(seats) is rules.State.WAITING
    if not asks_for_codes(event.terms_of_offers, at):
        form.without_code()
    if not service.may_cost(event, found):
        form.without_invoice()
    return render_template(
        "registrations/new.html",
        frame=frame,
        event=row_of(event, now=at),
        form=form,
        offer=offer_view(offer, event, now=at) if offer else None,
        full_words=full_words(event, offer) if full else None,
        needs_approval=event.needs_approval,
        by_invitation=found.access is Access.NOT_INVITED,
        conference=required_conference(event),
        grace_words=grace_words(event, found, at),
        action_words=action_words(event, full=full),
    )


def _ask_again(
    event: Event, found: Terms, form: GuestForm | MemberForm
) -> ResponseReturnValue:
    """Answer a form whose ticket is not ours: a fresh one, with all that was typed."""
    refusal = service.refusal_of(event, found)
    if refusal is not None:
        return refuse(event, refusal, found, form)
    form.ticket.data = ticket_for(event.slug, found, asks=bool(form.questions))
    form.form_errors = [
        _("This page was open for a long time. Check and send it again.")
    ]
    return form_page(event, form, found), 422


def refuse(
    event: Event,
    reason: Refusal,
    found: Terms,
    form: FlaskForm | None = None,
    *,
    frame: str = "base.html",
) -> ResponseReturnValue:
    """Explain on a page of its own, with what was typed and a way on."""
    at = now()
    follow = [found.offer, found.following, found.members_offer]
    if reason in {Refusal.CANCELLED, Refusal.POSTPONED}:
        follow = []
    page = render_template(
        "registrations/refused.html",
        frame=frame,
        event=row_of(event, now=at),
        reason=reason.value,
        words=refusal_words(event, reason, found),
        following=[
            offer_view(offer, event, now=at) for offer in follow if offer is not None
        ],
        typed=_typed(form) if form is not None else None,
        contact=event.contact,
        recording_url=event.open_recording(at),
    )
    return page, 409 if form is not None else 200


def _typed(form: FlaskForm) -> dict[str, str]:
    shown: list[Field] = [f for f in form if not isinstance(f, HiddenField) and f.data]
    return {str(f.label.text): words_of(f) for f in shown}


def _wish(slug: str, form: Any, ticket: Ticket) -> Wish:
    person = current_person()
    if person is not None and isinstance(form, MemberForm):
        return Wish(
            slug=slug,
            opened_at=ticket.opened_at,
            offer_id=ticket.offer_id,
            service_area=form.service_area.data or None,
            code=form.code.data,
            purchase_order=form.purchase_order.data,
            bill_to=form.bill_to.data,
            full_name=person.full_name,
            email=person.email,
            organization=own_organization(person),
            person_id=person.person_id,
            said=form.said,
            via=rules.read_via(form.via.data),
        )
    return Wish(
        slug=slug,
        opened_at=ticket.opened_at,
        offer_id=ticket.offer_id,
        service_area=form.service_area.data or None,
        full_name=form.full_name.data,
        email=form.email.data,
        organization=form.organization.data,
        us_state=form.state.data or None,
        code=form.code.data,
        purchase_order=form.purchase_order.data,
        bill_to=form.bill_to.data,
        nonce=ticket.nonce,
        network_address=own_network(),
        said=form.said,
        via=rules.read_via(form.via.data),
    )


def own_organization(person: SignedIn) -> str:
    """Name where somebody belongs, on the day it is where the association is."""
    session, at = db.session(), now()
    today = to_wall(at, speaker(session, now=at).zone).date()
    known = organizations.profile_of(session, person.person_id, today)
    return known.organization if known else ""


def _token(outcome: Outcome) -> str:
    """Return the link a form leads to: a receipt, or a signed-in person's own."""
    if outcome.receipt_id is not None and outcome.receipt_sent_at is not None:
        version = rules.receipt_version(outcome.receipt_sent_at)
        return links().token(Purpose.RECEIPT, outcome.receipt_id, version)
    version = queries.get_link_version(db.session(), outcome.registration_id)
    return links().token(Purpose.REGISTRATION, outcome.registration_id, version)
