"""Fill an empty database with what is measured.

    python -m benchmarks.program.prepare program | crowd | hall | missing | settled

The settings are the environment's, as the server reads them. Everything goes through
the services but members and crowds, who are rows written at once.
"""

import sys
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account, Person
from csd_events.core.access import Role as StaffRole
from csd_events.core.db import db, engine_name, transaction
from csd_events.core.migrations import upgrade
from csd_events.core.passwords import passwords
from csd_events.core.time import to_wall
from csd_events.events import service as events
from csd_events.events.models import Event
from csd_events.events.rules import (
    ConferenceDraft,
    Contributor,
    EventDraft,
    Kind,
    OfferDraft,
    Role,
    SessionDraft,
)
from csd_events.library import service as library
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State

ZONE = "America/New_York"
CATALOG = 100
CROWD, HALL = 10_000, 100_000
TITLE = "The hall"
#: Of the hall, not on the list of its conference.
MISSING = 20
#: Accounts, on an empty database with the ids 1 and up; the first is the staff's.
ACCOUNTS, STAFF = 1_500, 1
PASSWORD = "measured, and thrown away"
RUSHES, RUSH_PLACES = 3, 200
WORDS = """Small towns test their soil less often than they would like to. This webinar
shows how three of them share one laboratory, who pays for what, and what the councils
asked before they agreed. **Bring your questions**: half of the time is for them."""


def main(what: str) -> None:
    from wsgi import app  # noqa: PLC0415 - makes the application as it is read

    with app.app_context():
        if what == "settled":
            settle()
        elif what in BY_NAME:
            BY_NAME[what](app.config["CLOCK"]())
        else:
            upgrade()
            program(app.config["CLOCK"]())


def program(now: datetime) -> None:
    """Make a catalog, an event to register for, and events with few places."""
    with transaction() as session:
        _sign_up(session, now)
        library.import_cases(session, library.built_in_document())
        publish(session, "Soil sampling", now + timedelta(days=40), now=now)
        for number in range(RUSHES):
            title = f"A rush for places {number}"
            start = now + timedelta(days=41)
            publish(session, title, start, now=now, capacity=RUSH_PLACES)
    with transaction() as session:
        for number in range(CATALOG):
            title = f"Sharing a service, lesson {number}"
            start = now + timedelta(days=50, hours=number)
            publish(session, title, start, now=now)


def crowd(now: datetime) -> None:
    """Let many have registered for tomorrow. A loop that runs would remind them."""
    with transaction() as session:
        event = publish(session, "Tomorrow", now + timedelta(hours=23), now=now)
        _fill(session, event, CROWD, now - timedelta(days=8))


def hall(now: datetime) -> None:
    """Let very many have registered, for a list that staff read; print the event."""
    with transaction() as session:
        event = publish(session, TITLE, now + timedelta(days=90), now=now)
        _fill(session, event, HALL, now - timedelta(days=1))
        event_id = event.id
    print(event_id)


def missing(now: datetime) -> None:
    """Let the hall require a conference, and all but a few be on its list."""
    first_on = (now + timedelta(days=89)).date()
    draft = ConferenceDraft(
        name="Sample Conference",
        first_on=first_on,
        last_on=first_on + timedelta(days=3),
        place="Lakeview",
        zone=ZONE,
    )
    with transaction() as session:
        required = events.create_conference(session, draft, now=now)
        theirs = select(Registration.email_key).join(Event).where(Event.title == TITLE)
        keys = session.scalars(theirs.order_by(Registration.id)).all()
        few = set(keys[:: HALL // MISSING])
        listed = tuple(key for key in keys if key not in few)
        events.save_addresses(session, required, listed, replace=True, now=now)
        session.execute(
            update(Event)
            .where(Event.title == TITLE)
            .values(conference_id=required, requires_conference=True)
        )


def settle() -> None:
    """Let PostgreSQL look at its rows, as it does by itself within a minute.

    A server for a test does not, and would plan as if every table were empty.
    """
    if engine_name(db.session()) == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as it:
            it.exec_driver_sql("VACUUM ANALYZE")


BY_NAME = {"crowd": crowd, "hall": hall, "missing": missing}


def _sign_up(session: Session, now: datetime) -> None:
    """Make accounts that share a password, since a hash takes a while."""
    people = session.scalars(
        insert(Person).returning(Person.id, sort_by_parameter_order=True),
        [
            {
                "email": f"member{number}@bench-mail.org",
                "email_key": f"member{number}@bench-mail.org",
                "email_confirmed_at": now,
                "full_name": f"Member {number}",
                "created_at": now,
            }
            for number in range(1, ACCOUNTS + 1)
        ],
    ).all()
    shared = {"password_hash": passwords().hash(PASSWORD), "created_at": now}
    session.execute(insert(Account), [{"person_id": each, **shared} for each in people])
    session.get_one(Account, STAFF).role = StaffRole.ADMINISTRATOR


def publish(
    session: Session,
    title: str,
    starts_at: datetime,
    *,
    now: datetime,
    capacity: int | None = None,
) -> Event:
    wall = to_wall(starts_at, ZONE).replace(second=0, microsecond=0)
    draft = EventDraft(
        title=title,
        kind=Kind.WEBINAR,
        zone=ZONE,
        summary="How three towns came to share one laboratory.",
        description="\n\n".join([WORDS] * 6),
        sessions=[SessionDraft(wall_start=wall, zone=ZONE)],
        offers=[OfferDraft()],
        contributors=[
            Contributor(
                role=Role.PRESENTER,
                name=f"Sample Presenter {letter}",
                title="Town manager",
                organization="Town of Sample",
            )
            for letter in "ABC"
        ],
        areas=["water_wastewater", "public_works"],
        platform_url="https://meet.example.org/soil",
        accessibility="Live captions.",
        contact="Sample Desk, events@example.org",
        capacity=capacity,
    )
    event = events.create(session, draft, now=now)
    events.publish(session, event.id, now=now)
    return event


def _fill(session: Session, event: Event, number: int, then: datetime) -> None:
    """Let a crowd have registered a while ago, for an event announced before that."""
    for each in event.sessions:
        each.announced_at = then
    event.confirmed = event.offers[0].confirmed = number
    session.flush()
    people = session.scalars(
        insert(Person).returning(Person.id, sort_by_parameter_order=True),
        [
            {
                "email": f"{event.slug}{each}@bench-mail.org",
                "email_key": f"{event.slug}{each}@bench-mail.org",
                "full_name": f"Person {each}",
                "created_at": then,
            }
            for each in range(number)
        ],
    ).all()
    session.execute(
        insert(Registration),
        [
            {
                "event_id": event.id,
                "person_id": person_id,
                "email_key": f"{event.slug}{each}@bench-mail.org",
                "offer_id": event.offers[0].id,
                "state": State.CONFIRMED,
                "reference": f"CSD-{event.id}-{each}",
                "full_name": f"Person {each}",
                "organization": "Town of Sample",
                "service_area": "water_wastewater",
                "us_state": "OH",
                "price_cents": 0,
                "currency": "USD",
                "registered_at": then,
                "confirmed_at": then,
            }
            for each, person_id in enumerate(people)
        ],
    )


if __name__ == "__main__":
    main(sys.argv[1])
