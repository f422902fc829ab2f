"""Sessions of an event, written by their ids: a calendar's entry follows its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.core.time import ClockGapError, ClockOverlapError, to_utc
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import EventDraft, Problem, SessionDraft, colliding

#: From when to when a session lasts; its end may be unknown.
Span = tuple[datetime, datetime | None]


def session_problems(drafts: Sequence[SessionDraft]) -> dict[str, Problem]:
    """Name what is wrong with the times of some sessions, by the session."""
    spans: list[Span] = []
    problems: dict[str, Problem] = {}
    for index, draft in enumerate(drafts):
        span = _span(draft)
        if isinstance(span, Problem):
            problems[f"sessions-{index}"] = span
        else:
            spans.append(span)
    if problems:
        return problems
    return {f"sessions-{index}": Problem.SESSIONS_OVERLAP for index in colliding(spans)}


def clock_problem(draft: EventDraft) -> Problem | None:
    """Say whether a start or an end is at a time that clocks skip or show twice."""
    for each in draft.sessions:
        try:
            _instants(each)
        except ClockGapError:
            return Problem.TIME_SKIPPED
        except ClockOverlapError:
            return Problem.TIME_TWICE
    return None


def write_sessions(
    session: Session, event: Event, drafts: Sequence[SessionDraft], *, now: datetime
) -> dict[int, EventSession]:
    """Bring the sessions of an event up to date, in the order they take place.

    Return the row of each draft. A session keeps its row whatever else comes, goes or
    changes places: calendars know it by its id.

    Args:
        drafts: In which `session_problems` found nothing.
    """
    known = {row.id: row for row in event.sessions}
    timed = sorted(
        ((_instants(draft), index) for index, draft in enumerate(drafts)),
        key=lambda each: each[0][0],
    )
    rows = {}
    for (starts_at, ends_at), index in timed:
        draft = drafts[index]
        row = known.pop(draft.id, None) if draft.id else None
        row = row or EventSession(announced_at=now, sequence=0)
        row.title, row.place, row.zone = draft.title, draft.place, draft.zone
        row.platform_url, row.wall_start = draft.platform_url, draft.wall_start
        row.starts_at, row.ends_at = starts_at, ends_at
        rows[index] = row
    _put_in_order(session, event, list(rows.values()))
    event.starts_at = timed[0][0][0] if timed else None
    event.ends_at = timed[-1][0][1] if timed else None
    return rows


def _put_in_order(session: Session, event: Event, rows: list[EventSession]) -> None:
    """Number the sessions anew; no two rows ever hold one number at a time."""
    moving = [
        row.id
        for row in event.sessions
        if row.id and (row not in rows or rows.index(row) != row.position)
    ]
    if moving:
        aside = update(EventSession).where(EventSession.id.in_(moving))
        with session.no_autoflush:
            session.execute(
                aside.values(position=-EventSession.id),
                execution_options={"synchronize_session": False},
            )
    for position, row in enumerate(rows):
        row.position = position
    event.sessions[:] = rows


def _span(draft: SessionDraft) -> Span | Problem:
    try:
        starts_at, ends_at = _instants(draft)
    except ClockGapError:
        return Problem.TIME_SKIPPED
    except ClockOverlapError:
        return Problem.TIME_TWICE
    if ends_at and ends_at <= starts_at:
        return Problem.ENDS_BEFORE_START
    return starts_at, ends_at


def _instants(draft: SessionDraft) -> Span:
    ends_at = to_utc(draft.wall_end, draft.zone) if draft.wall_end else None
    return to_utc(draft.wall_start, draft.zone), ends_at
