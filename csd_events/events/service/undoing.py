"""Putting an event back to what its people have heard of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.time import to_wall
from csd_events.events.models import Event, EventSession
from csd_events.events.queries import as_saved
from csd_events.events.rules import Contributor, SessionDraft
from csd_events.events.service.saving import update


def put_back(
    session: Session,
    event: Event,
    before: Mapping[str, Any],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Give the sessions of a locked event the times and places they had.

    Those put in since go; those taken out come back under their ids, as do the
    numbers that calendars compare. All else stays as it is by now.

    Args:
        before: As `queries.before_change` wrote it.
    """
    there = {each.id for each in event.sessions}
    for each in before["sessions"]:
        if each["id"] not in there:
            event.sessions.append(_restored(each))
    session.flush()
    saved = as_saved(event)
    present = {each.id: each for each in saved.sessions if each.id in there}
    draft = replace(
        saved,
        zone=before["zone"],
        place=before["place"],
        sessions=[_draft(each, present.get(each["id"])) for each in before["sessions"]],
    )
    update(session, event.id, draft, version=event.version, now=now, actor_id=actor_id)
    _number(event, before)
    for row, each in zip(event.sessions, before["sessions"], strict=True):
        row.announced_at = datetime.fromisoformat(each["announced_at"])
    audit.record(
        session,
        "event.change_undone",
        subject_id=event.id,
        actor_id=actor_id,
        now=now,
    )


def _number(event: Event, before: Mapping[str, Any]) -> None:
    numbers = {each["id"]: each["sequence"] for each in before["sessions"]}
    for row in event.sessions:
        row.sequence = numbers[row.id]


def _restored(each: Mapping[str, Any]) -> EventSession:
    """Return a session that was taken out, aside until its number is free."""
    ends_at = each["ends_at"]
    return EventSession(
        id=each["id"],
        position=-each["id"],
        title=each["title"],
        place=each["place"],
        zone=each["zone"],
        platform_url=each["platform_url"],
        wall_start=datetime.fromisoformat(each["wall_start"]),
        starts_at=datetime.fromisoformat(each["starts_at"]),
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        sequence=each["sequence"],
        announced_at=datetime.fromisoformat(each["announced_at"]),
    )


def _draft(each: Mapping[str, Any], present: SessionDraft | None) -> SessionDraft:
    """Say of a session what it was; its title, link and people are the present ones."""
    ends_at, zone = each["ends_at"], each["zone"]
    times = {
        "wall_start": datetime.fromisoformat(each["wall_start"]),
        "wall_end": to_wall(datetime.fromisoformat(ends_at), zone) if ends_at else None,
        "zone": zone,
        "place": each["place"],
    }
    if present is not None:
        return replace(present, **times)
    return SessionDraft(
        id=each["id"],
        title=each["title"],
        platform_url=each["platform_url"],
        contributors=[Contributor(**who) for who in each["people"]],
        **times,
    )
