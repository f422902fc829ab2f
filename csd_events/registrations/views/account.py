"""What changes an account and reaches its registrations: another address, closing."""

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from csd_events.accounts import queries as account_queries
from csd_events.accounts import service as accounts
from csd_events.accounts.forms import CloseForm
from csd_events.accounts.rules import LinkKind, Refusal
from csd_events.accounts.views import (
    OpenedLink,
    ended_page,
    is_remembered,
    open_link,
    prove,
    signed_in,
    start_session,
)
from csd_events.core.access import current_person_id, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import EndedError, RefusedError
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.registrations import queries, service
from csd_events.registrations.forms import ButtonForm
from csd_events.registrations.views.blueprint import bp
from csd_events.worksheets import queries as worksheets


@bp.route("/account/address/<token>", methods=["GET", "POST"])
@guards_itself
def new_address(token: str) -> ResponseReturnValue:
    """Confirm a new address: the link came to it, and whoever asked is signed in.

    The mailbox alone is not enough: its owner may be a guest whose registrations
    somebody else's account would take over by one press.
    """
    link = open_link(token, LinkKind.NEW_ADDRESS)
    if link.has_ended:
        return ended_page(link)
    if current_person_id() != link.person_id:
        return _sign_in_first(link.address)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _new_address_page(link, token, form)
    try:
        with transaction() as session:
            person_id = service.take_new_address(session, link.id, now=now())
            account = account_queries.find_of_person(session, person_id)
    except EndedError:
        return ended_page(open_link(token, LinkKind.NEW_ADDRESS))
    except RefusedError:
        return _new_address_page(link, token, form)
    if account is not None:  # all sessions ended with the change; this one goes on
        start_session(account, remember=is_remembered())
    flash(_("Your address is %(email)s from now on.", email=link.address))
    return redirect(url_for("accounts.account"), code=303)


@bp.route("/account/not-me/<token>", methods=["GET", "POST"])
@guards_itself
def not_me(token: str) -> ResponseReturnValue:
    """Put an address back: the link came to the old one."""
    link = open_link(token, LinkKind.NOT_ME)
    if link.has_ended:
        return ended_page(link)
    form = ButtonForm()
    if not form.validate_on_submit():
        return _not_me_page(link, token, form)
    try:
        with transaction() as session:
            service.put_address_back(session, link.id, now=now())
    except EndedError:
        return ended_page(open_link(token, LinkKind.NOT_ME))
    except RefusedError:
        return _not_me_page(link, token, form)
    flash(_("Your address is back, and everybody is signed out."))
    return redirect(url_for("accounts.forgotten"), code=303)


@bp.route("/me/account/close", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def close_account() -> ResponseReturnValue:
    person = signed_in()
    has_password = account_queries.has_password(db.session(), person.person_id)
    form = CloseForm(has_password=has_password)
    if not form.validate_on_submit():
        return _close_page(form), 422 if form.errors else 200
    if (refused := prove(form)) is not None:
        return _close_page(form), refused
    try:
        with transaction() as session:
            service.close_account(session, person.person_id, now=now())
    except RefusedError as error:
        return _close_page(form, Refusal(error.reason)), error.status
    cookie.clear()
    logout_user()
    flash(_("Your account is closed. Your registrations stay: their mails open them."))
    return redirect(url_for("home.front"), code=303)


def _sign_in_first(address: str) -> ResponseReturnValue:
    page = render_template("registrations/sign_in_first.html", email=address)
    return page, 403 if request.method == "POST" else 200


def _new_address_page(
    link: OpenedLink, token: str, form: ButtonForm
) -> ResponseReturnValue:
    """Ask for the button, or say that the address has an account of its own."""
    holder = accounts.find_holder(db.session(), link.address)
    taken = holder is not None and holder.has_account
    coming = holder and queries.count_coming(db.session(), holder.person_id, now=now())
    page = render_template(
        "registrations/new_address.html",
        form=form,
        token=token,
        email=link.address,
        taken=taken,
        coming=coming or 0,
    )
    return page, RefusedError.status if taken else 200


def _not_me_page(link: OpenedLink, token: str, form: ButtonForm) -> ResponseReturnValue:
    holder = accounts.find_holder(db.session(), link.address)
    own = holder is not None and holder.person_id == link.person_id
    taken = holder is not None and holder.has_account and not own
    page = render_template(
        "registrations/not_me.html",
        form=form,
        token=token,
        email=link.address,
        taken=taken,
    )
    return page, RefusedError.status if taken else 200


def _close_page(form: CloseForm, refusal: Refusal | None = None) -> str:
    person_id = signed_in().person_id
    return render_template(
        "registrations/close_account.html",
        form=form,
        coming=queries.count_coming(db.session(), person_id, now=now()),
        worksheets=worksheets.count_own(db.session(), person_id),
        is_last=refusal is Refusal.LAST_ADMINISTRATOR,
    )
