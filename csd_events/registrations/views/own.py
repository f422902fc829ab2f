"""A registration, for who has its link: look, confirm the address, cancel, prepare."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts.words import InPassing, to_ask
from csd_events.association.mail import speaker
from csd_events.billing import queries as billing
from csd_events.billing.words import AccountLine, account_line
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import EndedError, RefusedError
from csd_events.core.forms import SessionForm
from csd_events.core.time import to_wall
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import required_conference, row_of
from csd_events.library.words import reading_lines
from csd_events.matching import service as matching
from csd_events.matching.rules import worksheet_area
from csd_events.registrations import exports, queries, rules, service
from csd_events.registrations.forms import ButtonForm
from csd_events.registrations.mail import prepare, profile_of
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import (
    NotPlaced,
    NotReplaced,
    State,
    refuse_readdressing,
    refuse_replacing,
)
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.receipts import show_receipt
from csd_events.registrations.views.replacing import ended_page, open_registration
from csd_events.registrations.words import (
    answer_lines,
    held_words,
    next_mail_words,
    not_placed_words,
    plan_words,
    queue_words,
    replace_words,
)


@bp.get("/registrations/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show a receipt or a registration: a link of either kind leads here."""
    receipt = queries.find_receipt(db.session(), links(), token)
    if receipt is not None:
        return show_receipt(receipt, token)
    try:
        registration = open_registration(token)
    except EndedError:
        if (page := ended_page(token)) is not None:
            return page
        raise
    event, at = registration.event, now()
    called_off = event.cancelled_at is not None
    has_time = not (called_off or event.is_postponed)
    confirmed = registration.state is State.CONFIRMED and has_time
    holder = _holder(registration)
    if not has_time and registration.state is not State.CANCELLED:
        holder["state"] = "called_off" if called_off else "postponed"
    case, area = None, registration.service_area or event.main_area
    if confirmed:
        case, area = prepare(db.session(), registration, event, now=at)
    return render_template(
        "registrations/show.html",
        registration=holder,
        cancel_note=event.cancel_note if called_off else event.postpone_note,
        event=row_of(event),
        token=token,
        join_token=links().token(
            Purpose.JOIN, registration.id, registration.link_version
        )
        if event.joins_online and not event.is_postponed
        else None,
        next_mail=next_mail_words(registration, event, now=at),
        held_words=held_words(registration, event)
        if registration.state is State.HELD
        else None,
        queue_words=queue_words(event, price_cents=registration.price_cents),
        conference=required_conference(event),
        plan=_plan(registration, event, at) if confirmed else [],
        case=case,
        area=area,
        together_at=_together_at(registration, at) if confirmed else None,
        charges=_charges(registration, at),
        may_cancel=_may_cancel(registration, at),
        answers=_answers(registration),
        asks=event.has_questions,
        may_answer=may_answer(registration, at),
        **_changes(registration, at),
        form=ButtonForm(),
    )


@bp.post("/registrations/<token>/confirm")
@guards_itself
def confirm_address(token: str) -> ResponseReturnValue:
    registration = open_registration(token)
    registration_id, version = registration.id, registration.link_version
    with transaction() as session:
        service.confirm_address(
            session, registration_id, link_version=version, now=now()
        )
    flash(_("Thank you. We know now that this address is yours."))
    return redirect(url_for(".show", token=token), code=303)


@bp.route("/registrations/<token>/cancel", methods=["GET", "POST"])
@guards_itself
def cancel(token: str) -> ResponseReturnValue:
    registration = open_registration(token)
    form = ButtonForm()
    if not _may_cancel(registration, now()):
        return redirect(url_for(".show", token=token), code=303)
    if not form.validate_on_submit():
        return render_template(
            "registrations/cancel.html",
            registration=_holder(registration),
            event=row_of(registration.event),
            token=token,
            form=form,
        )
    registration_id, version = registration.id, registration.link_version
    with transaction() as session:
        service.cancel(session, registration_id, link_version=version, now=now())
    return redirect(url_for(".show", token=token), code=303)


@bp.post("/registrations/<token>/take")
@guards_itself
def take(token: str) -> ResponseReturnValue:
    """Take the place that came free and is held."""
    registration = open_registration(token)
    registration_id, version = registration.id, registration.link_version
    try:
        with transaction() as session:
            service.take(session, registration_id, link_version=version, now=now())
    except RefusedError as error:
        flash(not_placed_words(NotPlaced(error.reason)), "error")
    return redirect(url_for(".show", token=token), code=303)


@bp.get("/registrations/<token>/invitation.ics")
def invitation(token: str) -> ResponseReturnValue:
    registration, at = open_registration(token), now()
    file = exports.invitation(registration, speaker(db.session(), now=at), now=at)
    return download(file, "text/calendar", "invitation.ics")


@bp.get("/registrations/<token>/next")
def next_steps(token: str) -> ResponseReturnValue:
    registration = open_registration(token)
    event, at = registration.event, now()
    suggestions = None
    profile = profile_of(db.session(), registration, at)
    if registration.state is State.CONFIRMED:
        suggestions = matching.recommend_at(db.session(), profile, event, now=at)
    return render_template(
        "registrations/next_steps.html",
        asked=_to_ask(registration),
        form=SessionForm(),
        registration=_holder(registration),
        event=row_of(event),
        token=token,
        recommendation=suggestions.by_heading if suggestions else [],
        note=suggestions.note if suggestions else None,
        reading=reading_lines(events.list_resources(db.session(), event.id)),
        area=worksheet_area(profile, matching.about(event)),
        together_at=_together_at(registration, at)
        if registration.state is State.CONFIRMED
        else None,
    )


def _together_at(registration: Registration, at: datetime) -> int | None:
    """Return the event at which colleagues could answer a worksheet together."""
    day = to_wall(at, registration.event.zone).date()
    has_colleagues = queries.has_colleagues(db.session(), registration, day)
    return registration.event_id if has_colleagues else None


def _to_ask(registration: Registration) -> InPassing | None:
    """Choose what to ask of who is signed in, about themselves."""
    if current_person_id() != registration.person_id:
        return None
    known = accounts.get_preferences(db.session(), registration.person_id)
    return to_ask(known, registration.event.area_ids)


def _plan(
    registration: Registration, event: Event, at: datetime
) -> list[tuple[str, str]]:
    """List what comes; no reminders for who wants none."""
    if event.on_demand:
        return [(_("Now"), _("It is open to you. Watch it whenever you like."))]
    wants = registration.person.wants_reminders
    reminded = wants and not registration.reminders_off
    known_since = registration.confirmed_at if reminded else None
    return plan_words(event, known_since, now=at)


def _charges(registration: Registration, at: datetime) -> list[AccountLine]:
    """List what was charged for it; nothing is asked where it costs nothing."""
    if not registration.price_cents:
        return []
    session = db.session()
    today = to_wall(at, speaker(session, now=at).zone).date()
    accounts = billing.list_accounts(session, registration.id)
    return [account_line(each, today) for each in accounts]


def _answers(registration: Registration) -> list[tuple[str, str]]:
    if not registration.event.has_questions:
        return []
    said = queries.list_answers(db.session(), [registration.id])
    return answer_lines(said.get(registration.id, ()))


def may_answer(registration: Registration, at: datetime) -> bool:
    event = registration.event
    return registration.state is not State.CANCELLED and rules.may_answer(
        event.starts_at, event.over_at, event.cancelled_at, at
    )


def _changes(registration: Registration, at: datetime) -> dict[str, Any]:
    """Say what else the person can change, beside giving the place back."""
    event = registration.event
    standing = queries.standing_of(event, registration)
    refusal = refuse_replacing(standing, at)
    reminded = registration.state is State.CONFIRMED and not event.on_demand
    return {
        "replace_words": replace_words(registration, event, now=at),
        "may_replace": refusal in {None, NotReplaced.UNCONFIRMED},
        # Who is signed in changes the address of the whole account.
        "may_correct": current_person_id() != registration.person_id
        and refuse_readdressing(standing, at) in {None, NotReplaced.UNCONFIRMED},
        "reminders_off": registration.reminders_off
        if reminded and _has_reminders(registration, at)
        else None,
    }


def _has_reminders(registration: Registration, at: datetime) -> bool:
    """Tell whether there is a reminder to come that can be switched off, or on."""
    if registration.event.is_postponed:
        return False
    starts_at = registration.event.starts_at
    last = max((each.starts_at for each in registration.event.sessions), default=None)
    wants = registration.person.wants_reminders
    return wants and starts_at is not None and last is not None and last > at


def _may_cancel(registration: Registration, at: datetime) -> bool:
    event = registration.event
    return registration.state is not State.CANCELLED and rules.may_cancel(
        event.over_at, event.cancelled_at, at
    )


def _holder(registration: Registration) -> dict[str, Any]:
    return {
        "reference": registration.reference,
        "full_name": registration.full_name,
        "organization": registration.organization,
        "email": registration.person.email,
        "state": registration.state.value,
        "hold": registration.hold.value if registration.hold else None,
        "held_until": registration.held_until,
        "is_declined": registration.cancelled_at is not None
        and registration.cancelled_at == registration.declined_at,
        "decline_note": registration.decline_note,
        "had_place": registration.confirmed_at is not None,
        "position": queries.rank_waiting(db.session(), registration),
        "address_confirmed": registration.person.email_confirmed_at is not None,
        "price_cents": registration.price_cents,
        "currency": registration.currency,
    }
