"""Writing an event down as staff say it: times into instants, days into windows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.text import slugify
from csd_events.core.time import start_of_day
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
    NEVER,
    Contributor,
    EventDraft,
    Kind,
    OfferDraft,
    Problem,
    code_of,
    in_force,
    overlapping,
)
from csd_events.events.service.contributing import rows_for, write_contributions
from csd_events.events.service.indexing import index_event
from csd_events.events.service.questions import write_questions
from csd_events.events.service.recordings import keep_recordings
from csd_events.events.service.requiring import (
    requirement_problems,
    write_requirements,
)
from csd_events.events.service.resources import write_resources
from csd_events.events.service.sessions import session_problems, write_sessions
from csd_events.events.service.slugs import free_slug, lead_here
from csd_events.events.service.trail import changes_between, facts_of


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
        prerequisites=[],
        questions=[],
        confirmed=0,
        held=0,
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
    session.flush()
    changes = changes_between(before, facts_of(event))
    if not changes:
        return event
    event.version += 1
    if event.published_at:
        lead_here(session, slugify(event.title), event.id)
    session.flush()
    keep_recordings(session, [event])
    audit.record(
        session,
        "event.saved",
        subject_id=event.id,
        actor_id=actor_id,
        now=now,
        changes=changes,
    )
    return event


def touch_calendar(event: Event, changed: Collection[int], *, now: datetime) -> None:
    """Note that people are being told now of another time or place of some sessions.

    Args:
        changed: The ids of those sessions. The entries of all others stay untouched.
    """
    for each in event.sessions:
        if each.id in changed:
            each.sequence += 1
            each.announced_at = now


def _write(session: Session, event: Event, draft: EventDraft, now: datetime) -> None:
    """Put everything a draft says into an event, unless something in it is wrong."""
    problems = {
        **session_problems(draft.sessions),
        **requirement_problems(session, event, draft.prerequisites),
    }
    if (draft.completes_after or 0) > len(draft.sessions):
        problems["completes_after"] = Problem.TOO_FEW_SESSIONS
    if draft.completes_after and draft.completes_share:
        problems["completes_share"] = Problem.COMPLETED_IN_TWO_WAYS
    if draft.requires_conference and not draft.conference_id:
        problems["conference_id"] = Problem.NO_CONFERENCE
    for name in (
        "title", "summary", "description", "kind", "on_demand", "zone", "place",
        "platform_url", "recording_url", "afterwards", "audience", "accessibility",
        "contact", "form", "capacity", "waiting_limit", "program_id", "conference_id",
        "requires_conference", "needs_approval", "completes_after", "completes_share",
        "completion_note",
        "prerequisite_note", "replace_on", "reminders", "follows_up",
    ):  # fmt: skip
        setattr(event, name, getattr(draft, name))
    problems |= _write_offers(event, draft.offers)
    problems |= write_questions(event, draft.questions)
    if problems:
        raise ProblemsError(problems)
    rows = write_sessions(session, event, draft.sessions, now=now)
    conference_id = draft.conference_id
    event.conference = session.get(Conference, conference_id) if conference_id else None
    if draft.kind is not Kind.WEBINAR and event.conference and not draft.place:
        event.place = event.conference.place
    event.reading = list(draft.reading)
    event.hidden_cases = list(draft.hidden_cases)
    write_resources(event, draft.resources)
    _write_areas(event, draft.areas)
    write_requirements(event, draft.prerequisites)
    write_contributions(session, event, _contributors(draft, rows))
    index_event(event)


def _contributors(
    draft: EventDraft, rows: Mapping[int, EventSession]
) -> list[tuple[Contributor, EventSession | None]]:
    """List who stands on stage, those of the whole event before those of a session."""
    whole = [(each, None) for each in draft.contributors]
    of_one = [
        (each, rows[index])
        for index in rows
        for each in draft.sessions[index].contributors
    ]
    return [*whole, *of_one]


def _write_offers(event: Event, drafts: Sequence[OfferDraft]) -> dict[str, Problem]:
    """Change offers in place, so that registrations keep pointing at theirs.

    Return what is wrong with them.
    """
    by_id = {offer.id: offer for offer in event.offers}
    kept = []
    problems = {}
    for index, draft in enumerate(drafts):
        row = by_id.get(draft.id) if draft.id else None
        kept.append(_written(row or EventOffer(confirmed=0, held=0), draft, event))
        if _is_backwards(kept[-1]):
            problems[f"offers-{index}"] = Problem.WINDOW_BACKWARDS
    gone = [offer for offer in event.offers if offer not in kept]
    if any(offer.taken for offer in gone):
        problems["offers"] = Problem.OFFER_IN_USE
    elif not problems:
        problems |= _clashing(kept)
    for offer in gone:
        event.offers.remove(offer)
    event.offers.extend(offer for offer in kept if offer not in event.offers)
    return problems


def _clashing(offers: Sequence[EventOffer]) -> dict[str, Problem]:
    codes = [offer.code for offer in offers if offer.code]
    for index, offer in enumerate(offers):
        if offer.code and codes.count(offer.code) > 1:
            return {f"offers-{index}": Problem.CODE_TWICE}
    if overlapping([in_force(offer, None) for offer in offers]):
        return {"offers": Problem.OFFERS_OVERLAP}
    return {}


def _is_backwards(offer: EventOffer) -> bool:
    opens_at, closes_at = offer.opens_at, offer.closes_at
    return bool(opens_at and closes_at and closes_at <= opens_at)


def _written(row: EventOffer, draft: OfferDraft, event: Event) -> EventOffer:
    row.audience, row.price_cents = draft.audience, draft.price_cents
    row.currency, row.quota = draft.currency, draft.quota
    row.code = code_of(draft.code) if draft.code else None
    row.opens_on, row.closes_on = draft.opens_on, draft.closes_on
    row.opens_at = start_of_day(draft.opens_on, event.zone) if draft.opens_on else None
    after_last = draft.closes_on + timedelta(days=1) if draft.closes_on else None
    row.closes_at = start_of_day(after_last, event.zone) if after_last else None
    return row


def _write_areas(event: Event, areas: Sequence[str]) -> None:
    unique = list(dict.fromkeys(areas))
    rows = rows_for(event.areas, len(unique), lambda n: EventArea(position=n))
    for row, area in zip(rows, unique, strict=True):
        row.area = area
