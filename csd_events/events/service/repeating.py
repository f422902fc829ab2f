"""Making events out of one: a copy, or as many as a rule names days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import StaleError
from csd_events.core.text import slugify
from csd_events.events import queries
from csd_events.events.models import Event, EventSeries
from csd_events.events.queries import as_saved
from csd_events.events.rules import EventDraft, copied
from csd_events.events.service.making import find_made, sent_by
from csd_events.events.service.saving import create
from csd_events.outbox import service as outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What is to be made of an event.

    Attributes:
        starts: What the clock shows at the first start of each.
        way_in: The link to join each of them; None for none yet.
        nonce: Of the form: it makes them once.
        taken: The days on which staff saw that the series has an event already.
    """

    starts: Sequence[datetime]
    way_in: str | None
    nonce: str
    taken: Collection[date] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a copy of an event has of its own.

    Attributes:
        start: What the clock shows at its first start; None for no date yet.
        way_in: The link to join it; None for none yet.
        nonce: Of the form: it makes one copy, once. None without a form.
    """

    title: str
    start: datetime | None
    way_in: str | None
    nonce: str | None


def copy_event(
    session: Session,
    event_id: int,
    wanted: Copy,
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Write a draft like another event, with the words of its mails. Return its id.

    Nobody's registration, no invoice and no recording comes along, and nothing is
    mailed. The same form again makes nothing: the copy is the one it made.

    Raises:
        ProblemsError: A time is one that clocks skip, or show twice.
    """
    queries.lock(session, event_id)
    sent = sent_by(wanted.nonce, wanted)
    made_id = find_made(session, sent)
    if made_id is not None:
        return made_id
    event = queries.get(session, event_id)
    draft = copied(
        as_saved(event), wanted.start, title=wanted.title, way_in=wanted.way_in
    )
    made = _make(session, event, draft, None, now=now, actor_id=actor_id)
    made.sent = sent
    return made.id


def repeat(
    session: Session,
    event_id: int,
    wanted: Repeat,
    *,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Write a draft for each time an event comes again. Return the id of their series.

    The event is one of the series, and so are those it was repeated in before. The
    same form again makes nothing.

    Raises:
        ProblemsError: A time is one that clocks skip, or show twice.
        StaleError: The series came to have an event on such a day after it was shown.
    """
    queries.lock(session, event_id)
    event = queries.get(session, event_id)
    series = _series_of(session, event, now)
    if wanted.nonce in series.made_by:
        return series.id
    there = days_of_series(session, series.id) - set(wanted.taken)
    if there & {start.date() for start in wanted.starts}:
        raise StaleError(str(event_id))
    series.made_by = [*series.made_by, wanted.nonce]
    base = slugify(event.title) or event.kind.value
    for start in wanted.starts:
        draft = copied(as_saved(event), start, way_in=wanted.way_in)
        slug = f"{base}-{start.date().isoformat()}"
        made = _make(session, event, draft, slug, now=now, actor_id=actor_id)
        made.series_id = series.id
    audit.record(
        session,
        "event.repeated",
        subject_id=event_id,
        actor_id=actor_id,
        now=now,
        changes={"starts": [None, [each.isoformat() for each in wanted.starts]]},
    )
    return series.id


def days_of_series(session: Session, series_id: int) -> set[date]:
    """Return on which days a series has an event, on the clocks of each."""
    found = queries.list_of_series(session, series_id)
    return {each.sessions[0].wall_start.date() for each in found if each.sessions}


def _series_of(session: Session, event: Event, now: datetime) -> EventSeries:
    """Return the series of a locked event, locked; a new one where it has none."""
    if event.series_id is not None:
        return session.get_one(
            EventSeries, event.series_id, with_for_update=True, populate_existing=True
        )
    series = EventSeries(created_at=now, made_by=[])
    session.add(series)
    session.flush()
    event.series_id = series.id
    return series


def _make(
    session: Session,
    event: Event,
    draft: EventDraft,
    slug: str | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> Event:
    made = create(session, draft, now=now, slug=slug, actor_id=actor_id)
    outbox.copy_words(session, event.id, made.id, now=now)
    return made
