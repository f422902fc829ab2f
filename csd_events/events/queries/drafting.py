"""An event as the draft that would save it as it is, and as people heard of it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from csd_events.core.time import to_wall
from csd_events.events.models import (
    Contribution,
    Event,
    EventOffer,
    EventQuestion,
    EventSession,
)
from csd_events.events.rules import (
    Contributor,
    EventDraft,
    OfferDraft,
    QuestionDraft,
    SessionDraft,
)

#: Fields that an event and its draft have under the same name.
KEPT = (
    "title", "kind", "on_demand", "zone", "summary", "description", "place",
    "platform_url", "recording_url", "afterwards", "audience", "accessibility",
    "contact", "form", "capacity", "waiting_limit", "program_id", "conference_id",
    "requires_conference", "needs_approval", "completes_after", "completes_share",
        "completion_note",
    "prerequisite_note", "replace_on", "reminders", "follows_up",
)  # fmt: skip


def as_saved(event: Event) -> EventDraft:
    """Return an event as the draft that would save it as it is."""
    people = _people_of(event)
    return EventDraft(
        sessions=[_session_draft(s, people.get(s.id, [])) for s in event.sessions],
        offers=[_offer_draft(each) for each in event.offers],
        questions=[_question_draft(each) for each in event.questions],
        contributors=people.get(None, []),
        areas=event.area_ids,
        reading=list(event.reading),
        hidden_cases=list(event.hidden_cases),
        resources=[each.name for each in event.resources],
        prerequisites=[each.required_id for each in event.prerequisites],
        **{name: getattr(event, name) for name in KEPT},
    )


def heard(event: Event) -> dict[str, Any]:
    """Say of an event what people were told and a calendar keeps, as JSON holds it."""
    return {
        "place": event.place,
        "sessions": [
            {
                **{name: getattr(each, name) for name in HEARD},
                "starts_at": each.starts_at.isoformat(),
                "ends_at": each.ends_at.isoformat() if each.ends_at else None,
            }
            for each in event.sessions
        ],
    }


#: Of a session, what JSON keeps as it is.
HEARD = ("id", "sequence", "title", "zone", "place")


def before_change(event: Event) -> dict[str, Any]:
    """Say what people have heard, with what it takes to put it back.

    It holds the links to join the sessions by: show none of it.
    """
    people = _people_of(event)
    said = heard(event)
    for each, kept in zip(event.sessions, said["sessions"], strict=True):
        kept |= {
            "wall_start": each.wall_start.isoformat(),
            "announced_at": each.announced_at.isoformat(),
            "platform_url": each.platform_url,
            "people": [asdict(who) for who in people.get(each.id, [])],
        }
    return said | {"zone": event.zone}


def _people_of(event: Event) -> dict[int | None, list[Contributor]]:
    """List who stands on stage by the id of their session; None for the whole event."""
    people: dict[int | None, list[Contributor]] = {}
    for each in event.contributions:
        people.setdefault(each.session_id, []).append(Contributor(**person_of(each)))
    return people


def _session_draft(
    session: EventSession, people: Sequence[Contributor]
) -> SessionDraft:
    ends_at = session.ends_at
    return SessionDraft(
        id=session.id,
        title=session.title,
        wall_start=session.wall_start,
        wall_end=to_wall(ends_at, session.zone) if ends_at else None,
        zone=session.zone,
        place=session.place,
        platform_url=session.platform_url,
        contributors=people,
    )


def _offer_draft(offer: EventOffer) -> OfferDraft:
    return OfferDraft(
        id=offer.id,
        audience=offer.audience,
        price_cents=offer.price_cents,
        currency=offer.currency,
        opens_on=offer.opens_on,
        closes_on=offer.closes_on,
        quota=offer.quota,
        code=offer.code,
    )


def _question_draft(question: EventQuestion) -> QuestionDraft:
    return QuestionDraft(
        id=question.id,
        kind=question.kind,
        label=question.label,
        help=question.help,
        choices=question.choices,
        required=question.required,
        active=question.active,
        for_presenters=question.for_presenters,
    )


def person_of(contribution: Contribution) -> dict[str, Any]:
    """Return a presenter or a partner by the names that a `Contributor` has."""
    presenter, partner = contribution.presenter, contribution.partner
    if presenter is None:
        return {"role": contribution.role, "name": partner.name if partner else ""}
    return {
        "role": contribution.role,
        "name": presenter.full_name,
        "title": presenter.title,
        "organization": presenter.organization,
    }
