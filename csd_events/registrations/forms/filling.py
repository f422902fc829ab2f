"""From an event to its form, and what two forms of it say differently."""

from typing import Any

from wtforms import Field, FieldList, FormField, SelectField

from csd_events.core.dates import boxes_of
from csd_events.core.time import to_wall
from csd_events.events.models import Contribution, Event, EventOffer, EventSession
from csd_events.registrations.forms.event import EventForm
from csd_events.registrations.forms.typed import write_clock, write_price

#: Fields of the form that an event has under the same name, as words.
SAME = (
    "title", "summary", "platform_url", "place", "description", "audience",
    "accessibility", "contact", "recording_url", "zone", "kind", "afterwards",
)  # fmt: skip
#: Fields whose words say nothing to a person who compares.
SILENT = ("csrf_token", "version", "zone_change", "offer_id")


def typed_of(event: Event) -> dict[str, Any]:
    """Return what the form of an event holds when it is opened."""
    sessions = sessions_of(event)
    first = sessions[0] if sessions else {}
    return {
        **{name: getattr(event, name) or "" for name in SAME},
        **{name: first.get(name) for name in ("starts_on", "start_time", "end_time")},
        "first_title": first.get("title"),
        "sessions": sessions[1:],
        "version": str(event.version),
        "capacity": _count(event.capacity),
        "waiting_limit": _count(event.waiting_limit),
        "offers": [_offer(each) for each in event.offers],
        "presenters": [_row(each) for each in event.contributions if each.presenter],
        "partners": [_row(each) for each in event.contributions if each.partner],
        "main_area": event.main_area,
        "areas": event.area_ids[1:],
        "arrangement": event.form,
        "reading": list(event.reading),
        "conference_id": _count(event.conference_id),
        "program_id": _count(event.program_id),
    }


def sessions_of(event: Event) -> list[dict[str, Any]]:
    """Return what the rows of an event's sessions hold."""
    return [_session(each) for each in event.sessions]


def differences(form: EventForm, saved: EventForm) -> list[tuple[str, str]]:
    """List what is saved otherwise than typed: the field, and what is saved."""
    return [
        (_label(field), words_of(saved[field.short_name]))
        for field in form
        if field.short_name not in SILENT
        and words_of(field) != words_of(saved[field.short_name])
    ]


def words_of(field: Field) -> str:
    """Write what a field holds as a person would read it."""
    if isinstance(field, FormField):
        parts = [words_of(each) for each in field.form if each.short_name not in SILENT]
        return " ".join(part for part in parts if part)
    if isinstance(field, FieldList):
        return "; ".join(words for each in field if (words := words_of(each)))
    if isinstance(field, SelectField):
        choices = field.iter_choices()
        chosen = [str(label) for value, label, is_set, _ in choices if is_set and value]
        return ", ".join(chosen)
    return str(field.data or "")


def _label(field: Field) -> str:
    return str(field.label.text)


def _session(session: EventSession) -> dict[str, Any]:
    start, zone = session.wall_start, session.zone
    ends_at = session.ends_at
    return {
        "title": session.title,
        "place": session.place,
        "starts_on": boxes_of(start.date()),
        "start_time": write_clock(start.time()),
        "end_time": write_clock(to_wall(ends_at, zone).time()) if ends_at else "",
    }


def _offer(offer: EventOffer) -> dict[str, Any]:
    return {
        "offer_id": str(offer.id),
        "audience": offer.audience.value,
        "price": write_price(offer.price_cents),
        "opens_on": boxes_of(offer.opens_on),
        "closes_on": boxes_of(offer.closes_on),
        "quota": _count(offer.quota),
    }


def _row(contribution: Contribution) -> dict[str, Any]:
    """Return the row of a presenter or a partner: its lists are of plain words."""
    return {**person_of(contribution), "role": contribution.role.value}


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


def _count(number: int | None) -> str:
    return "" if number is None else str(number)
