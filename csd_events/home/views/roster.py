"""An organization's roster, for the contact whom staff named, and nobody else."""

from collections import defaultdict
from datetime import date
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.access import current_person_id, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import read_id, with_addresses
from csd_events.home import queries
from csd_events.home.queries import RosterPlace
from csd_events.home.views.blueprint import bp
from csd_events.organizations import queries as organizations
from csd_events.organizations.models import Organization


@bp.get("/me/organizations/<int:organization_id>")
@sign_in_required
def roster(organization_id: int) -> ResponseReturnValue:
    """Show it. To everybody else, staff too, there is no such page."""
    session, day = db.session(), association.today(db.session(), now())
    mine = {each.id: each for each in own_rosters(day)}
    if organization_id not in mine:
        raise NotFoundError("roster")
    edge = read_id(request.args.get("after")), read_id(request.args.get("before"))
    people = organizations.page_people(session, organization_id, day, edge=edge)
    shown = {each.person_id for each in people.items}
    places: dict[int, list[RosterPlace]] = defaultdict(list)
    for place in queries.list_places_of(session, shown, now=now()):
        places[place.person_id].append(place)
    return render_template(
        "home/roster.html",
        organization=mine[organization_id],
        page=with_addresses(
            people, partial(url_for, ".roster", organization_id=organization_id)
        ),
        places=places,
    )


def own_rosters(day: date) -> list[Organization]:
    """List the organizations whose contact is the person who is signed in."""
    person_id = current_person_id()
    if person_id is None:
        return []
    return list(organizations.list_contact_of(db.session(), person_id, day))
