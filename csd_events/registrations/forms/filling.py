"""From an event to its form, and what two forms of it say differently."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from csd_events.core.inputs import boxes_of
from csd_events.core.money import write_price
from csd_events.core.time import to_wall
from csd_events.events.models import (
    Contribution,
    Event,
    EventOffer,
    EventQuestion,
    EventSession,
)
from csd_events.events.queries import person_of
from csd_events.events.rules import (
    Closing,
    OfferDraft,
    why_closed,
)
from csd_events.registrations.forms.typed import write_clock

#: Fields of the form that an event has under the same name, as words.
SAME = (
    "title", "summary", "platform_url", "place", "description", "audience",
    "accessibility", "contact", "recording_url", "zone", "afterwards",
    "completion_note", "prerequisite_note",
)  # fmt: skip
#: Fields that an event has as a number, or not at all.
NUMBERS = (
    "capacity", "waiting_limit", "completes_after", "completes_share", "conference_id",
    "program_id",
)  # fmt: skip


def typed_of(event: Event) -> dict[str, Any]:
    """Return what the form of an event holds when it is opened."""
    first = next((_times(each, event.zone) for each in event.sessions), {})
    return {
        **{name: getattr(event, name) or "" for name in SAME},
        **{name: _count(getattr(event, name)) for name in NUMBERS},
        **first,
        "sessions": sessions_of(event),
        "version": str(event.version),
        "offers": [_offer(each) for each in event.offers],
        "questions": [_question(each) for each in event.questions],
        "presenters": _presenters(event),
        "partners": [_row(each) for each in event.contributions if each.partner],
        "main_area": event.main_area,
        "areas": event.area_ids[1:],
        "arrangement": event.form,
        "reading": list(event.reading),
        "hidden_cases": list(event.hidden_cases),
        "resources": [each.name for each in event.resources],
        "requires_conference": event.requires_conference,
        "needs_approval": event.needs_approval,
        "replace_on": boxes_of(event.replace_on),
        "reminders": list(event.reminders),
        "follows_up": event.follows_up,
        "prerequisites": [
            f"/events/{each.required.slug}" for each in event.prerequisites
        ],
    }


def sessions_of(event: Event) -> list[dict[str, Any]]:
    """Return what the rows of an event's sessions hold."""
    return [_session(each, event) for each in event.sessions]


def _session(session: EventSession, event: Event) -> dict[str, Any]:
    return {
        "session_id": str(session.id),
        "title": session.title,
        "place": session.place,
        "platform_url": session.platform_url or "",
        "zone": session.zone if session.zone != event.zone else None,
        **_times(session, session.zone),
    }


def _times(session: EventSession, zone: str) -> dict[str, Any]:
    """Return what the boxes of a session's times hold, on the clocks of a zone."""
    start, ends_at = to_wall(session.starts_at, zone), session.ends_at
    return {
        "starts_on": boxes_of(start.date()),
        "start_time": write_clock(start.time()),
        "end_time": write_clock(to_wall(ends_at, zone).time()) if ends_at else "",
    }


def reopened(event: Event, offer: OfferDraft, *, now: datetime) -> OfferDraft:
    """Return an offer of an event, open from now on if its days alone close it."""
    closed = why_closed(
        event.terms_of_offers,
        starts_at=event.starts_at,
        cancelled_at=event.cancelled_at,
        postponed_at=event.postponed_at,
        is_full=False,
        now=now,
    )
    if closed is None or offer.id != closed.offer_id:
        return offer
    if closed.why is Closing.NOT_YET:
        return replace(offer, opens_on=to_wall(now, event.zone).date())
    return replace(offer, closes_on=None)


def _presenters(event: Event) -> list[dict[str, Any]]:
    """Return the rows of who presents, each with the number of their session."""
    numbers = {each.id: str(n) for n, each in enumerate(event.sessions, start=1)}
    return [
        {**_row(each), "sitting": numbers.get(each.session_id or 0)}
        for each in event.contributions
        if each.presenter
    ]


def _offer(offer: EventOffer) -> dict[str, Any]:
    return {
        "offer_id": str(offer.id),
        "audience": offer.audience.value,
        "price": write_price(offer.price_cents),
        "opens_on": boxes_of(offer.opens_on),
        "closes_on": boxes_of(offer.closes_on),
        "quota": _count(offer.quota),
        "code": offer.code or "",
    }


def _question(question: EventQuestion) -> dict[str, Any]:
    return {
        "question_id": str(question.id),
        "kind": question.kind.value,
        "label": question.label,
        "help": question.help,
        "choices": "\n".join(question.choices),
        "required": question.required,
        "order": str(question.position + 1),
        "active": question.active,
        "for_presenters": question.for_presenters,
    }


def _row(contribution: Contribution) -> dict[str, Any]:
    """Return the row of a presenter or a partner: its lists are of plain words."""
    return {**person_of(contribution), "role": contribution.role.value}


def _count(number: int | None) -> str:
    return "" if number is None else str(number)
