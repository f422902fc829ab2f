"""One event, in all its states, for whoever is looking."""

from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import money
from csd_events.core.words import gettext as _
from csd_events.events import queries
from csd_events.events.models import Event
from csd_events.events.rules import Access, Terms, asks_for_codes, next_turn
from csd_events.events.words import changes_at, row_of, sittings_of
from csd_events.home.views.blueprint import bp
from csd_events.home.words import Card, costs_members_less, event_view, visitor_card
from csd_events.library.rules import CaseLine
from csd_events.library.words import reading_lines
from csd_events.matching import service as matching
from csd_events.matching.rules import Profile
from csd_events.registrations import queries as registrations
from csd_events.registrations.forms import MemberForm, asking, new_ticket
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Refusal, State, decide, read_via
from csd_events.registrations.service import (
    ended_membership,
    may_cost,
    refusal_of,
    seats_through,
    terms_for,
)
from csd_events.registrations.words import (
    dearer_words,
    held_words,
    next_mail_words,
    not_a_member_words,
)

#: How a card calls where the reader's own registration stands.
OWN_STATES = {
    State.CONFIRMED: "registered",
    State.HELD: "held",
    State.WAITING: "waiting",
}


@bp.get("/events/<slug>")
@cached_page
def event(slug: str) -> ResponseReturnValue:
    session, at = db.session(), now()
    try:
        found = queries.get_by_slug(session, slug)
    except NotFoundError:
        return _redirect_or_404(slug)
    related = queries.list_related(session, found, now=at)
    turns = [
        changes_at([found, *related], now=at),
        next_turn(sittings_of(found), at),
    ]
    kept_until(min((each for each in turns if each), default=None))
    card, form = _card(found, at)
    return render_template(
        "home/event.html",
        event=event_view(found, now=at, recording_url=found.open_recording(at)),
        card=card,
        form=form,
        via=_via(),
        case=_case(found, at),
        reading=reading_lines(found.resources),
        related=[row_of(each, now=at) for each in related],
    )


def _via() -> str | None:
    """Return the word by which staff know where somebody read of the event."""
    return read_via(request.args.get("via"))


def _redirect_or_404(slug: str) -> ResponseReturnValue:
    current = queries.find_current_slug(db.session(), slug)
    if current is None:
        raise NotFoundError(slug)
    return redirect(url_for(".event", slug=current), code=301)


def _card(event: Event, at: datetime) -> tuple[Card, MemberForm | None]:
    person_id = current_person_id()
    held = _held(event, person_id)
    if held is not None:
        return _own_card(event, held, at), None
    code = request.args.get("code", "")
    found = terms_for(db.session(), event, person_id, now=at, code=code)
    refusal = refusal_of(event, found)
    offer = found.offer
    full = decide(seats_through(event, offer.id if offer else None)) is State.WAITING
    card = visitor_card(event, found, refusal, full=full, now=at)
    may_want_it = not (event.is_over(at) or event.cancelled_at)
    if found.access is Access.CLOSED and may_want_it:
        # Who cannot register any more may still want the date.
        card = replace(card, calendar_url=url_for("events.calendar", slug=event.slug))
    if refusal is Refusal.NOT_OPEN and (person := current_person()) is not None:
        wished = registrations.has_wish(db.session(), event.id, person.email)
        card = replace(card, is_wished=wished)
    invited = found.access is Access.NOT_INVITED and not event.cancelled_at
    if person_id is not None:
        card = _of_no_member(card, event, found, person_id, at)
    if person_id is None or not (invited or (refusal is None and found.offer)):
        return card, None
    offer_id, questions = found.offer.id if found.offer else None, event.asked
    ticket = new_ticket(event.slug, offer_id, asks=bool(questions), now=at)
    form = asking(MemberForm, questions)(ticket=ticket, code=code, via=_via() or "")
    if not asks_for_codes(event.terms_of_offers, at):
        form.without_code()
    if not may_cost(event, found):
        form.without_invoice()
    return card, form


def _of_no_member(
    card: Card, event: Event, found: Terms, person_id: int, at: datetime
) -> Card:
    """Say to who is signed in that they are no member, where that would open a door."""
    refused = found.access is Access.NOT_A_MEMBER and not event.cancelled_at
    if not refused and not costs_members_less(event, found.offer, now=at):
        return card
    ended = ended_membership(db.session(), person_id, zone=event.zone, now=at)
    if refused:
        return replace(card, reason_words=not_a_member_words(ended))
    return replace(card, member_words=dearer_words(ended)) if ended else card


def _held(event: Event, person_id: int | None) -> Registration | None:
    """Find the place, or the place in the queue, that somebody holds."""
    if person_id is None or event.cancelled_at:
        return None
    held = registrations.find(db.session(), event_id=event.id, person_id=person_id)
    if held is None or held.state is State.CANCELLED or held.is_pending:
        return None
    return held


def _own_card(event: Event, held: Registration, at: datetime) -> Card:
    version = held.link_version
    if event.is_postponed:
        token = links().token(Purpose.REGISTRATION, held.id, version)
        return Card(state="postponed", registration_token=token)
    return Card(
        state=OWN_STATES[held.state],
        registration_token=links().token(Purpose.REGISTRATION, held.id, version),
        join_token=links().token(Purpose.JOIN, held.id, version)
        if event.joins_online
        else None,
        next_mail_words=_own_words(event, held, at),
        waiting_position=registrations.rank_waiting(db.session(), held),
    )


def _own_words(event: Event, held: Registration, at: datetime) -> str | None:
    """Say what comes next by itself, or what is asked."""
    if held.state is State.WAITING:
        return _waiting_words(event, held, at)
    if held.state is State.HELD:
        return held_words(held, event)
    return next_mail_words(held, event, now=at)


def _waiting_words(event: Event, held: Registration, at: datetime) -> str:
    """Say what follows; and of who pays less by now, whoever asked for them, how."""
    words = str(_("A mail tells you when a place comes free."))
    if not held.price_cents:
        return words
    offer = terms_for(db.session(), event, held.person_id, now=at).offer
    if offer is None or offer.price_cents >= held.price_cents:
        return words
    asked = money(held.price_cents, held.currency)
    price = _("free") if offer.is_free else money(offer.price_cents, offer.currency)
    better = _(
        "You wait at %(asked)s. For you it is %(price)s: leave the waiting list, and "
        "register again.",
        asked=asked,
        price=price,
    )
    return f"{words} {better}"


def _case(event: Event, at: datetime) -> CaseLine | None:
    """Find the case study to show beside an event: the session speaks."""
    return matching.recommend_at(db.session(), Profile(), event, now=at).first
