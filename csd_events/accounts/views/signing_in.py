"""Signing in by password, and signing out."""

from flask import flash, make_response, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from csd_events.accounts import queries
from csd_events.accounts.forms import SignInForm
from csd_events.accounts.models import Account
from csd_events.accounts.rules import Refusal, local_path
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.coming_in import (
    account_behind,
    go_on,
    next_of_query,
    seconds_to_wait,
    start_session,
    too_many_words,
)
from csd_events.accounts.words import returned_words
from csd_events.association.mail import speaker
from csd_events.core.access import current_person
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _


@bp.route("/sign-in", methods=["GET", "POST"])
@guards_itself
def sign_in() -> ResponseReturnValue:
    form = SignInForm(data={"next": next_of_query()})
    form.next.data = local_path(form.next.data or "")
    if current_person() is not None:
        return redirect(form.next.data or url_for("home.me"), code=303)
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        account = account_behind(form.email.data, form.password.data or "")
    except (RefusedError, TooManyError) as error:
        return _refused(form, Refusal(str(error)))
    start_session(account, remember=form.remember.data)
    answer = go_on(account, form.next.data)
    if answer.location != url_for("home.me"):  # which says it by itself
        _tell_of_returned_mail(account)
    return answer


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    cookie.clear()
    logout_user()
    flash(_("You are signed out."))
    return redirect(url_for("home.front"), code=303)


def _tell_of_returned_mail(account: Account) -> None:
    """Tell somebody who comes in that mail to them came back."""
    session, at = db.session(), now()
    if returned := queries.find_mark(session, account.email):
        words = returned_words(returned, speaker(session, now=at).zone)
        what_to_do = _("What to do stands under My registrations.")
        flash(f"{words} {what_to_do}", "error")


def _page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form)


def _refused(form: SignInForm, refusal: Refusal) -> ResponseReturnValue:
    """Show the form again; nothing tells which of address and password is wrong."""
    if refusal is Refusal.WRONG:
        words = _("This email address and password do not belong together")
        form.form_errors.append(words)
        return _page(form), 422
    form.form_errors.append(too_many_words(refusal))
    answer = make_response(_page(form), 429)
    answer.headers["Retry-After"] = str(seconds_to_wait(refusal))
    return answer
