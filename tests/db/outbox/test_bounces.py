"""What is believed of a report, whom it marks, and what takes the mark away."""

import os
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.outbox import queries, service
from csd_events.outbox.models import Bounce, OutboxMessage
from csd_events.outbox.queries import Attention, Filters, Returned
from csd_events.outbox.reports import LONGEST, read_failure
from csd_events.outbox.rules import Reason, State
from csd_events.outbox.service import Taken
from tests.factories import NOON
from tests.mailing import queue_sent
from tests.reports import auto_reply, postfix

ADA, BEN = "ada@example.org", "ben@example.org"
HOUR = timedelta(hours=1)


def take(session: Session, report: bytes, *, now: datetime = NOON) -> Taken:
    failure = read_failure(report)
    assert failure is not None
    taken = service.take(session, failure, now=now)
    session.commit()
    session.expire_all()
    return taken


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Bounce)).one()


def test_a_report_says_of_its_mail_that_it_came_back_and_marks_the_address(
    session: Session,
) -> None:
    mail, other = queue_sent(session, ADA, BEN)
    assert take(session, postfix(mail.message_id)) is Taken.NOW
    assert (mail.state, mail.note) == (
        State.RETURNED,
        "550 5.1.1 <ada@example.org>: no such user",
    )
    assert other.state is State.SENT
    mark = Returned(ADA, Reason.NO_MAILBOX, NOON)
    assert queries.find_mark(session, {ADA}) == mark
    assert queries.find_returned(session, mail.id) == mark
    assert queries.find_mark(session, {BEN}) is None


def test_the_address_that_is_marked_is_the_one_the_mail_went_to(
    session: Session,
) -> None:
    (mail,) = queue_sent(session, ADA)
    take(session, postfix(mail.message_id, BEN))
    assert queries.find_mark(session, {ADA}) is not None
    assert queries.find_mark(session, {BEN}) is None


def test_a_forged_report_about_a_mail_nobody_sent_leaves_nothing(
    session: Session,
) -> None:
    queue_sent(session, ADA)
    assert take(session, postfix("f" * 32)) is Taken.NOT_OURS
    assert count(session) == 0


def test_the_same_report_twice_changes_nothing(session: Session) -> None:
    (mail,) = queue_sent(session, ADA)
    take(session, postfix(mail.message_id))
    again = postfix(mail.message_id, status="5.2.2", words="smtp; 552 full")
    assert take(session, again, now=NOON + HOUR) is Taken.BEFORE
    assert queries.find_mark(session, {ADA}) == Returned(ADA, Reason.NO_MAILBOX, NOON)
    assert count(session) == 1


@pytest.mark.parametrize(
    ("state", "taken"),
    [
        (State.SENDING, Taken.TOO_EARLY),
        (State.QUEUED, Taken.NOT_OURS),
        (State.FAILED, Taken.NOT_OURS),
        (State.SKIPPED, Taken.NOT_OURS),
    ],
)
def test_only_a_mail_that_went_can_come_back(
    session: Session, state: State, taken: Taken
) -> None:
    (mail,) = queue_sent(session, ADA)
    mail.state = state
    session.commit()
    assert take(session, postfix(mail.message_id)) is taken
    assert (mail.state, count(session)) == (state, 0)


def test_a_mail_that_arrived_takes_the_mark_away_where_it_was_written_later(
    session: Session,
) -> None:
    before, after = queue_sent(session, ADA, ADA)
    after.sent_at = NOON + HOUR
    session.commit()
    for mail in (before, after):
        take(session, postfix(mail.message_id))

    def believe(written_at: datetime) -> None:
        service.believe(session, {ADA}, written_at=written_at, now=NOON + 3 * HOUR)

    believe(NOON - HOUR)
    assert [bounce.settled_at for bounce in _bounces(session)] == [None, None]
    believe(NOON + HOUR / 2)
    settled = [bounce.settled_at for bounce in _bounces(session)]
    assert settled == [NOON + 3 * HOUR, None]
    assert queries.find_mark(session, {ADA}) is not None
    believe(NOON + 2 * HOUR)
    assert queries.find_mark(session, {ADA}) is None


def _bounces(session: Session) -> list[Bounce]:
    session.expire_all()
    return list(session.scalars(select(Bounce).order_by(Bounce.message_id)))


def test_what_came_back_needs_attention_until_it_is_seen_to(session: Session) -> None:
    again, settled, open_one = queue_sent(session, ADA, BEN, "cem@example.org")
    for mail in (again, settled, open_one):
        take(session, postfix(mail.message_id))
    assert queries.count_attention(session) == Attention(0, 3)
    service.send_again(session, again.id, now=NOON)
    service.believe(session, {BEN}, written_at=NOON, now=NOON)
    session.commit()
    assert queries.count_attention(session) == Attention(0, 1)
    page = queries.page_messages(session, Filters(attention=True))
    assert [mail.id for mail in page.items] == [open_one.id]


@pytest.mark.parametrize(
    ("address", "kind", "expected"),
    [
        (BEN, "registration.readdressed", Attention(0, 0)),
        (ADA, "registration.moved", Attention(1, 1)),
        (BEN, "accounts.sign_in", Attention(1, 1)),
    ],
    ids=["elsewhere", "there again", "about something else"],
)
def test_a_mail_is_seen_to_once_its_registration_is_written_to_elsewhere(
    session: Session, address: str, kind: str, expected: Attention
) -> None:
    came_back, failed = queue_sent(session, ADA, ADA)
    failed.state = State.FAILED
    take(session, postfix(came_back.message_id))
    for mail in (came_back, failed):
        (later,) = queue_sent(session, address, kind=kind)
        later.subject_id = mail.subject_id
    session.commit()
    assert queries.count_attention(session) == expected


def test_trouble_with_a_mailbox_is_told_since_it_began_and_until_it_is_over(
    session: Session,
) -> None:
    box = "maildir:/srv/mail/events"
    for hours, words in ((0, "gone"), (1, "still gone")):
        service.note_trouble(session, box, words, now=NOON + hours * HOUR)
    assert queries.find_trouble(session, box) == queries.Trouble(NOON, "still gone")
    seen = queries.Seen(NOON + 2 * HOUR, validity=7, last_uid=3)
    service.note_look(session, box, seen)
    assert queries.find_trouble(session, box) is None
    assert queries.find_seen(session, box) == seen
    service.note_trouble(session, box, "gone again", now=NOON + 3 * HOUR)
    assert queries.find_seen(session, box) == seen
    assert queries.find_trouble(session, box) == queries.Trouble(
        NOON + 3 * HOUR, "gone again"
    )


def run(app: Flask, given: bytes) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["outbox", "bounces"], input=given)
    return result.exit_code, result.stdout


def test_where_nothing_is_given_it_is_said_how_to(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["outbox", "bounces"], input=b"")
    assert (result.exit_code, result.stdout) == (0, "0 came back\n")
    assert "name a folder with --maildir" in result.stderr


def test_a_report_on_standard_input_is_taken_once(
    app: Flask, session: Session, now: datetime
) -> None:
    (mail,) = queue_sent(session, ADA)
    report = postfix(mail.message_id) + b"x" * LONGEST  # all of it is read
    assert run(app, report) == (0, "1 came back\n")
    assert run(app, report) == (0, "0 came back\n")
    session.expire_all()
    assert mail.state is State.RETURNED


@pytest.mark.parametrize(
    "given", [b"", b"\xff\x00 garbage", auto_reply(), postfix("f" * 32)]
)
def test_whatever_is_no_report_of_ours_is_no_error(
    app: Flask, session: Session, now: datetime, given: bytes
) -> None:
    """Else the mail server would report that, in turn."""
    assert run(app, given) == (0, "0 came back\n")


def test_a_report_that_comes_before_its_mail_is_written_down_comes_again(
    app: Flask, session: Session, now: datetime
) -> None:
    (mail,) = queue_sent(session, ADA)
    mail.state = State.SENDING
    session.commit()
    assert run(app, postfix(mail.message_id))[0] == os.EX_TEMPFAIL


def test_a_report_that_a_busy_database_cannot_take_comes_again(
    app: Flask, session: Session, now: datetime, impatient: None
) -> None:
    (mail,) = queue_sent(session, ADA)
    session.connection(execution_options={"writes": True})
    held = select(OutboxMessage.id).where(OutboxMessage.id == mail.id)
    session.execute(held.with_for_update())
    assert run(app, postfix(mail.message_id))[0] == os.EX_TEMPFAIL


def test_an_address_is_marked_in_any_spelling_it_was_written_to(
    session: Session,
) -> None:
    (mail,) = queue_sent(session, "Ada@Example.org")
    take(session, postfix(mail.message_id))
    assert queries.find_mark(session, {"Ada@Example.org", ADA}) is not None
