"""Unsubscribing, by the link in each announcement or signed in.

The link may be followed by machines: looking changes nothing, and the button's POST is
the one that mail programs send by themselves (RFC 8058).
"""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.announcements import queries, rules, service
from csd_events.announcements.forms import LinkForm, ListsForm
from csd_events.announcements.queries import Hearer
from csd_events.announcements.words import list_words
from csd_events.association.mail import speaker
from csd_events.core.access import current_person, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.tokens import links
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.registrations import queries as registrations
from csd_events.registrations.rules import State

bp = Blueprint("announcements", __name__)


@bp.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    hearer, list_key = _opened(token)
    unwanted = queries.find_unwanted(db.session(), hearer, [list_key])
    return _unsubscribe_page(token, hearer, list_key, done=bool(unwanted))


@bp.post("/unsubscribe/<token>")
@guards_itself
def unsubscribe_now(token: str) -> ResponseReturnValue:
    """Take an address off its list, as often as it is asked; RFC 8058."""
    hearer, list_key = _opened(token)
    with transaction() as session:
        service.unsubscribe(session, hearer, list_key, now=now())
    return _unsubscribe_page(token, hearer, list_key, done=True)


@bp.route("/unsubscribe/<token>/preferences", methods=["GET", "POST"])
@guards_itself
def list_preferences(token: str) -> ResponseReturnValue:
    hearer, list_key = _opened(token)
    lists = _names([list_key, rules.MEMBERS_LIST])
    unwanted = queries.find_unwanted(db.session(), hearer, lists)
    form = LinkForm(known=lists, unwanted=unwanted)
    done = form.validate_on_submit()
    if done:
        with transaction() as session:
            service.choose(session, hearer, form.wanted, now=now())
    page = render_template(
        "announcements/list_preferences.html",
        form=form,
        masked=rules.masked(hearer.email_key),
        done=done,
        token=token,
    )
    return page, 422 if form.errors else 200


@bp.route("/me/announcements", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def own_lists() -> ResponseReturnValue:
    person = current_person()
    if person is None:
        abort(401)
    session, at = db.session(), now()
    hearer = queries.get_hearer(session, person.person_id)
    lists = _names([*_own_events(person.person_id), rules.MEMBERS_LIST])
    unwanted = queries.find_unwanted(session, hearer, lists)
    form = ListsForm(known=lists, unwanted=unwanted)
    if not form.validate_on_submit():
        page = render_template(
            "announcements/own_lists.html",
            form=form,
        )
        return page, 422 if form.errors else 200
    with transaction() as writing:
        service.choose(writing, hearer, form.wanted, now=at, actor_id=person.person_id)
    flash(_("Saved."))
    return redirect(url_for("home.me"), code=303)


def _opened(token: str) -> tuple[Hearer, str]:
    """Return whose link it is, and of which list."""
    found = queries.get_by_link(db.session(), links(), token)
    return Hearer(found.person_id, found.email_key), found.list_key


def _own_events(person_id: int) -> list[str]:
    """List those of events to come that somebody is registered for.

    What belongs to an address shows once it is known to be theirs.
    """
    at, session = now(), db.session()
    if not queries.owns_address(session, person_id):
        return []
    return [
        rules.event_list(each.event_id)
        for each in registrations.list_own(session, person_id)
        if each.state is not State.CANCELLED
        and not each.event.is_over(at)
        and each.event.cancelled_at is None
    ]


def _names(list_keys: list[str]) -> Mapping[str, str]:
    """Name some lists, each once, the members' last."""
    ids = {key: rules.event_of(key) for key in dict.fromkeys(list_keys)}
    titles = events.list_titles(
        db.session(), {each for each in ids.values() if each is not None}
    )
    name = speaker(db.session(), now=now()).name
    return {
        key: list_words(titles[each] if each is not None else None, name)
        for key, each in ids.items()
    }


def _unsubscribe_page(token: str, hearer: Hearer, list_key: str, *, done: bool) -> str:
    return render_template(
        "announcements/unsubscribe.html",
        list_words=_names([list_key])[list_key],
        masked=rules.masked(hearer.email_key),
        done=done,
        token=token,
    )
