"""Signing in and out."""

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from csd_events.accounts import queries, service
from csd_events.accounts.forms import SignInForm
from csd_events.accounts.models import Account
from csd_events.accounts.rules import FAILURES_COUNT_FOR, Refusal, local_path
from csd_events.core.access import current_person
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.passwords import BusyError, passwords
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _

bp = Blueprint("accounts", __name__)

BUSY_FOR = 5  # seconds to wait when many sign in at once


def load_account(user_id: str) -> Account | None:
    """Return whoever a session or remember cookie speaks of, for Flask-Login."""
    return queries.find_signed_in(db.session(), user_id)


@bp.route("/sign-in", methods=["GET", "POST"])
@guards_itself
def sign_in() -> ResponseReturnValue:
    form = SignInForm(data={"next": request.args.get("next", "")})
    form.next.data = local_path(form.next.data or "")
    if current_person() is not None:
        return redirect(form.next.data or url_for("home.me"), code=303)
    if not form.is_submitted():
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        account = _account_behind(form)
    except (RefusedError, TooManyError) as error:
        return _refused(form, Refusal(str(error)))
    _start_session(account, remember=form.remember.data)
    own = "home_staff.dashboard" if account.is_staff else "home.me"
    return redirect(form.next.data or url_for(own), code=303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    cookie.clear()
    logout_user()
    flash(_("You are signed out."))
    return redirect(url_for("home.front"), code=303)


def _account_behind(form: SignInForm) -> Account:
    """Return the account whose address and password were typed.

    Three steps, so that nothing is locked while the password is checked.
    """
    email, checker = form.email.data, passwords()
    try:
        with checker.turn():
            with transaction() as session:
                service.admit_attempt(
                    session,
                    email=email,
                    network_address=request.remote_addr or "",
                    now=now(),
                )
            password = form.password.data or ""
            found = service.check_password(
                db.session(), email=email, password=password, passwords=checker
            )
            outdated = checker.is_outdated(found.password_hash)
            new_hash = checker.hash(password) if outdated else None
    except BusyError:
        raise TooManyError(Refusal.BUSY) from None
    with transaction() as session:
        return service.complete_sign_in(
            session, account_id=found.account_id, email=email, new_hash=new_hash
        )


def _start_session(account: Account, *, remember: bool) -> None:
    """Begin anew: nothing of the visitor's session goes on into the person's."""
    cookie.clear()
    logout_user()  # also forgets whom this browser remembered before
    login_user(account, remember=remember)
    cookie.permanent = True  # ends after twelve idle hours, not with the window


def _refused(form: SignInForm, refusal: Refusal) -> ResponseReturnValue:
    """Show the form again; nothing tells which of address and password is wrong."""
    if refusal is Refusal.WRONG:
        words = _("This email address and password do not belong together")
        form.form_errors.append(words)
        return render_template("accounts/sign_in.html", form=form), 422
    if refusal is Refusal.LOCKED:
        form.form_errors.append(_("Too many wrong tries. Try again in 15 minutes"))
        wait = int(FAILURES_COUNT_FOR.total_seconds())
    else:
        form.form_errors.append(_("Many people are signing in. Try again in a moment"))
        wait = BUSY_FOR
    answer = make_response(render_template("accounts/sign_in.html", form=form), 429)
    answer.headers["Retry-After"] = str(wait)
    return answer
