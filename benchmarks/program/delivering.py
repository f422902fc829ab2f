"""What one process does with the outbox.

    python -m benchmarks.program.delivering remind | confirm N

`remind` queues the reminders of the crowd and prints the seconds it took. `confirm N`
queues N confirmations to the crowd, delivers them, and prints messages a second and
milliseconds of processor time for each.
"""

import sys
import time

from sqlalchemy import literal, select

from csd_events.core.db import transaction
from csd_events.events.models import Event
from csd_events.outbox import service as outbox
from csd_events.outbox.delivery import Means, deliver_due
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations.models import Registration
from csd_events.registrations.service import queue_reminders
from csd_events.registrations.service.telling import about
from wsgi import app


def remind() -> None:
    now = app.config["CLOCK"]()
    began = time.perf_counter()
    with transaction() as session:
        queued = queue_reminders(session, now=now)
    print(f"{time.perf_counter() - began:.3f} {queued}")


def confirm(count: int) -> None:
    now, kind = app.config["CLOCK"](), "registration.confirmed"
    with transaction() as session:
        event_id = session.scalars(
            select(Event.id).where(Event.slug == "tomorrow")
        ).one()
        written_to = select(OutboxMessage.subject_id).where(OutboxMessage.kind == kind)
        some = (
            about(literal(kind), "1")  # of a registration's first life
            .where(
                Registration.event_id == event_id, Registration.id.not_in(written_to)
            )
            .limit(count)
        )
        outbox.enqueue_all(session, some, kind=kind, due_at=now, now=now)
    means = Means.of(app)
    deliver_due(means, limit=20)  # so that templates and statements are warm
    began, used = time.perf_counter(), time.process_time()
    sent = 0
    while report := deliver_due(means):
        if not report.claimed:
            break
        sent += report.sent
    wall, processor = time.perf_counter() - began, time.process_time() - used
    print(f"{sent / wall:.1f} {processor / sent * 1000:.3f}")


if __name__ == "__main__":
    with app.app_context():
        if sys.argv[1] == "remind":
            remind()
        else:
            confirm(int(sys.argv[2]))
