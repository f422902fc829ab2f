"""What the audit trail keeps of an event, before and after a save."""

from datetime import date, datetime
from typing import Any

from csd_events.events.models import Contribution, Event, EventOffer, EventSession

PLAIN = (
    "title", "summary", "description", "kind", "zone", "place", "capacity",
    "waiting_limit", "platform_url", "recording_url", "afterwards", "audience",
    "accessibility", "contact", "form", "program_id", "conference_id",
    "requires_conference", "reading",
)  # fmt: skip
OF_A_SESSION = ("title", "starts_at", "ends_at", "zone", "place")
OF_AN_OFFER = ("audience", "price_cents", "currency", "opens_on", "closes_on", "quota")
#: In place of what the trail does not repeat: it is given out on the join page alone.
UNTOLD = "…"


def facts_of(event: Event) -> dict[str, Any]:
    """Return everything staff say of an event, as it is kept in the trail."""
    return _written(event, PLAIN) | {
        "areas": event.area_ids,
        "sessions": [_written(each, OF_A_SESSION) for each in event.sessions],
        "offers": [_written(each, OF_AN_OFFER) for each in event.offers],
        "contributors": [_name(each) for each in event.contributions],
        "resources": [each.name for each in event.resources],
    }


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Pair what was and what is, for each fact that changed."""
    changed = {
        name: [before.get(name), now_is]
        for name, now_is in after.items()
        if now_is != before.get(name)
    }
    if "platform_url" in changed:
        changed["platform_url"] = [UNTOLD, UNTOLD]
    return changed


def _written(
    row: Event | EventSession | EventOffer, names: tuple[str, ...]
) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value


def _name(each: Contribution) -> str:
    if each.partner is not None:
        return f"{each.partner.name} ({each.role.value})"
    presenter = each.presenter
    return f"{presenter.full_name if presenter else ''} ({each.role.value})"
