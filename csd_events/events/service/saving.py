"""Writing an event down as staff say it: times into instants, days into windows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.text import slugify
from csd_events.core.time import (
    ClockGapError,
    ClockOverlapError,
    start_of_day,
    to_utc,
)
from csd_events.events import queries
from csd_events.events.models import (
    Conference,
    Event,
    EventArea,
    EventOffer,
    EventSession,
    EventSlug,
)
from csd_events.events.rules import (
    USUAL_LENGTH,
    EventDraft,
    Kind,
    OfferDraft,
    Problem,
    SessionDraft,
    in_force,
    overlapping,
)
from csd_events.events.service.contributing import (
    rows_for,
    search_text_of,
    write_contributions,
)
from csd_events.events.service.resources import write_resources
from csd_events.events.service.slugs import free_slug, lead_here
from csd_events.events.service.trail import changes_between, facts_of

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def create(
    session: Session,
    draft: EventDraft,
    *,
    now: datetime,
    slug: str | None = None,
    actor_id: int | None = None,
) -> Event:
    """Save a new event as a draft that nobody outside the staff sees.

    Args:
        slug: Its address for ever; made from the title unless given.

    Raises:
        ProblemsError: Times or offers do not fit together.
    """
    event = Event(
        slug=free_slug(session, slug or slugify(draft.title) or draft.kind.value),
        created_at=now,
        listed_at=NEVER,
        sessions=[],
        offers=[],
        areas=[],
        contributions=[],
        resources=[],
        confirmed=0,
    )
    _write(session, event, draft, now)
    session.add(event)
    session.flush()
    session.add(EventSlug(slug=event.slug, event_id=event.id))
    given = {name: value for name, value in facts_of(event).items() if value}
    audit.record(
        session,
        "event.created",
        subject_id=event.id,
        actor_id=actor_id,
        now=now,
        changes=changes_between({}, given),
    )
    return event


def update(
    session: Session,
    event_id: int,
    draft: EventDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> Event:
    """Save an event anew. Tells nobody: see `registrations.service.save_event`.

    The slug stays. A published event's new title gets an address of its own that
    leads to it.

    Args:
        version: Of the event that the form showed.

    Raises:
        ProblemsError: Times or offers do not fit together.
        StaleError: Somebody saved it after the form was opened.
    """
    queries.lock(session, event_id)
    event = queries.get(session, event_id)
    if event.version != version:
        raise StaleError(str(event_id))
    before = facts_of(event)
    _write(session, event, draft, now)
    event.version += 1
    if event.published_at:
        lead_here(session, slugify(event.title), event.id)
    session.flush()
    audit.record(
        session,
        "event.saved",
        subject_id=event.id,
        actor_id=actor_id,
        now=now,
        changes=changes_between(before, facts_of(event)),
    )
    return event


def touch_calendar(event: Event, *, now: datetime) -> None:
    """Note that time or place changed and people are being told of it now."""
    for each in event.sessions:
        each.sequence += 1
        each.announced_at = now


def _write(session: Session, event: Event, draft: EventDraft, now: datetime) -> None:
    """Put everything a draft says into an event."""
    if draft.requires_conference and not draft.conference_id:
        raise ProblemsError({"conference_id": Problem.NO_CONFERENCE})
    for name in (
        "title", "summary", "description", "kind", "zone", "place", "platform_url",
        "recording_url", "afterwards", "audience", "accessibility", "contact", "form",
        "capacity", "waiting_limit", "program_id", "conference_id",
        "requires_conference",
    ):  # fmt: skip
        setattr(event, name, getattr(draft, name))
    in_a_room = draft.kind is not Kind.WEBINAR
    if in_a_room and draft.conference_id and not draft.place:
        conference = session.get_one(Conference, draft.conference_id)
        event.place = conference.place
    event.reading = list(draft.reading)
    write_resources(event, draft.resources)
    event.on_demand = not draft.sessions
    _write_sessions(event, draft.sessions, now)
    _write_offers(event, draft.offers)
    _write_areas(event, draft.areas)
    write_contributions(session, event, draft.contributors)
    _index(event, draft)


def _write_sessions(
    event: Event, drafts: Sequence[SessionDraft], now: datetime
) -> None:
    timed = [_instants(draft, f"sessions-{i}") for i, draft in enumerate(drafts)]
    for (earlier, _), (later, _) in pairwise(timed):
        if later < earlier:
            raise ProblemsError({"sessions": Problem.SESSIONS_OUT_OF_ORDER})
    rows = rows_for(
        event.sessions,
        len(drafts),
        lambda n: EventSession(announced_at=now, sequence=0, position=n),
    )
    for row, draft, instants in zip(rows, drafts, timed, strict=True):
        row.title, row.place, row.zone = draft.title, draft.place, draft.zone
        row.wall_start = draft.wall_start
        row.starts_at, row.ends_at = instants
    event.starts_at = timed[0][0] if timed else None
    event.ends_at = timed[-1][1] if timed else None


def _instants(draft: SessionDraft, field: str) -> tuple[datetime, datetime | None]:
    try:
        starts_at = to_utc(draft.wall_start, draft.zone)
        ends_at = to_utc(draft.wall_end, draft.zone) if draft.wall_end else None
    except ClockGapError:
        raise ProblemsError({field: Problem.TIME_SKIPPED}) from None
    except ClockOverlapError:
        raise ProblemsError({field: Problem.TIME_TWICE}) from None
    if ends_at and ends_at <= starts_at:
        raise ProblemsError({field: Problem.ENDS_BEFORE_START})
    return starts_at, ends_at


def _write_offers(event: Event, drafts: Sequence[OfferDraft]) -> None:
    """Change offers in place, so that registrations keep pointing at theirs."""
    by_id = {offer.id: offer for offer in event.offers}
    kept = []
    for index, draft in enumerate(drafts):
        row = by_id.get(draft.id) if draft.id else None
        kept.append(_written(row or EventOffer(confirmed=0), draft, event, index))
    gone = [offer for offer in event.offers if offer not in kept]
    if any(offer.confirmed for offer in gone):
        raise ProblemsError({"offers": Problem.OFFER_IN_USE})
    if overlapping([in_force(offer, None) for offer in kept]):
        raise ProblemsError({"offers": Problem.OFFERS_OVERLAP})
    for offer in gone:
        event.offers.remove(offer)
    event.offers.extend(offer for offer in kept if offer not in event.offers)


def _written(
    row: EventOffer, draft: OfferDraft, event: Event, index: int
) -> EventOffer:
    row.audience, row.price_cents = draft.audience, draft.price_cents
    row.currency, row.quota = draft.currency, draft.quota
    row.opens_on, row.closes_on = draft.opens_on, draft.closes_on
    row.opens_at = start_of_day(draft.opens_on, event.zone) if draft.opens_on else None
    after_last = draft.closes_on + timedelta(days=1) if draft.closes_on else None
    row.closes_at = start_of_day(after_last, event.zone) if after_last else None
    if row.opens_at and row.closes_at and row.closes_at <= row.opens_at:
        raise ProblemsError({f"offers-{index}": Problem.WINDOW_BACKWARDS})
    return row


def _write_areas(event: Event, areas: Sequence[str]) -> None:
    unique = list(dict.fromkeys(areas))
    rows = rows_for(event.areas, len(unique), lambda n: EventArea(position=n))
    for row, area in zip(rows, unique, strict=True):
        row.area = area


def _index(event: Event, draft: EventDraft) -> None:
    """Set what the catalog sorts, files and searches by."""
    event.search_text = search_text_of(event)
    if draft.sessions:
        first, start = draft.sessions[0], event.starts_at
        event.listed_at = start or NEVER
        event.month = first.wall_start.strftime("%Y-%m")
        last = event.sessions[-1]
        event.over_at = last.ends_at or last.starts_at + USUAL_LENGTH
        return
    ends = [offer.closes_at for offer in event.offers]
    event.over_at = max((e for e in ends if e), default=None) if all(ends) else None
    event.listed_at = event.over_at or NEVER
    event.month = None
