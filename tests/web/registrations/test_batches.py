"""Many mails about one event: what they share is read once, and not for long."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from csd_events.events.models import Event
from csd_events.outbox.delivery import Means, deliver_due
from csd_events.outbox.transport import Envelope
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from tests.factories import make_event, make_registration, writing
from tests.letters import deliver
from tests.mailing import MovingClock
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

_GIVES_BACK = (
    update(Registration)
    .where(Registration.full_name == "Bo Sample")
    .values(state=State.CANCELLED)
)


@dataclass
class Slow:
    """A way out that takes its time, in which others change what mails say."""

    session: Session
    clock: MovingClock
    takes: timedelta
    sent: list[EmailMessage] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator["Slow"]:
        yield self

    def send(self, mail: EmailMessage, _envelope: Envelope) -> str:
        self.sent.append(mail)
        self.clock.move(self.takes)
        with writing(self.session):
            self.session.execute(update(Event).values(title=f"Title {len(self.sent)}"))
            self.session.execute(_GIVES_BACK)
        return "250 at last"


def deliver_slowly(app: Flask, session: Session, takes: timedelta) -> list[str]:
    clock = MovingClock()
    slow = Slow(session, clock, takes)
    with app.app_context():
        deliver_due(replace(Means.of(app), transport=slow, clock=clock))
    return [str(mail["Subject"]).rpartition(": ")[2] for mail in slow.sent]


def test_a_batch_reads_an_event_once_and_each_registration_when_its_turn_comes(
    app: Flask, session: Session
) -> None:
    event = make_event(session)
    for _ in range(5):
        make_registration(session, event)
    with counted(app) as statements:
        mails = deliver(app)

    events = [each for each in statements if "events.title" in each]
    people = [each for each in statements if "registrations.reference" in each]
    assert (len(mails), len(events), len(people)) == (5, 1, 5)


def test_an_event_is_read_again_when_a_second_has_passed(
    app: Flask, session: Session
) -> None:
    event = make_event(session, title="Title 0")
    for _ in range(3):
        make_registration(session, event)
    titles = deliver_slowly(app, session, timedelta(seconds=1))
    assert titles == ["Title 0", "Title 1", "Title 2"]


def test_who_gave_back_their_place_a_moment_ago_gets_no_confirmation(
    app: Flask, session: Session
) -> None:
    event = make_event(session, title="Title 0")
    for name in ("Ada Sample", "Bo Sample", "Cleo Sample"):
        make_registration(session, event, full_name=name)
    titles = deliver_slowly(app, session, timedelta(milliseconds=10))
    assert titles == ["Title 0", "Title 0"]


def test_an_event_is_read_again_after_mail_has_made_way_for_visitors(
    app: Flask, session: Session
) -> None:
    event = make_event(session, title="Title 0")
    for _ in range(2):
        make_registration(session, event)
    clock, asked = MovingClock(), 0
    prompt = Slow(session, clock, timedelta())

    def is_stopping() -> bool:
        """Let a second pass as the second mail waits: each asks before and in that."""
        nonlocal asked
        asked += 1
        if asked == 4:
            clock.move(timedelta(seconds=1))
        return False

    means = replace(Means.of(app, is_stopping=is_stopping), clock=clock)
    with app.app_context():
        deliver_due(replace(means, transport=prompt))
    titles = [str(mail["Subject"]).rpartition(": ")[2] for mail in prompt.sent]
    assert titles == ["Title 0", "Title 1"]
