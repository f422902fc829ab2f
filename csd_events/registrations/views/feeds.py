"""A calendar that follows what somebody is registered for, at a secret address."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts import service as account_service
from csd_events.association.mail import speaker
from csd_events.core.access import current_person_id, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.tokens import links
from csd_events.core.words import gettext as _
from csd_events.registrations import exports, queries
from csd_events.registrations.views.blueprint import bp


@bp.get("/feeds/<token>.ics")
def own_feed(token: str) -> ResponseReturnValue:
    """Hand a calendar its owner's places: the address is the secret."""
    session, at = db.session(), now()
    person_id = accounts.get_feed_owner(session, links(), token)
    association = speaker(session, now=at)
    found = queries.list_for_feed(session, person_id, now=at)
    name = _("%(association)s: my events", association=association.name)
    file = exports.own_feed(found, association, name=name, now=at)
    return Response(file, mimetype="text/calendar")


@bp.post("/me/feed")
@sign_in_required
def renew_feed() -> ResponseReturnValue:
    """End the address there was, and have another."""
    with transaction() as session:
        account_service.renew_feed(session, current_person_id() or 0)
    flash(_("Your calendar has a new address. The one before has ended."))
    return redirect(url_for("home.me"), code=303)
