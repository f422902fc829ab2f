"""Signing up: name and address first, the rest once the mailbox is proved."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import service
from csd_events.accounts.forms import FinishForm, SignUpForm
from csd_events.accounts.rules import LinkKind, Refusal, local_path
from csd_events.accounts.views.asking import answer
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.coming_in import (
    go_on,
    hash_of,
    next_of_query,
    start_session,
    too_many_words,
)
from csd_events.accounts.views.links import OpenedLink, ended_page, open_link
from csd_events.core.clock import now
from csd_events.core.db import transaction
from csd_events.core.errors import EndedError, RefusedError, TooManyError
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _


@bp.route("/sign-up", methods=["GET", "POST"])
@guards_itself
def sign_up() -> ResponseReturnValue:
    form = SignUpForm(data={"next": next_of_query()})
    page = "accounts/sign_up.html"
    return answer(form, page, ask=service.ask_to_sign_up, what="sign_up")


@bp.route("/sign-up/<token>", methods=["GET", "POST"])
@guards_itself
def finish_sign_up(token: str) -> ResponseReturnValue:
    link = open_link(token, LinkKind.SIGN_UP)
    if link.has_ended:
        return ended_page(link)
    form = FinishForm(address=link.address, data={"full_name": link.full_name})
    if not form.validate_on_submit():
        return _page(form, token, link.address), 422 if form.errors else 200
    try:
        hashed = hash_of(form.password.data) if form.password.data else None
        with transaction() as session:
            account = service.finish_sign_up(
                session,
                link.id,
                full_name=form.full_name.data,
                password_hash=hashed,
                now=now(),
            )
    except TooManyError:
        form.form_errors.append(too_many_words(Refusal.BUSY))
        return _page(form, token, link.address), 429
    except EndedError:
        return ended_page(open_link(token, LinkKind.SIGN_UP))
    except RefusedError as error:
        return _has_account_page(link), error.status
    start_session(account, remember=form.remember.data)
    if local_path(link.next_path):
        flash(_("You have an account now, and are signed in."))
    return go_on(account, link.next_path)


def _has_account_page(link: OpenedLink) -> str:
    """Say to who has proved the mailbox that the account is there already."""
    return render_template(
        "accounts/ended.html",
        heading=_("You have an account already"),
        words=_("It came to be after this link was mailed. Sign in to it."),
        kind=LinkKind.SIGN_IN.value,
        again_url=url_for("accounts.link", next=link.next_path or None),
    )


def _page(form: FinishForm, token: str, address: str) -> str:
    return render_template(
        "accounts/finish_sign_up.html", form=form, token=token, email=address
    )
