"""What several pages need to let somebody in, or to be sure who it is."""

from flask import redirect, request, url_for
from flask import session as cookie
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from csd_events.accounts import queries, service
from csd_events.accounts.forms import ProvingForm
from csd_events.accounts.models import Account
from csd_events.accounts.rules import (
    FAILURES_COUNT_FOR,
    Refusal,
    counted_network,
    local_path,
)
from csd_events.core.access import current_person
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, TooManyError
from csd_events.core.passwords import BusyError, passwords
from csd_events.core.words import gettext as _

BUSY_FOR = 5  # seconds to wait when many sign in at once
REMEMBER_COOKIE = "remember_token"  # as Flask-Login names it
AN_HOUR = 3600  # seconds to wait when many links were asked for


def load_account(user_id: str) -> Account | None:
    """Return whoever a session or remember cookie speaks of, for Flask-Login."""
    return queries.find_signed_in(db.session(), user_id)


def own_network() -> str | None:
    """Return the network a form came from; nothing for this machine itself."""
    return counted_network(request.remote_addr or "")


def next_of_query() -> str:
    """Return the page of ours that somebody came from, if they did."""
    return local_path(request.args.get("next", ""))


def start_session(account: Account, *, remember: bool) -> None:
    """Begin anew: nothing of the visitor's session goes on into the person's."""
    cookie.clear()
    logout_user()  # also forgets whom this browser remembered before
    login_user(account, remember=remember)
    cookie.permanent = True  # ends after twelve idle hours, not with the window


def is_remembered() -> bool:
    """Tell whether this browser is to keep its person signed in."""
    return REMEMBER_COOKIE in request.cookies


def go_on(account: Account, next_path: str) -> Response:
    """Lead somebody who has come in to the page they came for."""
    own = "home_staff.dashboard" if account.is_staff else "home.me"
    return redirect(local_path(next_path) or url_for(own), code=303)


def account_behind(email: str, password: str) -> Account:
    """Return the account that an address and a password belong to.

    Three steps, so that nothing is locked while the password is checked.

    Raises:
        RefusedError: They do not belong together, or do no more.
        TooManyError: Too many wrong tries, or too many at this moment.
    """
    checker = passwords()
    try:
        with checker.turn():
            with transaction() as session:
                service.admit_attempt(
                    session,
                    email=email,
                    network_address=request.remote_addr or "",
                    now=now(),
                )
            found = service.check_password(
                db.session(), email=email, password=password, passwords=checker
            )
            new_hash = checker.hash(password) if found.is_outdated else None
    except BusyError:
        raise TooManyError(Refusal.BUSY) from None
    with transaction() as session:
        return service.complete_sign_in(session, found, email=email, new_hash=new_hash)


def hash_of(password: str) -> str:
    """Make the hash of a new password, in turn.

    Raises:
        TooManyError: Too many are being made at this moment.
    """
    checker = passwords()
    try:
        with checker.turn():
            return checker.hash(password)
    except BusyError:
        raise TooManyError(Refusal.BUSY) from None


def prove(form: ProvingForm) -> int | None:
    """Check the present password. Return the status of a refusal, said in the form."""
    person = current_person()
    if person is None or "present" not in form:
        return None
    try:
        account_behind(person.email, form.present.data or "")
    except RefusedError:
        form.present.errors = [_("This is not your present password")]
        return 422
    except TooManyError as error:
        form.form_errors.append(too_many_words(Refusal(str(error))))
        return 429
    return None


def too_many_words(refusal: Refusal) -> str:
    if refusal is Refusal.LOCKED:
        return _("Too many wrong tries. Try again in 15 minutes")
    return _("Many people are signing in. Try again in a moment")


def seconds_to_wait(refusal: Refusal) -> int:
    locked = refusal is Refusal.LOCKED
    return int(FAILURES_COUNT_FOR.total_seconds()) if locked else BUSY_FOR
