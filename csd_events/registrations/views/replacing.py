"""Somebody else comes instead, the address is another, the reminders stop."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import EndedError, RefusedError
from csd_events.core.inputs import say
from csd_events.core.time import local_time
from csd_events.core.tokens import Purpose, links, row_id
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events.words import row_of
from csd_events.registrations import queries, service
from csd_events.registrations.forms import AddressForm, ButtonForm, ColleagueForm
from csd_events.registrations.models import Handover, Registration
from csd_events.registrations.rules import (
    Newcomer,
    NotReplaced,
    refuse_readdressing,
    refuse_replacing,
)
from csd_events.registrations.service import By
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.words import not_replaced_words, replace_words

#: What is wrong with the address that was typed, and so said beside it.
OF_THE_ADDRESS = {NotReplaced.SAME, NotReplaced.NOT_A_MEMBER}


@bp.route("/registrations/<token>/replace", methods=["GET", "POST"])
@guards_itself
def replace(token: str) -> ResponseReturnValue:
    registration = open_registration(token)
    form = ColleagueForm(organization=registration.organization)
    refusal = refuse_replacing(
        queries.standing_of(registration.event, registration), now()
    )
    if refusal:
        return _not_now(registration, refusal, token)
    if not form.validate_on_submit():
        page = _page("replace", registration, form, token)
        return page, 422 if form.errors else 200
    newcomer = Newcomer(
        full_name=form.full_name.data,
        email=form.email.data,
        organization=form.organization.data,
    )
    registration_id, by = registration.id, _by(registration)
    try:
        with transaction() as session:
            service.replace(session, registration_id, newcomer, now=now(), by=by)
    except RefusedError as error:
        return _refused("replace", form, NotReplaced(error.reason), token)
    return _done("replaced", newcomer.email)


def correct_address(token: str) -> ResponseReturnValue:
    """Let a registration go by another address: a receipt's page has its own way."""
    registration = open_registration(token)
    form = AddressForm(email=registration.person.email)
    refusal = refuse_readdressing(
        queries.standing_of(registration.event, registration), now()
    )
    if refusal:
        return _not_now(registration, refusal, token)
    if not form.validate_on_submit():
        page = _page("correct_address", registration, form, token)
        return page, 422 if form.errors else 200
    registration_id, by, email = registration.id, _by(registration), form.email.data
    try:
        with transaction() as session:
            service.correct_address(session, registration_id, email, now=now(), by=by)
    except RefusedError as error:
        return _refused("correct_address", form, NotReplaced(error.reason), token)
    return _done("corrected", email)


@bp.post("/registrations/<token>/reminders")
@guards_itself
def reminders(token: str) -> ResponseReturnValue:
    """Have no reminders of this event, or have them again."""
    registration = open_registration(token)
    registration_id, version = registration.id, registration.link_version
    off = request.form.get("reminders") == "off"
    with transaction() as session:
        service.switch_reminders(
            session, registration_id, link_version=version, off=off
        )
    words = _("You get reminders of this event again.")
    if off:
        words = _("You get no more reminders of this event. Changes still reach you.")
    flash(words)
    return redirect(url_for(".show", token=token), code=303)


@bp.route("/registrations/keep/<token>", methods=["GET", "POST"])
@guards_itself
def keep_place(token: str) -> ResponseReturnValue:
    """*This was not me*: the link came to who had the place before."""
    handover = queries.get_handover_by_link(db.session(), links(), token)
    form = ButtonForm()
    if not form.validate_on_submit() or _has_ended(handover):
        return _keep_page(handover, form, token)
    handover_id = handover.id
    try:
        with transaction() as session:
            registration_id = service.take_place_back(session, handover_id, now=now())
    except (EndedError, RefusedError):
        handover = queries.get_handover_by_link(db.session(), links(), token)
        return _keep_page(handover, form, token, refused=True)
    row = queries.get(db.session(), registration_id)
    own = links().token(Purpose.REGISTRATION, row.id, row.link_version)
    flash(_("It is yours again. New links are on their way to you by mail."))
    return redirect(url_for(".show", token=own), code=303)


def ended_page(token: str) -> ResponseReturnValue | None:
    """Say that a place has gone on, to who follows a link from before; names nobody."""
    handover = queries.find_handover(db.session(), row_id(token) or 0)
    if handover is None:
        return None
    registration = queries.get(db.session(), handover.registration_id)
    event = registration.event
    page = render_template(
        "registrations/handed_on.html",
        event=row_of(event),
        kind=handover.kind.value,
        when=local_time(handover.made_at, event.zone),
    )
    return page, EndedError.status


def open_registration(token: str) -> Registration:
    """Return the registration that a link opens, with its person and its event."""
    return queries.get_by_link(db.session(), links(), token, Purpose.REGISTRATION)


def _by(registration: Registration) -> By:
    return By(link_version=registration.link_version, network_address=own_network())


def _page(
    template: str,
    registration: Registration,
    form: ColleagueForm | AddressForm,
    token: str,
) -> str:
    event = registration.event
    return render_template(
        f"registrations/{template}.html",
        event=row_of(event),
        registration={
            "full_name": registration.full_name,
            "email": registration.person.email,
            "state": registration.state.value,
        },
        until_words=replace_words(registration, event, now=now()),
        form=form,
        token=token,
    )


def _refused(
    template: str, form: ColleagueForm | AddressForm, why: NotReplaced, token: str
) -> ResponseReturnValue:
    """Say what stood in the way, beside the address where it is that."""
    registration = open_registration(token)
    if why not in OF_THE_ADDRESS:
        return _not_now(registration, why, token)
    if why is NotReplaced.NOT_A_MEMBER:
        with transaction() as session:
            service.count_try(session, registration.id, now=now())
        registration = open_registration(token)
    say(
        form.email, not_replaced_words(db.session(), why, registration.event, now=now())
    )
    return _page(template, registration, form, token), 422


def _not_now(
    registration: Registration, why: NotReplaced, token: str
) -> ResponseReturnValue:
    """Explain on a page of its own why it does not go, with the way on."""
    page = render_template(
        "registrations/not_replaced.html",
        event=row_of(registration.event),
        words=not_replaced_words(db.session(), why, registration.event, now=now()),
        token=token,
    )
    return page, RefusedError.status if request.method == "POST" else 200


def _done(what: str, email: str) -> ResponseReturnValue:
    """Say what was done, the same whoever has the address. The link has ended."""
    return render_template("registrations/handed.html", what=what, email=email)


def _has_ended(handover: Handover) -> bool:
    return handover.undone_at is not None or handover.ends_at <= now()


def _keep_page(
    handover: Handover, form: ButtonForm, token: str, *, refused: bool = False
) -> ResponseReturnValue:
    registration = queries.get(db.session(), handover.registration_id)
    ended = refused or _has_ended(handover)
    page = render_template(
        "registrations/keep_place.html",
        event=row_of(registration.event),
        kind=handover.kind.value,
        done=handover.undone_at is not None,
        ended=ended,
        form=form,
        token=token,
    )
    return page, EndedError.status if ended else 200
