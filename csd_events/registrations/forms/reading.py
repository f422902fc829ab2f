"""From a form that was found in order to the draft that is saved."""

from datetime import date, datetime, time
from typing import Any

from csd_events.core.pages import read_id
from csd_events.core.time import to_wall
from csd_events.events.models import Event, EventOffer, EventSession
from csd_events.events.rules import (
    Afterwards,
    Audience,
    Contributor,
    EventDraft,
    Kind,
    OfferDraft,
    Role,
    SessionDraft,
)
from csd_events.registrations.forms.changing import MoveForm, MoveRow
from csd_events.registrations.forms.event import EventForm
from csd_events.registrations.forms.filling import person_of

#: What clocks on the wall show at a start and at an end, which may be unknown.
Walls = tuple[datetime, datetime | None]


def draft_of(form: EventForm, event: Event | None) -> EventDraft:
    """Read a form that was found in order.

    Args:
        form: As it was checked.
        event: Whose form it is; None for a new one.
    """
    return EventDraft(
        title=form.title.data,
        kind=Kind(form.kind.data),
        zone=form.zone.data,
        sessions=_sessions(form, event),
        offers=[_offer_draft(row.form) for row in form.offers if not row.form.is_blank],
        contributors=_contributors(form),
        areas=_areas(form),
        reading=list(dict.fromkeys(each.data for each in form.reading if each.data)),
        resources=list(
            dict.fromkeys(each.data for each in form.resources if each.data)
        ),
        summary=form.summary.data,
        description=form.description.data,
        place=form.place.data,
        platform_url=form.platform_url.data or None,
        recording_url=form.recording_url.data or None,
        afterwards=Afterwards(form.afterwards.data),
        audience=form.audience.data,
        accessibility=form.accessibility.data,
        contact=form.contact.data,
        form=form.arrangement.data,
        capacity=form.capacity.number,
        waiting_limit=form.waiting_limit.number,
        program_id=read_id(form.program_id.data),
        conference_id=read_id(form.conference_id.data),
        requires_conference=_requires_conference(form),
    )


def moved_draft(form: MoveForm, event: Event) -> EventDraft:
    """Return an event as it is saved, with the times and the place of a form."""
    return EventDraft(
        title=event.title,
        kind=event.kind,
        zone=form.zone.data,
        sessions=_sessions(form, event),
        offers=[_same_offer(each) for each in event.offers],
        contributors=[Contributor(**person_of(each)) for each in event.contributions],
        areas=event.area_ids,
        reading=list(event.reading),
        resources=[each.name for each in event.resources],
        place=form.place.data,
        afterwards=event.afterwards,
        **{name: getattr(event, name) for name in UNMOVED},
    )


#: What a move leaves as it was.
UNMOVED = (
    "summary", "description", "platform_url", "recording_url", "audience",
    "accessibility", "contact", "form", "capacity", "waiting_limit", "program_id",
    "conference_id", "requires_conference",
)  # fmt: skip


def sittings_of(form: EventForm | MoveForm) -> list[Any]:
    """List the parts of a form that are sessions, in the order they are saved.

    In the form of an event the first one stands at the top, not in a row; without
    its date there is none.
    """
    rows = [row.form for row in form.sessions if not row.form.is_blank]
    if isinstance(form, EventForm):
        return [form, *rows] if form.is_live else []
    return rows


def _sessions(form: EventForm | MoveForm, event: Event | None) -> list[SessionDraft]:
    """Read them in the zone of the form; of a new zone the moment may stay instead."""
    stored = list(event.sessions) if event else []
    keeps_moment = form.zone_change.data == "instant" and zone_is_asked(form, event)
    drafts = []
    for index, row in enumerate(sittings_of(form)):
        session = stored[index] if index < len(stored) else None
        if keeps_moment and session:
            walls = _moments_in(session, form.zone.data)
        else:
            walls = _walls(row)
        drafts.append(
            SessionDraft(
                title=_title(row, session),
                place=_place(
                    row, session, same=event and event.place == form.place.data
                ),
                wall_start=walls[0],
                wall_end=walls[1],
                zone=form.zone.data,
            )
        )
    return drafts


def version_of(form: EventForm | MoveForm) -> int:
    """Return the version of the event that a form showed; 0 if it names none."""
    return read_id(form.version.data) or 0


def zone_is_asked(form: EventForm | MoveForm, event: Event | None) -> bool:
    """Tell whether only the zone of an event's times was changed.

    Then nobody knows whether the time on the clock or the moment is to stay.
    """
    if event is None or not event.sessions or form.zone.data == event.zone:
        return False
    typed = [_walls(row) for row in sittings_of(form)]
    return typed == [_moments_in(each, each.zone) for each in event.sessions]


def _moments_in(session: EventSession, zone: str) -> Walls:
    """Say what the clocks of a zone show at the start and the end of a session."""
    ends_at = session.ends_at
    return to_wall(session.starts_at, zone), to_wall(ends_at, zone) if ends_at else None


def _walls(row: Any) -> Walls:
    day: date = row.starts_on.form.on
    end: time | None = row.end_time.clock
    start = datetime.combine(day, row.start_time.clock)
    return start, datetime.combine(day, end) if end else None


def _title(row: Any, session: EventSession | None) -> str:
    if isinstance(row, EventForm):
        return row.first_title.data
    if isinstance(row, MoveRow):
        return session.title if session else ""
    title: str = row.title.data
    return title


def _place(row: Any, session: EventSession | None, *, same: object) -> str:
    """Return a session's own place. The first one's gives way to a new place."""
    if isinstance(row, EventForm | MoveRow):
        first = session is None or session.position == 0
        return session.place if session and (same or not first) else ""
    place: str = row.place.data
    return place


def _offer_draft(row: Any) -> OfferDraft:
    return OfferDraft(
        id=read_id(row.offer_id.data),
        audience=Audience(row.audience.data),
        price_cents=row.price.cents,
        opens_on=row.opens_on.form.on,
        closes_on=row.closes_on.form.on,
        quota=row.quota.number,
    )


def _same_offer(offer: EventOffer) -> OfferDraft:
    return OfferDraft(
        id=offer.id,
        audience=offer.audience,
        price_cents=offer.price_cents,
        currency=offer.currency,
        opens_on=offer.opens_on,
        closes_on=offer.closes_on,
        quota=offer.quota,
    )


def _contributors(form: EventForm) -> list[Contributor]:
    people = [
        Contributor(
            role=Role(row.form.role.data),
            name=row.form.name.data,
            title=row.form.title.data,
            organization=row.form.organization.data,
        )
        for row in form.presenters
        if row.form.name.data
    ]
    partners = [
        Contributor(role=Role(row.form.role.data), name=row.form.name.data)
        for row in form.partners
        if row.form.name.data
    ]
    return people + partners


def _requires_conference(form: EventForm) -> bool:
    """Read a box that says something of a forum alone."""
    return form.requires_conference.data and form.kind.data == Kind.FORUM.value


def _areas(form: EventForm) -> list[str]:
    """Return the service areas, the main one first."""
    main = [form.main_area.data] if form.main_area.data else []
    return list(dict.fromkeys([*main, *(form.areas.data or [])]))
