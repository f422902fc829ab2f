"""Coming in by a link: a mailed one that signs in, or one to a new password."""

from dataclasses import dataclass

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries, service
from csd_events.accounts.forms import LinkForm, NewPasswordForm, SignInByLinkForm
from csd_events.accounts.rules import LinkKind, LinkState, Refusal
from csd_events.accounts.views.asking import answer
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.coming_in import (
    go_on,
    hash_of,
    next_of_query,
    start_session,
    too_many_words,
)
from csd_events.accounts.words import ended_words
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import EndedError, TooManyError
from csd_events.core.tokens import links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _

#: Where a new link of a kind is asked for.
AGAIN = {
    LinkKind.SIGN_UP: "accounts.sign_up",
    LinkKind.SIGN_IN: "accounts.link",
    LinkKind.RESET: "accounts.forgotten",
    LinkKind.NEW_ADDRESS: "accounts.change_address",
    LinkKind.NOT_ME: "accounts.forgotten",
}


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A mailed link that was followed, as it stood then."""

    id: int
    kind: LinkKind
    state: LinkState
    address: str
    full_name: str
    next_path: str
    person_id: int | None

    @property
    def has_ended(self) -> bool:
        return self.state is not LinkState.OPEN


def open_link(token: str, kind: LinkKind) -> OpenedLink:
    """Read the link that a token is. Changes nothing.

    Raises:
        NotFoundError: It is none of ours.
    """
    session = db.session()
    link = queries.get_link(session, links(), token, kind)
    return OpenedLink(
        id=link.id,
        kind=kind,
        state=queries.state_of(session, link, now=now()),
        address=link.address,
        full_name=link.full_name,
        next_path=link.next_path,
        person_id=link.person_id,
    )


def ended_page(link: OpenedLink) -> ResponseReturnValue:
    """Say why a link does nothing any more, and the way to a new one. Names nobody."""
    heading, words = ended_words(link.kind, link.state)
    page = render_template(
        "accounts/ended.html",
        heading=heading,
        words=words,
        kind=link.kind.value,
        again_url=url_for(AGAIN[link.kind], next=link.next_path or None),
    )
    return page, EndedError.status


@bp.route("/sign-in/link", methods=["GET", "POST"])
@guards_itself
def link() -> ResponseReturnValue:
    form = LinkForm(data={"next": next_of_query()})
    page = "accounts/link.html"
    return answer(form, page, ask=service.ask_to_sign_in, what="sign_in")


@bp.route("/sign-in/link/<token>", methods=["GET", "POST"])
@guards_itself
def sign_in_by_link(token: str) -> ResponseReturnValue:
    opened = open_link(token, LinkKind.SIGN_IN)
    if opened.has_ended:
        return ended_page(opened)
    form = SignInByLinkForm()
    if not form.validate_on_submit():
        page = render_template(
            "accounts/sign_in_by_link.html",
            form=form,
            token=token,
            email=opened.address,
        )
        return page, 422 if form.errors else 200
    try:
        with transaction() as session:
            account = service.sign_in_by_link(session, opened.id, now=now())
    except EndedError:
        return ended_page(open_link(token, LinkKind.SIGN_IN))
    start_session(account, remember=form.remember.data)
    return go_on(account, opened.next_path)


@bp.route("/sign-in/forgotten", methods=["GET", "POST"])
@guards_itself
def forgotten() -> ResponseReturnValue:
    form = LinkForm(data={"next": next_of_query()})
    return answer(
        form,
        "accounts/forgotten.html",
        ask=service.ask_to_reset,
        what="reset",
        signed_in_too=True,
    )


@bp.route("/sign-in/forgotten/<token>", methods=["GET", "POST"])
@guards_itself
def reset(token: str) -> ResponseReturnValue:
    opened = open_link(token, LinkKind.RESET)
    if opened.has_ended:
        return ended_page(opened)
    form = NewPasswordForm(address=opened.address)
    if not form.validate_on_submit():
        return _reset_page(form, token, opened), 422 if form.errors else 200
    try:
        hashed = hash_of(form.password.data or "")
        with transaction() as session:
            account = service.reset_password(
                session, opened.id, password_hash=hashed, now=now()
            )
    except TooManyError:
        form.form_errors.append(too_many_words(Refusal.BUSY))
        return _reset_page(form, token, opened), 429
    except EndedError:
        return ended_page(open_link(token, LinkKind.RESET))
    start_session(account, remember=False)
    flash(_("Your new password holds. Everywhere else you are signed out."))
    return go_on(account, opened.next_path)


def _reset_page(form: NewPasswordForm, token: str, opened: OpenedLink) -> str:
    return render_template(
        "accounts/reset.html", form=form, token=token, email=opened.address
    )
