"""The event page as people read it: the event, and the card that leads to the act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from csd_events.core.text import markdown
from csd_events.core.time import days_words
from csd_events.core.words import gettext as _
from csd_events.events.models import Conference, Event, Partner
from csd_events.events.rules import Access, Audience, Offer, Role, State, Terms
from csd_events.events.words import (
    OfferView,
    SessionLine,
    action_words,
    closed_words,
    completion_words,
    days_left,
    few_left,
    full_words,
    offer_view,
    session_lines,
)
from csd_events.registrations import words as registration_words
from csd_events.registrations.rules import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceNote:
    """What an event's page says of its conference.

    Attributes:
        slug: Of its page; None while it has none.
        website: Where people register for it, if that is known.
    """

    name: str
    days_words: str
    place: str
    booth: str
    slug: str | None
    website: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """Everything an event's page says of it."""

    slug: str
    title: str
    summary: str
    kind: str
    on_demand: bool
    starts_at: datetime | None
    ends_at: datetime | None
    zone: str
    place: str
    description_html: Markup
    audience: str
    accessibility: str
    contact: str
    area_ids: list[str]
    form_id: str | None
    sessions: list[SessionLine]
    #: Who presents each session, by its id; None for the whole event.
    presenters_of: dict[int | None, list[dict[str, str]]]
    before: list[tuple[str, str]]
    before_note: str
    completion: str
    presenters: list[dict[str, str]]
    partners: list[dict[str, str]]
    conference: ConferenceNote | None
    requires_conference: bool
    program: Any
    recording_url: str | None
    cancelled_at: datetime | None
    cancel_note: str
    is_postponed: bool
    postpone_note: str
    preview: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The action card: what it costs until when, and one thing to do."""

    state: str
    action_words: str = ""
    offer: OfferView | None = None
    following: tuple[OfferView, ...] = ()
    places_left: int | None = None
    needs_approval: bool = False
    reason_words: str = ""
    full_words: tuple[str, str] = ("", "")
    asks_more: bool = False
    member_words: str = ""
    opens_at: datetime | None = None
    registration_token: str | None = None
    join_token: str | None = None
    next_mail_words: str | None = None
    waiting_position: int | None = None
    calendar_url: str | None = None
    is_wished: bool = False


def event_view(
    event: Event,
    *,
    now: datetime,
    preview: bool = False,
    recording_url: str | None = None,
) -> EventView:
    """Show an event that was loaded with all that belongs to it."""
    people = presenters_of(event)
    return EventView(
        slug=event.slug,
        title=event.title,
        summary=event.summary,
        kind=event.kind.value,
        on_demand=event.on_demand,
        starts_at=None if event.is_postponed else event.starts_at,
        ends_at=None if event.is_postponed else event.ends_at,
        zone=event.zone,
        place=event.place,
        description_html=markdown(event.description),
        audience=event.audience,
        accessibility=event.accessibility,
        contact=event.contact,
        area_ids=event.area_ids,
        form_id=event.form,
        sessions=[] if event.is_postponed else session_lines(event, now=now),
        presenters_of=people,
        before=[
            (each.required.title, each.required.slug)
            for each in event.prerequisites
            if each.required.state is not State.DRAFT
        ],
        before_note=event.prerequisite_note,
        completion=completion_words(event),
        presenters=people.get(None, []),
        partners=[
            partner_view(each.role, each.partner)
            for each in event.contributions
            if each.partner
        ],
        conference=_conference(event.conference) if event.conference else None,
        requires_conference=event.requires_conference,
        program=event.program,
        recording_url=recording_url,
        cancelled_at=event.cancelled_at,
        cancel_note=event.cancel_note,
        is_postponed=event.is_postponed,
        postpone_note=event.postpone_note,
        preview=preview,
    )


def presenters_of(
    event: Event, *, but: int | None = None
) -> dict[int | None, list[dict[str, str]]]:
    """List who presents each session, by its id, and at None the whole event.

    What only staff may know of them is left out.

    Args:
        but: The id of one who is left out.
    """
    found: dict[int | None, list[dict[str, str]]] = {}
    for each in event.contributions:
        if each.presenter and each.presenter_id != but:
            person = {
                "slug": each.presenter.slug,
                "name": each.presenter.full_name,
                "title": each.presenter.title,
                "organization": each.presenter.organization,
                "picture": each.presenter.picture or "",
                "picture_alt": each.presenter.picture_alt,
                "role": str(_("moderator")) if each.role is Role.MODERATOR else "",
            }
            found.setdefault(each.session_id, []).append(person)
    return found


def partner_view(role: Role, partner: Partner) -> dict[str, str]:
    """Name an organization, what it does, and where it is on the web."""
    return {
        "name": partner.name,
        "role": role.value.replace("_", "-"),
        "website": partner.website or "",
    }


def visitor_card(
    event: Event, found: Terms, refusal: Refusal | None, *, full: bool, now: datetime
) -> Card:
    """Say how an event stands for who holds no registration."""
    follows = _following(event, found, now)
    if event.state in {State.CANCELLED, State.POSTPONED}:
        return Card(state=event.state.value)
    if found.access is Access.OPEN and found.offer is not None:
        if refusal is Refusal.FULL:
            return Card(
                state="closed",
                reason_words=full_words(event),
            )
        return Card(
            state="full" if full else _open_state(event, found.offer, now),
            offer=offer_view(found.offer, event, now=now),
            following=follows,
            full_words=registration_words.full_words(event, found.offer),
            places_left=few_left(event),
            needs_approval=event.needs_approval,
            asks_more=event.has_questions or not found.offer.is_free,
            action_words=action_words(event, full=full),
        )
    if found.access is Access.NOT_INVITED and not event.is_over(now):
        return Card(
            state="by_invitation",
            reason_words=closed_words(event, found, now=now),
            action_words=action_words(event),
        )
    if event.is_over(now):
        return Card(state="past", reason_words=closed_words(event, found, now=now))
    states = {
        Access.NOT_OPEN: "not_open",
        Access.NOT_A_MEMBER: "needs_membership",
        Access.NOT_A_COLLEAGUE: "needs_membership",
    }
    return Card(
        state=states.get(found.access, "closed"),
        reason_words=""
        if found.access is Access.NOT_OPEN
        else closed_words(event, found, now=now),
        opens_at=found.following.window.opens_at if found.following else None,
        following=follows,
    )


def _open_state(event: Event, offer: Offer, now: datetime) -> str:
    closes_at = offer.window.closes_at
    if closes_at is None or closes_at == event.starts_at:
        return "open"
    return "last_day" if days_left(closes_at, event.zone, now=now) == 0 else "open"


def _following(event: Event, found: Terms, now: datetime) -> tuple[OfferView, ...]:
    """List what comes after the offer shown: for this visitor, and for others."""
    if found.offer is None:
        offers = [found.following, found.members_offer]
        return tuple(offer_view(offer, event, now=now) for offer in offers if offer)
    shown = found.offer
    others = [
        offer
        for offer in event.terms_of_offers
        if offer.id != shown.id
        and offer.audience is not Audience.INVITED
        and (_follows(offer, shown) or _is_better(offer, shown, now))
    ]
    others.sort(key=lambda o: (o.window.opens_at or now, o.price_cents))
    return tuple(offer_view(offer, event, now=now) for offer in others)


def _follows(offer: Offer, shown: Offer) -> bool:
    """Tell whether an offer opens when the one shown has ended."""
    end, opens_at = shown.window.closes_at, offer.window.opens_at
    return end is not None and opens_at is not None and opens_at >= end


def _is_better(offer: Offer, shown: Offer, now: datetime) -> bool:
    """Tell whether somebody else pays less now: a reason to sign in."""
    return offer.window.contains(now) and offer.price_cents < shown.price_cents


def costs_members_less(event: Event, shown: Offer | None, *, now: datetime) -> bool:
    """Tell whether a member would pay less now than an offer asks."""
    if shown is None:
        return False
    offers = event.terms_of_offers
    cheaper = (offer for offer in offers if _is_better(offer, shown, now))
    return any(offer.audience is Audience.MEMBERS for offer in cheaper)


def _conference(conference: Conference) -> ConferenceNote:
    return ConferenceNote(
        name=conference.name,
        days_words=days_words(conference.first_on, conference.last_on),
        place=conference.place,
        booth=conference.booth,
        slug=conference.slug if conference.published else None,
        website=conference.website,
    )
