"""What the audit trail keeps of an event, before and after a save."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from csd_events.audit.rules import what_changed
from csd_events.events.models import (
    Contribution,
    Event,
    EventOffer,
    EventQuestion,
    EventSession,
)

PLAIN = (
    "title", "summary", "description", "kind", "on_demand", "zone", "place",
    "capacity", "waiting_limit", "platform_url", "recording_url", "afterwards",
    "audience", "accessibility", "contact", "form", "program_id", "conference_id",
    "requires_conference", "needs_approval", "completes_after", "completes_share",
        "completion_note",
    "prerequisite_note", "reading", "hidden_cases", "replace_on", "reminders",
    "follows_up",
)  # fmt: skip
OF_A_SESSION = ("title", "starts_at", "ends_at", "zone", "place", "platform_url")
OF_AN_OFFER = (
    "audience", "price_cents", "currency", "opens_on", "closes_on", "quota", "code",
)  # fmt: skip
OF_A_QUESTION = (
    "label", "kind", "help", "choices", "required", "active", "for_presenters",
)  # fmt: skip
#: What is given out on the join page alone.
SECRET = ("platform_url", "recording_url")
#: In place of what the trail does not repeat.
UNTOLD = "…"


def facts_of(event: Event) -> dict[str, Any]:
    """Return everything staff say of an event, to compare it before and after."""
    numbers = {each.id: each.position + 1 for each in event.sessions}
    return _written(event, PLAIN) | {
        "areas": event.area_ids,
        "sessions": [_written(each, OF_A_SESSION) for each in event.sessions],
        "offers": [_written(each, OF_AN_OFFER) for each in event.offers],
        "questions": [_written(each, OF_A_QUESTION) for each in event.questions],
        "contributors": [_name(each, numbers) for each in event.contributions],
        "resources": [each.name for each in event.resources],
        "prerequisites": [each.required_id for each in event.prerequisites],
    }


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Pair what was and what is, for each fact that changed, as the trail keeps it."""
    changes = what_changed(before, after)
    return {
        name: [_told(name, side) for side in sides] for name, sides in changes.items()
    }


def _told(name: str, value: Any) -> object:
    """Return a fact without the links in it: no more than that there is one."""
    if name in SECRET:
        return UNTOLD if value else ""
    if name == "sessions":
        return [_session_told(**each) for each in value or ()]
    return value


def _session_told(*, platform_url: str | None, **others: object) -> dict[str, object]:
    return others | {"own_link": UNTOLD if platform_url else ""}


def _written(
    row: Event | EventSession | EventOffer | EventQuestion, names: tuple[str, ...]
) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value


def _name(each: Contribution, numbers: Mapping[int, int]) -> str:
    who = each.partner.name if each.partner else ""
    if each.presenter is not None:
        who = each.presenter.known_as
    number = numbers.get(each.session_id or 0)
    part = f", session {number}" if number else ""
    return f"{who} ({each.role.value}{part})"
