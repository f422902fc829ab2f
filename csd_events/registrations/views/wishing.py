"""Remind me when it opens."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.access import SignedIn, current_person
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import EndedError, RefusedError
from csd_events.core.tokens import links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.words import row_of
from csd_events.registrations import queries, service
from csd_events.registrations.forms import ButtonForm, PressForm, WishForm
from csd_events.registrations.views.blueprint import bp


@bp.route("/events/<slug>/remind-me", methods=["GET", "POST"])
@guards_itself
def remind_me(slug: str) -> ResponseReturnValue:
    """Take the address of a visitor, or the press of who is signed in."""
    event = events.get_with_offers(db.session(), slug)
    person = current_person()
    form = WishForm() if person is None else PressForm()
    if not form.validate_on_submit():
        page = render_template(
            "registrations/remind_me.html",
            event=row_of(event),
            form=form,
            asked=bool(request.args.get("asked")),
        )
        return page, 422 if form.errors else 200
    email = form.email.data if isinstance(form, WishForm) else person_email(person)
    try:
        with transaction() as session:
            service.ask_for_opening(
                session,
                slug,
                email,
                now=now(),
                person_id=person.person_id if person else None,
                network_address=own_network(),
            )
    except RefusedError:
        return redirect(url_for("home.event", slug=slug), code=303)
    if person is None:
        return redirect(url_for(".remind_me", slug=slug, asked=1), code=303)
    flash(_("We write to %(email)s when registration opens.", email=email))
    return redirect(url_for("home.event", slug=slug), code=303)


@bp.route("/events/remind-me/<token>", methods=["GET", "POST"])
@guards_itself
def opening(token: str) -> ResponseReturnValue:
    """Say that the address is one's own: the link came to it."""
    wish = queries.find_wish(db.session(), links(), token)
    if wish is None:
        return _opening_page("ended"), EndedError.status
    form, wish_id = ButtonForm(), wish.id
    if form.validate_on_submit():
        with transaction() as session:
            service.confirm_wish(session, wish_id, now=now())
        return redirect(url_for(".opening", token=token), code=303)
    event = events.get_row(db.session(), wish.event_id)
    return render_template(
        "registrations/opening.html",
        state="confirmed" if wish.confirmed_at else "asked",
        event=row_of(event),
        email=wish.email,
        form=form,
        token=token,
    )


def person_email(person: SignedIn | None) -> str:
    return person.email if person else ""


def _opening_page(state: str) -> str:
    return render_template(
        "registrations/opening.html",
        state=state,
        event=None,
        email="",
        form=None,
        token="",
    )
