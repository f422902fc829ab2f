"""A person's own account: name, password, address, and being signed out."""

from flask import abort, flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from csd_events.accounts import queries, service
from csd_events.accounts.forms import AddressForm, NameForm, PasswordForm
from csd_events.accounts.rules import Refusal
from csd_events.accounts.service import Asking
from csd_events.accounts.views.asking import too_many
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.coming_in import (
    hash_of,
    is_remembered,
    own_network,
    prove,
    start_session,
    too_many_words,
)
from csd_events.core.access import SignedIn, current_person, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.forms import SessionForm
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _


def signed_in() -> SignedIn:
    """Return who is signed in: nobody else gets as far as here."""
    person = current_person()
    if person is None:
        abort(401)
    return person


@bp.get("/me/account")
@sign_in_required
def account() -> ResponseReturnValue:
    return render_template(
        "accounts/account.html",
        has_password=queries.has_password(db.session(), signed_in().person_id),
        form=SessionForm(),
    )


@bp.route("/me/account/name", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def change_name() -> ResponseReturnValue:
    person = signed_in()
    form = NameForm(data={"full_name": person.full_name})
    if not form.validate_on_submit():
        page = render_template("accounts/change_name.html", form=form)
        return page, 422 if form.errors else 200
    with transaction() as session:
        service.rename(session, person.person_id, form.full_name.data)
    flash(_("Saved. Your registrations keep the name they were made with."))
    return redirect(url_for(".account"), code=303)


@bp.route("/me/account/password", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def change_password() -> ResponseReturnValue:
    person = signed_in()
    has_password = queries.has_password(db.session(), person.person_id)
    form = PasswordForm(address=person.email, has_password=has_password)
    page = "accounts/change_password.html"
    if not form.validate_on_submit():
        return render_template(page, form=form), 422 if form.errors else 200
    if (refused := prove(form)) is not None:
        return render_template(page, form=form), refused
    try:
        hashed = hash_of(form.password.data or "")
    except TooManyError:
        form.form_errors.append(too_many_words(Refusal.BUSY))
        return render_template(page, form=form), 429
    with transaction() as session:
        changed = service.set_password(
            session, person.person_id, password_hash=hashed, now=now()
        )
        session.refresh(changed)
    start_session(changed, remember=is_remembered())
    flash(_("Your new password holds. Everywhere else you are signed out."))
    return redirect(url_for(".account"), code=303)


@bp.route("/me/account/address", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def change_address() -> ResponseReturnValue:
    person = signed_in()
    has_password = queries.has_password(db.session(), person.person_id)
    form = AddressForm(has_password=has_password)
    page = "accounts/change_address.html"
    if not form.validate_on_submit():
        return render_template(page, form=form), 422 if form.errors else 200
    if (refused := prove(form)) is not None:
        return render_template(page, form=form), refused
    asking = Asking(email=form.email.data, network_address=own_network())
    try:
        with transaction() as session:
            service.ask_for_address(session, person.person_id, asking, now=now())
    except RefusedError:
        form.email.errors = [_("This is your address already")]
        return render_template(page, form=form), 422
    except TooManyError:
        return too_many(form, page)
    return render_template(
        "accounts/look_in_your_mail.html", form=form, what="new_address"
    )


@bp.post("/me/account/address/try")
@sign_in_required
def try_address() -> ResponseReturnValue:
    """Mail a link to one's own address; its button proves that mail arrives there."""
    person, own_page = signed_in(), url_for("home.me")
    asking = Asking(
        email=person.email, next_path=own_page, network_address=own_network()
    )
    try:
        with transaction() as session:
            service.ask_to_sign_in(session, asking, now=now())
    except TooManyError:
        flash(
            _("Your network has asked for many mails. Try again in an hour."), "error"
        )
        return redirect(own_page, code=303)
    flash(
        _(
            "A mail goes to %(address)s. Once you press the button behind its link, we "
            "know that mail arrives there.",
            address=person.email,
        )
    )
    return redirect(own_page, code=303)


@bp.post("/me/account/sign-out")
@sign_in_required
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of this person, this one too: the word means what it says."""
    person_id = signed_in().person_id
    with transaction() as session:
        service.end_sessions(session, person_id, now=now())
    cookie.clear()
    logout_user()
    flash(_("You are signed out here and everywhere else."))
    return redirect(url_for(".sign_in"), code=303)
