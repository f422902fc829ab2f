"""Announcements to test with: written, sent off, and let leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from csd_events.accounts import queries as accounts
from csd_events.accounts.models import Account, Person
from csd_events.announcements import queries, service
from csd_events.announcements.models import Announcement, Recipient
from csd_events.announcements.rules import Draft, LeftOut, Progress
from csd_events.association import queries as association_queries
from csd_events.association import service as association
from csd_events.core.db import transaction
from csd_events.events.models import Event
from csd_events.organizations.models import Membership
from csd_events.registrations.rules import State
from tests.factories import LONG_AGO, NOON

ADDRESS = "100 Sample Street, Sampleton, NC 28202"
HELLO = "Hello {name},\n\nBring a map."


def settle_in(app: Flask, **given: Any) -> None:
    """Give the association a postal address, or say something else of it."""
    known = replace(association_queries.first(), postal_address=ADDRESS)
    with app.app_context(), transaction() as session:
        association.save(session, replace(known, **given), now=LONG_AGO, actor_id=None)


def write(app: Flask, event: Event | None = None, **given: Any) -> int:
    """Write a draft: to all who are registered for an event, or to all members."""
    defaults: dict[str, Any] = {"subject": "A map", "body": HELLO}
    if event is not None:
        defaults["states"] = (State.CONFIRMED.value,)
    draft = Draft(**defaults | given)
    event_id = event.id if event else None
    with app.app_context(), transaction() as session:
        return service.write(session, draft, event_id=event_id, now=NOON, actor_id=None)


def send(app: Flask, announcement_id: int, *, now: datetime = NOON) -> datetime:
    """Send one off as it stands. Return when it leaves."""
    with app.app_context(), transaction() as session:
        version = queries.get(session, announcement_id).version
        return service.send(
            session, announcement_id, version=version, now=now, actor_id=None
        )


def leave(app: Flask, *, now: datetime = NOON, pieces: int = 10_000) -> int:
    """Do pieces of what leaves, as errands do. Return how many were done."""
    done = 0
    with app.app_context():
        while done < pieces:
            with transaction() as session:
                if not service.work(session, now=now):
                    break
            done += 1
    return done


@contextmanager
def acting(app: Flask) -> Iterator[Session]:
    """A unit of work, as a view opens one."""
    with app.app_context(), transaction() as session:
        yield session


def progress_of(session: Session, announcement_id: int) -> Progress:
    session.rollback()
    row = session.get_one(Announcement, announcement_id, populate_existing=True)
    return queries.list_progress(session, [row])[announcement_id]


def left_out_of(session: Session, announcement_id: int) -> dict[str, LeftOut | None]:
    """Return who was found, by their address, and why each was left out."""
    session.rollback()
    rows = session.execute(
        select(Person.email, Recipient.left_out)
        .join(Recipient, Recipient.person_id == Person.id)
        .where(Recipient.announcement_id == announcement_id)
        .order_by(Person.id)
    )
    return dict(rows.all())


def find_account(session: Session, email: str) -> Account:
    """Return the account of an address, as a browser signs it in."""
    account = accounts.get_account(session, email)
    session.refresh(account.person)
    return account


def make_crowd(session: Session, number: int, prefix: str = "member") -> None:
    """Let many people be members by themselves, all year."""
    people = [
        {
            "email": f"{prefix}.{n}@example.org",
            "email_key": f"{prefix}.{n}@example.org",
            "email_confirmed_at": NOON,
            "full_name": f"Member {n:06}",
            "created_at": NOON,
        }
        for n in range(number)
    ]
    ids = session.scalars(insert(Person).returning(Person.id), people).all()
    term = {"from_on": date(2030, 1, 1), "until_on": date(2030, 12, 31)}
    session.execute(insert(Membership), [term | {"person_id": each} for each in ids])
    session.commit()
