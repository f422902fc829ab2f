"""Whether a rush ended as it must.

    python -m benchmarks.program.rushed SLUG ANSWERS

ANSWERS holds a line for each visitor: their address, and what their page said. Who took
the event's lock first is read from the audit trail, whose entries are numbered while
it is held. In that order everybody has to have a place as long as there are any, and
the numbers of the waiting list after that; their page and the mail that went to them
have to have said so. Prints ``exact`` and of how many, or the first that is otherwise.
"""

import sys
from pathlib import Path

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from benchmarks.program.prepare import RUSH_PLACES
from csd_events.accounts.models import Person
from csd_events.audit.models import AuditEntry
from csd_events.core.db import db
from csd_events.events.models import Event
from csd_events.outbox.message import Body
from csd_events.outbox.models import OutboxBody, OutboxMessage
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from wsgi import app

#: How somebody stands, their number in the queue, what their page and their mail said.
Ending = tuple[State, int | None, str | None, str]
REGISTERED, FULL = "You are registered", "All places are taken"


def main(slug: str, answers: Path) -> None:
    said = dict(line.split("\t") for line in answers.read_text().splitlines())
    with app.app_context():
        rows = _in_the_order_of_the_lock(db.session(), slug)
        wrong = check_counters(db.session())
    ends = [_ending(row, said) for row in rows]
    should = [_as_it_must(number) for number in range(len(ends))]
    wrong += [f"{a}, not {b}" for a, b in zip(ends, should, strict=True) if a != b]
    if len(ends) != len(said):
        wrong.append(f"{len(said)} were answered and {len(ends)} are registered")
    print(wrong[0] if wrong else f"exact: {len(ends)}")


def _in_the_order_of_the_lock(
    session: Session, slug: str
) -> list[Row[str, State, int | None, bytes]]:
    made = (AuditEntry.subject_id == Registration.id) & (
        AuditEntry.action == "registration.made"
    )
    everybody = (
        select(
            Person.email, Registration.state, Registration.position, OutboxBody.content
        )
        .select_from(Registration)
        .join(Registration.person)
        .join(Registration.event)
        .join(AuditEntry, made)
        .join(OutboxMessage, OutboxMessage.subject_id == Registration.id)
        .join(OutboxBody, OutboxBody.message_id == OutboxMessage.id)
        .where(Event.slug == slug, OutboxMessage.event_id == Event.id)
        .order_by(AuditEntry.id)
    )
    return list(session.execute(everybody))


def _ending(row: Row[str, State, int | None, bytes], said: dict[str, str]) -> Ending:
    email, state, position, content = row
    subject = Body.unpacked(content).subject.partition(":")[0]
    return state, position, said.get(email), subject


def _as_it_must(number: int) -> Ending:
    if number < RUSH_PLACES:
        return State.CONFIRMED, None, REGISTERED, REGISTERED
    position = 1 + number - RUSH_PLACES
    return State.WAITING, position, FULL, f"Waiting list, number {position}"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
