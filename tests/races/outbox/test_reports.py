"""One report read by several at once: the mail comes back once."""

from datetime import datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.outbox import service
from csd_events.outbox.models import Bounce
from csd_events.outbox.reports import Failure
from csd_events.outbox.service import Taken
from tests.mailing import people, queue_sent
from tests.together import together

READERS, MAILS = 4, 10


def test_a_report_that_several_read_at_once_is_taken_once(
    app: Flask, session: Session, now: datetime
) -> None:
    ids = [mail.message_id for mail in queue_sent(session, *people(MAILS))]
    taken: list[Taken] = []

    def read() -> None:
        for each in ids:
            with transaction() as own:
                taken.append(service.take(own, Failure(each, "5.1.1", ""), now=now))

    assert together(app, *[read] * READERS) == []
    assert taken.count(Taken.NOW) == MAILS
    assert taken.count(Taken.BEFORE) == MAILS * (READERS - 1)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Bounce)) == MAILS
