"""A signed-in person's own page: their registrations, and what we know of them."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts.words import returned_words
from csd_events.association.mail import speaker
from csd_events.core.access import current_person, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import to_wall
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import as_webcal, external_url
from csd_events.events.words import row_of
from csd_events.home import queries
from csd_events.home.views.blueprint import bp
from csd_events.home.views.roster import own_rosters
from csd_events.home.words import OwnLine, known_of
from csd_events.organizations import queries as organizations
from csd_events.registrations import queries as registrations
from csd_events.registrations.forms import PressForm


@bp.get("/me")
@sign_in_required
def me() -> ResponseReturnValue:
    person = current_person()
    if person is None:
        abort(401)
    session, at = db.session(), now()
    zone = speaker(session, now=at).zone
    today = to_wall(at, zone).date()
    returned = accounts.find_mark(session, person.email)
    past = request.args.get("past") == "1"
    confirmed = queries.has_confirmed(session, person.person_id)
    # What belongs to an address shows once it is known to be theirs.
    own = registrations.list_own(session, person.person_id) if confirmed else []
    shown = [each for each in own if each.event.is_over(at) is past]
    lines = [
        OwnLine(
            event=row_of(each.event, now=at),
            state=each.state.value,
            token=links().token(Purpose.REGISTRATION, each.id, each.link_version),
        )
        for each in (shown if past else reversed(shown))
    ]
    return render_template(
        "home/me.html",
        lines=lines,
        past=past,
        address_confirmed=confirmed,
        returned_words=returned_words(returned, zone) if returned else None,
        known=known_of(
            organizations.list_belonging(session, person.person_id, today),
            organizations.standing(session, person.person_id, today),
        ),
        rosters=own_rosters(today),
        feed_url=_feed_url(person.person_id) if confirmed else None,
        form=PressForm(),
    )


def _feed_url(person_id: int) -> str:
    """Return the secret address of a calendar with what somebody is registered for."""
    account = accounts.get_account_of(db.session(), person_id)
    token = links().token(Purpose.FEED, account.id, account.feed_version)
    return as_webcal(external_url("registrations.own_feed", token=token))
