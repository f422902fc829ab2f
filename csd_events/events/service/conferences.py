"""Conferences: writing them down, and who is registered for one."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, literal, select
from sqlalchemy.orm import Session, selectinload

from csd_events.audit import service as audit
from csd_events.audit.rules import what_changed
from csd_events.core.db import given_rows
from csd_events.core.errors import ProblemsError
from csd_events.core.text import slugify
from csd_events.events import queries
from csd_events.events.models import (
    Conference,
    ConferenceAddress,
    ConferencePartner,
    Event,
)
from csd_events.events.rules import (
    ConferenceDraft,
    ListChange,
    change_of,
    faults_of_days,
)
from csd_events.events.service.belongings import (
    described,
    lock_row,
    named_partners,
    refuse_taken,
)
from csd_events.events.service.contributing import rows_for, write_partners
from csd_events.events.service.slugs import free_slug

FIELDS = (
    "name", "summary", "first_on", "last_on", "place", "zone", "booth", "website",
    "published",
)  # fmt: skip
AT_ONCE = 1_000  # addresses that a statement takes off a list
ADDRESSES = cast("Table", ConferenceAddress.__table__)


def create_conference(
    session: Session,
    draft: ConferenceDraft,
    *,
    now: datetime,
    slug: str | None = None,
    actor_id: int | None = None,
) -> int:
    """Save a new conference and return its id.

    Args:
        slug: Its address for ever; made from the name unless given.

    Raises:
        ProblemsError: Its days run backwards, or another one of its name begins then.
    """
    wanted = slug or slugify(draft.name) or "conference"
    conference = Conference(
        slug=free_slug(session, wanted, Conference.slug), partners=[]
    )
    _write(session, conference, draft)
    session.add(conference)
    session.flush()
    audit.record(
        session,
        "conference.created",
        subject_id=conference.id,
        actor_id=actor_id,
        now=now,
        changes={name: [None, value] for name, value in _audited(conference).items()},
    )
    return conference.id


def update_conference(
    session: Session,
    conference_id: int,
    draft: ConferenceDraft,
    *,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Save a conference anew. Its address stays; its forums keep time and place.

    Raises:
        ProblemsError: Its days run backwards, or another one of its name begins then.
        StaleError: Somebody saved it after the form was opened.
    """
    whole = selectinload(Conference.partners)
    conference = lock_row(session, Conference, conference_id, whole, version=version)
    before = _audited(conference)
    _write(session, conference, draft)
    session.flush()
    changes = what_changed(before, _audited(conference))
    if not changes:
        return
    conference.version += 1
    audit.record(
        session,
        "conference.saved",
        subject_id=conference_id,
        actor_id=actor_id,
        now=now,
        changes=changes,
    )


def save_addresses(
    session: Session,
    conference_id: int,
    listed: tuple[str, ...],
    *,
    replace: bool,
    now: datetime,
    actor_id: int | None = None,
) -> ListChange:
    """Put addresses on the list of who is registered for a conference.

    The trail counts them, and names nobody.

    Args:
        listed: Their keys, each once.
        replace: Whether those not among them are taken off.
    """
    known = _lock_list(session, conference_id)
    change = change_of(listed, known, replace=replace)
    _take_off(session, conference_id, change.gone)
    _put_on(session, conference_id, change.new, now)
    after = len(known) + len(change.new) - len(change.gone)
    _record_list(
        session, conference_id, (len(known), after), now=now, actor_id=actor_id
    )
    return change


def remove_address(
    session: Session,
    conference_id: int,
    email_key: str,
    *,
    now: datetime,
    actor_id: int | None = None,
) -> bool:
    """Take one address off the list; False if it was not on it."""
    known = _lock_list(session, conference_id)
    if email_key not in known:
        return False
    _take_off(session, conference_id, (email_key,))
    counts = len(known), len(known) - 1
    _record_list(session, conference_id, counts, now=now, actor_id=actor_id)
    return True


def _write(session: Session, conference: Conference, draft: ConferenceDraft) -> None:
    problems = faults_of_days(draft.first_on, draft.last_on)
    if problems:
        raise ProblemsError(problems)
    same = select(Conference.id).filter_by(name=draft.name, first_on=draft.first_on)
    refuse_taken(session, "name", conference.id, same)
    for name in FIELDS:
        setattr(conference, name, getattr(draft, name))
    number, rows = len(draft.partners), conference.partners
    rows_for(rows, number, lambda n: ConferencePartner(position=n))
    write_partners(session, rows, draft.partners)


def _audited(conference: Conference) -> dict[str, Any]:
    partners = named_partners(conference.partners)
    return described(conference, FIELDS) | {"partners": partners}


def _lock_list(session: Session, conference_id: int) -> frozenset[str]:
    """Return a conference's list, which stays as it is until the transaction ends.

    Its events are locked first, as by whoever registers: their registrations say who
    is not on the list, and the database writes that beside it.
    """
    forums = select(Event.id).where(Event.conference_id == conference_id)
    queries.lock_all(session, session.scalars(forums).all())
    lock_row(session, Conference, conference_id)
    return queries.known_addresses(session, conference_id)


def _take_off(session: Session, conference_id: int, keys: tuple[str, ...]) -> None:
    """Take addresses off a list, many in one statement.

    In pieces, by their values: of one table with all of them PostgreSQL, where it knows
    little of the list yet, goes through the whole for each.
    """
    of_list = delete(ADDRESSES).where(ADDRESSES.c.conference_id == conference_id)
    for first in range(0, len(keys), AT_ONCE):
        piece = ADDRESSES.c.email_key.in_(keys[first : first + AT_ONCE])
        session.connection().execute(of_list.where(piece))


def _put_on(
    session: Session, conference_id: int, keys: tuple[str, ...], now: datetime
) -> None:
    if not keys:
        return
    rows = [{"email_key": key} for key in keys]
    given = given_rows(session, [ADDRESSES.c.email_key], rows)
    when = literal(now, ADDRESSES.c.added_at.type)
    listed = select(literal(conference_id), given.c.email_key, when)
    names = ["conference_id", "email_key", "added_at"]
    session.execute(insert(ADDRESSES).from_select(names, listed))


def _record_list(
    session: Session,
    conference_id: int,
    counts: tuple[int, int],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    audit.record(
        session,
        "conference.addresses_saved",
        subject_id=conference_id,
        actor_id=actor_id,
        now=now,
        changes={"addresses": list(counts)},
    )
