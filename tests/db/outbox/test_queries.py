"""What staff and operators see of the mail."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.errors import NotFoundError
from csd_events.outbox import queries, service
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import PER_PAGE, Attention, Filters, Health, reading
from csd_events.outbox.rules import State
from tests.mailing import KIND, people, queue


def ids(session: Session) -> list[int]:
    return list(session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id)))


def put(session: Session, message_id: int, **values: object) -> None:
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values)
    )


def test_a_quiet_outbox_has_nothing_to_say(session: Session, now: datetime) -> None:
    assert queries.has_due(session, now=now) is False
    assert queries.health(session, now=now) == Health(
        loop_age=None, waiting=0, since=None
    )


def test_health_counts_what_should_have_gone_and_since_when(
    session: Session, now: datetime
) -> None:
    hours = [timedelta(hours=n) for n in (3, 2, 1)]
    for each in hours:
        queue(session, "a@example.org", due_at=now - each)
    queue(session, "planned@example.org", due_at=now + timedelta(hours=1))
    first, *_rest = ids(session)
    retried = {"due_at": now + timedelta(minutes=30), "attempts": 4}
    put(session, first, **retried)
    every = timedelta(seconds=10)
    service.take_chore(session, queries.HEARTBEAT, every=every, now=now - 3 * every)
    assert queries.health(session, now=now) == Health(
        loop_age=timedelta(seconds=30), waiting=3, since=now - timedelta(hours=3)
    )


def test_a_mail_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        queries.get_message(session, 1)


def test_a_feature_s_mails_about_a_row_are_listed_oldest_first(
    session: Session,
) -> None:
    queue(session, *people(2))
    queue(session, "a@example.org", kind="registrationx.other")
    subjects = [row.subject_id for row in session.scalars(select(OutboxMessage))]
    found = queries.list_about(session, feature="registration", subject_ids=subjects)
    assert [row.id for row in found] == ids(session)[:2]
    none = queries.list_about(session, feature="registration", subject_ids=[0])
    assert list(none) == []


def test_pages_lead_down_and_up_again(session: Session) -> None:
    queue(session, *people(2 * PER_PAGE + 1))
    newest_first = ids(session)[::-1]
    pages = [queries.page_messages(session, Filters())]
    while (older := pages[-1].after) is not None:
        pages.append(queries.page_messages(session, Filters(), before=older))
    seen = [[row.id for row in page.items] for page in pages]
    assert [len(page) for page in seen] == [PER_PAGE, PER_PAGE, 1]
    assert [each for page in seen for each in page] == newest_first
    assert [page.total for page in pages] == [len(newest_first)] * 3
    back = queries.page_messages(session, Filters(), after=pages[2].before)
    assert [row.id for row in back.items] == seen[1]
    top = queries.page_messages(session, Filters(), after=back.before)
    assert ([row.id for row in top.items], top.before) == (seen[0], None)
    assert pages[0].before is None


def test_counting_stops_where_it_is_only_many(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "COUNTED", 3)
    queue(session, *people(9))
    assert queries.page_messages(session, Filters()).total == 4


def test_filters_narrow_the_list(session: Session, now: datetime) -> None:
    queue(session, *people(2))
    queue(session, "a@example.org", kind="other.kind")
    first, second, third = ids(session)
    put(session, second, state=State.FAILED)
    found = [
        [row.id for row in queries.page_messages(session, filters).items]
        for filters in (
            Filters(state=State.FAILED),
            Filters(kind=KIND),
            Filters(kind="other.kind", state=State.QUEUED),
            Filters(attention=True),
        )
    ]
    assert found == [[second], [second, first], [third], [second]]


def test_a_failed_mail_needs_attention_until_it_is_sent_again(
    session: Session, now: datetime
) -> None:
    queue(session, *people(4))
    failed, refused, fresh, mended = ids(session)
    put(session, failed, state=State.FAILED)
    put(session, refused, attempts=3)
    put(session, fresh, attempts=2)
    put(session, mended, state=State.FAILED)
    service.send_again(session, mended, now=now)
    attention = queries.page_messages(session, Filters(attention=True))
    assert [row.id for row in attention.items] == [refused, failed]
    assert queries.count_attention(session) == Attention(2, 0)


@pytest.mark.parametrize("kind", ["accounts.sign_in", "handovers.readdressed"])
def test_a_mail_about_which_nobody_can_do_anything_needs_no_attention(
    session: Session, kind: str
) -> None:
    """Its links are for one address: it is neither sent again nor to another."""
    queue(session, "typo@example.org", kind=kind)
    queue(session, "typo@example.org")
    private, other = ids(session)
    put(session, private, state=State.FAILED)
    put(session, other, state=State.FAILED)

    attention = queries.page_messages(session, Filters(attention=True))

    assert [row.id for row in attention.items] == [other]
    assert queries.count_attention(session) == Attention(1, 0)
    failed = queries.page_messages(session, Filters(state=State.FAILED))
    assert [row.id for row in failed.items] == [other, private]
