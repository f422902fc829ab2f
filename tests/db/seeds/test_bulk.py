"""A year's volume, held to what must be true of any data."""

from collections.abc import Callable
from datetime import datetime, timedelta

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.accounts.rules import email_key
from csd_events.billing.models import Invoice, Payment
from csd_events.core import db as database
from csd_events.events.models import Event, EventOffer
from csd_events.outbox import service as outbox
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import (
    check_charges,
    check_counters,
    queue_reminders,
)
from csd_events.seeds import cli
from tests.billing import are_without_gap
from tests.factories import NOON
from tests.letters import mails_among_others

EVENTS, REGISTRATIONS = 60, 1_500
Run = Callable[..., Result]


@pytest.fixture
def bulk(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setitem(app.config, "DEVELOPMENT", True)

    def run(events: int = EVENTS, registrations: int = REGISTRATIONS) -> Result:
        wanted = [f"--events={events}", f"--registrations={registrations}"]
        return app.test_cli_runner().invoke(args=["demo", "bulk", *wanted])

    return run


def _count(session: Session, model: type[database.Base]) -> int:
    return session.scalars(select(func.count()).select_from(model)).one()


def test_as_many_rows_as_were_asked_for(session: Session, bulk: Run) -> None:
    result = bulk()
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == (
        "Wrote 60 events with 1,500 registrations."
    )
    counts = [_count(session, m) for m in (Event, Registration, OutboxMessage)]
    assert counts == [EVENTS, REGISTRATIONS, 4 * REGISTRATIONS]


def test_every_counter_agrees_with_its_rows(session: Session, bulk: Run) -> None:
    bulk()
    assert check_counters(session) == []
    offered = select(Event.id).join(EventOffer, EventOffer.event_id == Event.id)
    differing = offered.where(EventOffer.confirmed != Event.confirmed)
    assert session.scalars(differing).all() == []


def test_who_has_a_place_at_a_price_has_an_invoice(session: Session, bulk: Run) -> None:
    bulk()
    assert check_charges(session) == []
    assert are_without_gap(session)
    assert 0 < _count(session, Payment) < _count(session, Invoice)


def test_nobody_waits_where_there_is_a_place(session: Session, bulk: Run) -> None:
    bulk()
    waited_for = select(Event.capacity - Event.confirmed).where(Event.waiting > 0)
    assert set(session.scalars(waited_for)) == {0}


def test_a_waiting_list_is_numbered_in_the_order_people_came(
    session: Session, bulk: Run
) -> None:
    bulk()
    waiting = (
        select(Registration.event_id, Registration.position, Event.next_position)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.position.is_not(None))
        .order_by(Registration.event_id, Registration.registered_at)
    )
    lists: dict[int, list[int]] = {}
    ends: dict[int, int] = {}
    for event_id, position, after in session.execute(waiting):
        lists.setdefault(event_id, []).append(position or 0)
        ends[event_id] = after
    assert lists == {each: list(range(1, ends[each])) for each in lists}
    assert lists


def test_nothing_is_written_that_has_yet_to_happen(session: Session, bulk: Run) -> None:
    bulk()
    latest = (
        func.max(Registration.registered_at),
        func.max(Registration.confirmed_at),
        func.max(Registration.cancelled_at),
    )
    registered = session.execute(select(*latest)).one()
    sent = session.scalar(select(func.max(OutboxMessage.sent_at)))
    assert [at for at in (*registered, sent) if at is None or at > NOON] == []


def test_people_register_before_their_event_begins(session: Session, bulk: Run) -> None:
    bulk()
    late = (
        select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.registered_at >= Event.starts_at)
    )
    assert session.scalars(late).all() == []


def test_every_mail_is_sent_and_is_about_somebody(session: Session, bulk: Run) -> None:
    bulk()
    states = session.execute(
        select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    ).all()
    assert [tuple(row) for row in states] == [(MailState.SENT, 4 * REGISTRATIONS)]
    mails = select(func.count(OutboxMessage.id)).group_by(OutboxMessage.subject_id)
    assert set(session.scalars(mails)) == {4}
    strangers = select(OutboxMessage.id).where(
        ~OutboxMessage.subject_id.in_(select(Registration.id))
    )
    assert session.scalars(strangers).all() == []


def test_every_mail_is_among_those_of_its_event(session: Session, bulk: Run) -> None:
    bulk()
    assert mails_among_others(session) == []


def test_reminders_that_have_gone_do_not_go_again(session: Session, bulk: Run) -> None:
    bulk()
    gone = select(func.count()).where(OutboxMessage.kind == "registration.reminder")
    before = session.scalar(gone)
    assert before
    queue_reminders(session, now=NOON)
    assert session.scalar(gone) == before


def test_not_even_a_trial_writes_to_them(
    app: Flask, session: Session, bulk: Run
) -> None:
    bulk()
    coming = (
        select(Registration.id, Person.email)
        .join(Registration.person)
        .join(Registration.event)
        .where(Event.starts_at > NOON, Registration.state == State.CONFIRMED)
    )
    registration_id, address = session.execute(coming.limit(1)).one()
    outbox.enqueue(
        session,
        key="registration.details:again",
        kind="registration.details",
        subject_id=registration_id,
        to_address=address,
        due_at=NOON,
        now=NOON,
    )
    session.commit()
    assert app.test_cli_runner().invoke(args=["outbox", "deliver"]).exit_code == 0
    note = select(OutboxMessage.state, OutboxMessage.note).where(
        OutboxMessage.key == "registration.details:again"
    )
    assert tuple(session.execute(note).one()) == (
        MailState.SKIPPED,
        "This address belongs to nobody.",
    )


def test_a_second_run_adds_to_the_first(session: Session, bulk: Run) -> None:
    bulk(10, 200)
    result = bulk(10, 300)
    assert result.exit_code == 0, result.output
    assert [_count(session, m) for m in (Event, Registration)] == [20, 500]
    assert check_counters(session) == []


def test_addresses_are_kept_as_any_others_are(session: Session, bulk: Run) -> None:
    bulk(2, 20)
    people = session.scalars(select(Person)).all()
    assert [p.email for p in people if p.email_key != email_key(p.email)] == []


def test_stopping_in_the_middle_leaves_whole_events(
    session: Session, bulk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "EVENTS_AT_ONCE", 5)
    said: list[str] = []

    def stop_at_the_second_batch(words: str) -> None:
        said.append(words)
        if sum("registrations" in line for line in said) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(click, "echo", stop_at_the_second_batch)
    assert bulk().exit_code == 1
    assert (_count(session, Event), check_counters(session)) == (10, [])
    assert _count(session, OutboxMessage) == 4 * _count(session, Registration)


def test_events_are_found_by_the_months_they_are_in(
    session: Session, bulk: Run
) -> None:
    bulk()
    months = session.execute(select(Event.month, Event.starts_at)).all()
    margin = timedelta(days=1)  # a month begins at another instant in each zone
    assert [
        row
        for row in months
        if row.month
        not in {f"{row.starts_at + way * margin:%Y-%m}" for way in (-1, 0, 1)}
    ] == []


def test_a_production_database_is_never_filled(app: Flask, session: Session) -> None:
    for words in (["bulk", "--events=1", "--registrations=1"], ["load"], ["sign-ins"]):
        result = app.test_cli_runner().invoke(args=["demo", *words])
        assert (result.exit_code, result.output) == (
            1,
            "Error: Samples are for development: set CSD_ENV=development.\n",
        )
    assert _count(session, Event) == 0
