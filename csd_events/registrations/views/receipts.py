"""The receipt of a form sent without signing in: true for a known address too."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.tokens import links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import row_of
from csd_events.matching import service as matching
from csd_events.matching.rules import Profile
from csd_events.registrations import queries, rules, service
from csd_events.registrations.forms import AddressForm
from csd_events.registrations.models import Receipt
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.replacing import correct_address
from csd_events.registrations.words import plan_words


def show_receipt(receipt: Receipt, token: str) -> ResponseReturnValue:
    """Show what was sent and what happens next: no reference, no join link."""
    at = now()
    _check_age(receipt, at)
    event = events.get_with_areas(db.session(), receipt.event_id)
    wanted = (receipt.service_area,) if receipt.service_area else ()
    suggested = matching.recommend_at(
        db.session(), Profile(areas=wanted), event, now=at
    )
    return render_template(
        "registrations/receipt.html",
        event=row_of(event),
        token=token,
        receipt={
            "full_name": receipt.full_name,
            "email": receipt.email,
            "organization": receipt.organization,
            "state": _state(receipt),
            "price_cents": receipt.price_cents,
            "currency": receipt.currency,
            "may_change": rules.may_mend_address(receipt.sent_at, at),
        },
        plan=_plan(event, receipt, at),
        case=suggested.first,
        area=receipt.service_area or event.main_area,
    )


@bp.post("/registrations/<token>/resend")
@guards_itself
def resend(token: str) -> ResponseReturnValue:
    receipt_id = _open(token).id
    with transaction() as session:
        service.send_details_again(session, receipt_id, now=now())
    # The same words whatever was sent: they tell nothing of whose address it is.
    flash(_("It goes again, once an hour at most. Look in your junk folder, too."))
    return redirect(url_for(".show", token=token), code=303)


@bp.route("/registrations/<token>/address", methods=["GET", "POST"])
@guards_itself
def change_address(token: str) -> ResponseReturnValue:
    """Correct the address of a receipt, or of the registration that a link opens."""
    if queries.find_receipt(db.session(), links(), token) is None:
        return correct_address(token)
    receipt = _open(token)
    form = AddressForm(email=receipt.email)
    event = row_of(events.get_with_areas(db.session(), receipt.event_id))
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        page = render_template(
            "registrations/address.html", event=event, form=form, token=token
        )
        return page, status
    receipt_id = receipt.id
    try:
        with transaction() as session:
            service.change_address(
                session,
                receipt_id,
                form.email.data,
                now=now(),
                network_address=own_network(),
            )
    except RefusedError:
        form.form_errors = [_("The ten minutes are over. Write to us and we mend it.")]
        page = render_template(
            "registrations/address.html", event=event, form=form, token=token
        )
        return page, 409
    return redirect(url_for(".show", token=token), code=303)


def _open(token: str) -> Receipt:
    receipt = queries.find_receipt(db.session(), links(), token)
    if receipt is None:
        raise NotFoundError("receipt")
    _check_age(receipt, now())
    return receipt


def _check_age(receipt: Receipt, at: datetime) -> None:
    if at >= receipt.sent_at + rules.RECEIPT_KEPT:
        raise NotFoundError("receipt")


def _state(receipt: Receipt) -> str:
    """Say what everybody got who sent the form then, new or known."""
    if receipt.was_full:
        return "maybe_waiting"
    if receipt.needed_approval:
        return "requested"
    return "compared" if receipt.needed_conference else "registered"


def _plan(event: Event, receipt: Receipt, at: datetime) -> list[tuple[str, str]]:
    state = _state(receipt)
    plan = [(_("Now"), _("A mail with your link and the calendar entry"))]
    if event.on_demand:
        plan = [(_("Now"), _("A mail with your link to watch"))]
    if state == "maybe_waiting":
        plan = [(_("Now"), _("A mail that says which, and your number"))]
    elif state == "compared":
        plan = [(_("Now"), _("A mail with your link that says how it stands"))]
    elif state == "requested":
        plan = [
            (_("Now"), _("A mail with your link")),
            (_("Soon"), _("A mail that says how we decided")),
        ]
    known_since = at if state == "registered" else None
    return [*plan, *plan_words(event, known_since, now=at)]
