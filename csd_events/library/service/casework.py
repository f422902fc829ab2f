"""Case studies as staff write them, keep them and look at them again."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.errors import StaleError
from csd_events.core.text import slugify, sort_key
from csd_events.library import queries
from csd_events.library.models import (
    CaseArea,
    CaseSource,
    CaseStudy,
    LibraryState,
    Source,
)
from csd_events.library.rules.casework import (
    CaseDraft,
    SourceDraft,
    in_known_order,
    look_again_after,
)
from csd_events.library.rules.publishing import free_name
from csd_events.library.service.indexing import index, text_of_case
from csd_events.library.service.naming import free_address
from csd_events.library.service.versions import Desk

_SAME = (
    "title", "country", "state", "lead_jurisdiction_type", "lead_population",
    "population_class", "population_basis", "form", "agreement", "year_started",
    "year_note", "outcome", "costs_and_benefits_shared", "confidence",
    "confidence_note", "icma_link", "vendor_is_underwriter", "look_again_on",
)  # fmt: skip
_LISTS = ("jurisdictions", "facts", "own_knowledge")
_BOXES = ("partner_classes", "topics")


def add_case(session: Session, draft: CaseDraft, desk: Desk) -> CaseStudy:
    """Add a case study; it is checked today. An import leaves it alone."""
    case_id = free_address(
        session, draft.title, taken=queries.list_case_ids, otherwise="case"
    )
    row = CaseStudy(
        id=case_id,
        number=queries.last_number(session) + 1,
        checked_on=desk.today,
        areas=[],
        citations=[],
        **{name: [] for name in (*_LISTS, *_BOXES)},
    )
    session.add(row)
    with session.no_autoflush:
        _write(session, row, draft, desk.now)
    _keep(session, row)
    _record(session, "case_study.added", row, what_changed({}, _audited(row)), desk)
    return row


def save_case(
    session: Session, number: int, draft: CaseDraft, desk: Desk, *, version: int
) -> None:
    """Write a case study anew. Its address stays, and from now on an import leaves it.

    Raises:
        NotFoundError: There is none by that number.
        StaleError: Somebody saved it after the form was opened.
    """
    row = queries.lock_case_by_number(session, number)
    if row.version != version:
        raise StaleError(str(number))
    before, edited_at = _audited(row), row.edited_at
    _write(session, row, draft, desk.now)
    changes = what_changed(before, _audited(row))
    if changes.keys() <= {"look_again_on"}:
        row.edited_at = edited_at  # of what a file says nothing is changed
    if not changes:
        return
    row.version += 1
    _keep(session, row)
    _record(session, "case_study.saved", row, changes, desk)


def retire_case(session: Session, number: int, desk: Desk) -> None:
    """Take a case off the lists; its page says so. Doing it again does nothing."""
    _set_retired(session, number, desk.now, desk)


def bring_back_case(session: Session, number: int, desk: Desk) -> None:
    _set_retired(session, number, None, desk)


def check_case(session: Session, number: int, desk: Desk) -> None:
    """Say that staff looked today, and that what is written still holds."""
    row = queries.lock_case_by_number(session, number)
    before = _looked_at(row)
    mark_checked(row, today=desk.today)
    changes = what_changed(before, _looked_at(row))
    if changes:
        _record(session, "case_study.checked", row, changes, desk)


def mark_checked(row: CaseStudy, *, today: date) -> None:
    """Note that a case was looked at, and when it should be again."""
    row.checked_on = today
    again = look_again_after(row.look_again_on, today=today)
    if row.look_again_on != again:  # a form that shows the day is overtaken
        row.look_again_on, row.version = again, row.version + 1


def change_stamp(session: Session) -> None:
    """Let those that keep cases in memory see that one is another."""
    session.merge(LibraryState(id=1, stamp=secrets.token_hex(8)))


def _set_retired(
    session: Session, number: int, retired_at: datetime | None, desk: Desk
) -> None:
    row = queries.lock_case_by_number(session, number)
    if (row.retired_at is None) == (retired_at is None):
        return
    before, row.retired_at = row.retired_at, retired_at
    _keep(session, row)
    action = "case_study.brought_back" if retired_at is None else "case_study.retired"
    changes = what_changed({"retired_at": before}, {"retired_at": retired_at})
    _record(session, action, row, changes, desk)


def _keep(session: Session, row: CaseStudy) -> None:
    session.flush()
    index(session, [text_of_case(row)])
    change_stamp(session)


def _write(session: Session, row: CaseStudy, draft: CaseDraft, now: datetime) -> None:
    for name in _SAME:
        setattr(row, name, getattr(draft, name))
    for name in _LISTS:
        setattr(row, name, list(getattr(draft, name)))
    for name in _BOXES:
        kept = in_known_order(getattr(draft, name), getattr(row, name))
        setattr(row, name, kept)
    main, *others = draft.areas
    write_areas(row, [main, *in_known_order(others, row.area_ids[1:])])
    sources = _sources_of(session, draft.sources, now)
    if row.sources != sources:
        row.citations = [
            CaseSource(position=n, source_id=each.id, source=each)
            for n, each in enumerate(sources)
        ]
    row.title_key, row.edited_at = sort_key(row.title), now


def write_areas(row: CaseStudy, areas: Sequence[str]) -> bool:
    """Give a case its service areas; tell whether they were others before."""
    if row.area_ids == areas:
        return False
    row.areas = [CaseArea(position=n, area=area) for n, area in enumerate(areas)]
    return True


def _sources_of(
    session: Session, drafts: Sequence[SourceDraft], now: datetime
) -> list[Source]:
    """Find sources by their addresses and write them anew; make those that lack."""
    every = {each.address: each for each in queries.list_sources(session)}
    names = {each.id for each in every.values()}
    for draft in drafts:
        row = every.get(draft.address)
        if row is None:
            name = free_name(slugify(draft.title) or "source", names)
            row = Source(id=name, address=draft.address)
            names.add(name)
            every[draft.address] = row
            session.add(row)
        if (row.title, row.read) != (draft.title, draft.read):
            row.title, row.read, row.edited_at = draft.title, draft.read, now
    return [every[address] for address in dict.fromkeys(d.address for d in drafts)]


def _audited(row: CaseStudy) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _SAME},
        **{name: list(getattr(row, name)) for name in (*_LISTS, *_BOXES)},
        "areas": row.area_ids,
        "sources": [
            f"{each.title} ({each.address}; {each.read})" for each in row.sources
        ],
    }


def _looked_at(row: CaseStudy) -> dict[str, Any]:
    return {"checked_on": row.checked_on, "look_again_on": row.look_again_on}


def _record(
    session: Session, action: str, row: CaseStudy, changes: dict[str, Any], desk: Desk
) -> None:
    audit.record(
        session,
        action,
        subject_id=row.number,
        now=desk.now,
        actor_id=desk.actor_id,
        changes=changes,
    )
