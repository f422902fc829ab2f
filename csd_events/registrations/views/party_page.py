"""How an event stands for who registers colleagues, and the page that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template

from csd_events.core.access import current_person, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import to_wall
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Access, Terms, asks_for_codes
from csd_events.events.words import offer_view, required_conference, row_of
from csd_events.organizations import queries as organizations
from csd_events.organizations.queries import RosterLine
from csd_events.registrations import queries, rules, service
from csd_events.registrations.forms import PartyForm
from csd_events.registrations.models import RegistrationGroup
from csd_events.registrations.queries import GroupLine
from csd_events.registrations.rules import Refusal, State
from csd_events.registrations.views.forms import grace_words
from csd_events.registrations.views.groups import token_after_form
from csd_events.registrations.words import full_words, saved_words

#: How many of a roster are shown at once; the others are found by searching.
ROSTER_SHOWN = 50
#: What a row may lack, and another not; all else holds for everybody.
OF_A_ROW = {Refusal.NOT_A_MEMBER, Refusal.NOT_A_COLLEAGUE}


@dataclass(frozen=True, slots=True)
class Stand:
    """How an event stands for who wants to register colleagues.

    Attributes:
        rosters: The organizations whose contact they are.
    """

    event: Event
    found: Terms
    rosters: Sequence[int]
    at: datetime

    @property
    def refusal(self) -> Refusal | None:
        refusal = service.refusal_of(self.event, self.found)
        return None if refusal in OF_A_ROW and self.rosters else refusal

    @property
    def today(self) -> date:
        return to_wall(self.at, self.event.zone).date()


def stand_of(slug: str, code: str) -> Stand:
    session, at, whose = db.session(), now(), current_person_id()
    event = events.get_with_offers(session, slug)
    found = service.terms_for_colleagues(session, event, whose, now=at, code=code)
    today = to_wall(at, event.zone).date()
    mine = organizations.list_contact_of(session, whose, today) if whose else []
    return Stand(event, found, [each.id for each in mine], at)


def party_page(
    stand: Stand, form: PartyForm, group: RegistrationGroup | None = None
) -> str:
    """Show the form as it stands, with who of it is in already."""
    form.has_rows()
    event, at, offer = stand.event, stand.at, stand.found.offer
    seats = service.seats_through(event, offer.id if offer else None)
    if not asks_for_codes(event.terms_of_offers, at):
        form.without_code()
    if not service.may_cost_somebody(event, current_person_id(), now=at):
        form.without_invoice()
    roster = _roster(stand, form)
    saved = _saved(group, event)
    for_good = group is not None and group.confirmed_at is not None
    return render_template(
        "registrations/colleagues.html",
        event=row_of(event),
        form=form,
        offer=offer_view(offer, event, now=at) if offer else None,
        full_words=full_words(event, offer)
        if rules.decide(seats) is State.WAITING
        else None,
        needs_approval=event.needs_approval,
        by_invitation=stand.found.access is Access.NOT_INVITED,
        conference=required_conference(event),
        grace_words=grace_words(event, stand.found, at),
        sender=group or current_person(),
        saved=saved,
        saved_words=saved_words(saved, for_good=for_good),
        saved_token=token_after_form(group) if group else None,
        roster=roster[:ROSTER_SHOWN],
        more_on_roster=len(roster) > ROSTER_SHOWN,
        coming=_coming(event, roster),
        most=rules.MOST_COLLEAGUES,
    )


def _saved(group: RegistrationGroup | None, event: Event) -> list[GroupLine]:
    """List who is in already, as the sender reads them."""
    if group is None:
        return []
    lines = queries.list_lines(db.session(), group, event)
    return [line for line in lines if line.is_kept]


def _roster(stand: Stand, form: PartyForm) -> list[RosterLine]:
    """List whom a contact may tick, one more than is shown; not the contact."""
    if not stand.rosters:
        return []
    found = organizations.find_on_rosters(
        db.session(),
        stand.rosters,
        stand.today,
        words=form.search.data,
        limit=ROSTER_SHOWN + 2,
    )
    mine = current_person_id()
    return [line for line in found if line.person_id != mine][: ROSTER_SHOWN + 1]


def _coming(event: Event, roster: Sequence[RosterLine]) -> set[int]:
    """Find who of a roster is registered: its contact sees that anyway."""
    ids = [line.person_id for line in roster]
    if not ids:
        return set()
    return queries.find_coming(db.session(), event_id=event.id, person_ids=ids)
