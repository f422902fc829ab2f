"""People as addresses, and what they have told us of themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person, PersonArea
from csd_events.accounts.rules import (
    Preferences,
    email_key,
    name_key,
    preferred_areas,
)
from csd_events.core.db import INSERTS, engine_name

PEOPLE = cast("Table", Person.__table__)
CONFIRMED = PEOPLE.c.email_confirmed_at.is_not(None)
# Made once: every form sent asks these, and making a statement costs more than it.
# The address stays that person's until the commit: they may be changing it.
_KNOWN = select(  # in the order of `Met`
    PEOPLE.c.id, PEOPLE.c.email, PEOPLE.c.email_key, CONFIRMED
).with_for_update(read=True, key_share=True)
_WHOSE = _KNOWN.where(PEOPLE.c.email_key == bindparam("key"))
_WHO_IS = _KNOWN.where(PEOPLE.c.id == bindparam("of_id"))
_CREATE = {
    engine: insert_into(PEOPLE).on_conflict_do_nothing().returning(PEOPLE.c.id)
    for engine, insert_into in INSERTS.items()
}


@dataclass(frozen=True, slots=True)
class Met:
    """Whoever an address belongs to, and whether we heard of them just now.

    Attributes:
        key: Of the address, by which people are told apart.
    """

    person_id: int
    email: str
    key: str
    confirmed: bool
    is_new: bool = False


def meet(session: Session, *, email: str, full_name: str, now: datetime) -> Met:
    """Find whoever an address belongs to, or take them in.

    A name is taken for a new address only: what somebody types into a form never
    changes what a person has told us about themselves. Two requests at once get
    the same person.
    """
    key = email_key(email)
    known = session.execute(_WHOSE, {"key": key}).one_or_none()
    if known is None:
        row = {
            "email": email,
            "email_key": key,
            "full_name": full_name,
            "created_at": now,
        }
        created = session.scalar(_CREATE[engine_name(session)], row)
        if created is not None:
            return Met(created, email, key, confirmed=False, is_new=True)
        known = session.execute(_WHOSE, {"key": key}).one()
    return Met(*known)


def recognize(session: Session, person_id: int) -> Met:
    """Return somebody known, whose address stays theirs until the commit."""
    return Met(*session.execute(_WHO_IS, {"of_id": person_id}).one())


def meet_all(
    session: Session, names: Mapping[str, str], *, now: datetime
) -> dict[str, Met]:
    """Find whoever some addresses belong to, or take them in; return them by key.

    As `meet`, for all in two statements; in the order of keys, so that no two forms
    wait for each other.

    Args:
        session: To write in.
        names: The name typed, by the address typed.
        now: When this is done.
    """
    typed = {email_key(address): address for address in names}
    met = _known(session, typed)
    unknown = sorted(typed.keys() - met.keys())
    if not unknown:
        return met
    rows = [
        {
            "email": typed[key],
            "email_key": key,
            "full_name": names[typed[key]],
            "created_at": now,
        }
        for key in unknown
    ]
    create = _CREATE[engine_name(session)].returning(PEOPLE.c.email_key)
    for person_id, key in session.execute(create, rows):
        met[key] = Met(person_id, typed[key], key, confirmed=False, is_new=True)
    between = typed.keys() - met.keys()  # somebody came by with these
    return met | (_known(session, between) if between else {})


def _known(session: Session, keys: Collection[str]) -> dict[str, Met]:
    """Find people by their keys; their addresses stay theirs until the commit."""
    whose = _KNOWN.where(PEOPLE.c.email_key.in_(keys)).order_by(PEOPLE.c.id)
    return {row.email_key: Met(*row) for row in session.execute(whose)}


def hold_address(session: Session, address: str, *, now: datetime) -> bool:
    """Keep an address that nobody has free until the commit.

    Whoever registers with it at this moment is waited for, and who does so later
    waits: a row with its key is written and taken away again.

    Returns:
        False if somebody has come by with it.
    """
    row = {
        "email": address,
        "email_key": email_key(address),
        "full_name": "",
        "created_at": now,
    }
    held = session.scalar(_CREATE[engine_name(session)], row)
    if held is not None:
        session.execute(delete(Person).where(Person.id == held))
    return held is not None


def find_or_create_person(
    session: Session, *, email: str, full_name: str, now: datetime
) -> int:
    """Return the id of whoever an address belongs to: see `meet`."""
    return meet(session, email=email, full_name=full_name, now=now).person_id


def confirm_address(session: Session, person_id: int, *, now: datetime) -> None:
    """Note that the owner of an address has shown that it is theirs."""
    session.execute(
        update(Person)
        .where(Person.id == person_id, Person.email_confirmed_at.is_(None))
        .values(email_confirmed_at=now)
    )


def rename(session: Session, person_id: int, full_name: str) -> None:
    """Write down a person's own name; their registrations keep the typed ones."""
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(full_name=full_name, name_key=name_key(full_name))
    )


def prefer(session: Session, person_id: int, **said: str) -> None:
    """Keep one thing that somebody prefers; all else stays as it is.

    Args:
        said: `area`, which comes before the others, `form` or `stage`.
    """
    # Whoever saves for this person at the same moment waits here.
    locked = select(Person).where(Person.id == person_id).with_for_update()
    person = session.scalars(locked).one()
    own = select(PersonArea.area).where(PersonArea.person_id == person_id)
    areas = session.scalars(own.order_by(PersonArea.position)).all()
    if area := said.get("area"):
        areas = preferred_areas([area, *areas])
    preferences = Preferences(
        areas=tuple(areas),
        form=said.get("form", person.preferred_form),
        stage=said.get("stage", person.stage),
        zone=person.zone,
        wants_reminders=person.wants_reminders,
    )
    save_preferences(session, person_id, preferences)


def save_preferences(
    session: Session, person_id: int, preferences: Preferences
) -> None:
    """Keep what a person prefers, in place of what they preferred before."""
    # Whoever saves for this person at the same moment waits here.
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            preferred_form=preferences.form,
            stage=preferences.stage,
            zone=preferences.zone,
            wants_reminders=preferences.wants_reminders,
        )
    )
    session.execute(delete(PersonArea).where(PersonArea.person_id == person_id))
    rows = [
        {"person_id": person_id, "position": position, "area": area}
        for position, area in enumerate(preferences.areas)
    ]
    if rows:
        session.execute(insert(PersonArea), rows)
