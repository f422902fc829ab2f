"""What is asked for by an address alone, and answered by mail."""

from collections.abc import Callable

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.forms import LinkForm, SignUpForm
from csd_events.accounts.rules import local_path
from csd_events.accounts.service import Asking
from csd_events.accounts.views.coming_in import AN_HOUR, own_network
from csd_events.core.access import current_person
from csd_events.core.clock import now
from csd_events.core.db import transaction
from csd_events.core.errors import TooManyError
from csd_events.core.words import gettext as _


def answer(
    form: LinkForm | SignUpForm,
    page: str,
    *,
    ask: Callable[..., None],
    what: str,
    signed_in_too: bool = False,
) -> ResponseReturnValue:
    """Show a form; once it is sent, say that a mail goes, whoever it is.

    Args:
        page: The form's template.
        ask: What to do with it.
        what: What the mail holds, for the page that says so.
        signed_in_too: Whether it is also for who is signed in.
    """
    form.next.data = local_path(form.next.data or "")
    if current_person() is not None and not signed_in_too:
        return redirect(form.next.data or url_for("home.me"), code=303)
    if not form.is_submitted():
        return render_template(page, form=form)
    if not form.validate():
        return render_template(page, form=form), 422
    try:
        with transaction() as session:
            ask(session, _asking(form), now=now())
    except TooManyError:
        return too_many(form, page)
    return render_template("accounts/look_in_your_mail.html", form=form, what=what)


def too_many(form: object, page: str) -> ResponseReturnValue:
    """Say that a network has asked too often, with what was typed."""
    form.form_errors.append(  # type: ignore[attr-defined]  # any form's
        _("Your network has asked for many mails. Try again in an hour")
    )
    refused = make_response(render_template(page, form=form), 429)
    refused.headers["Retry-After"] = str(AN_HOUR)
    return refused


def _asking(form: LinkForm | SignUpForm) -> Asking:
    return Asking(
        email=form.email.data,
        full_name=form.full_name.data if isinstance(form, SignUpForm) else "",
        next_path=form.next.data or "",
        network_address=own_network(),
    )
