"""Reports of mail that did not arrive, as servers write and strangers forge them."""

from collections.abc import Callable
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.outbox.reports import (
    LONGEST,
    LONGEST_WORDS,
    MOST_NESTED,
    Failure,
    read_failure,
)
from csd_events.outbox.rules import Reason, reason_of
from tests import reports
from tests.reports import OURS, postfix

WRITERS = [
    reports.postfix,
    reports.exim,
    reports.exchange,
    reports.gmail,
    reports.auto_reply,
    reports.receipt,
]


@pytest.mark.parametrize(
    ("report", "status", "words"),
    [
        (
            reports.postfix(),
            "5.1.1",
            "550 5.1.1 <ada@example.org>: no such user",
        ),
        (reports.exim(), "5.2.2", "552 5.2.2 mailbox is over its quota"),
        (
            reports.exchange(),
            "5.4.1",
            "550 5.4.1 Recipient address rejected: Access denied. "
            "[SAMPLE0002.example.org 2030-05-01T12:00:00.000Z]",
        ),
        (reports.gmail(), "5.1.2", "The domain was not found."),
    ],
    ids=["Postfix", "Exim", "Exchange Online", "Gmail"],
)
def test_a_report_is_read_whoever_wrote_it(
    report: bytes, status: str, words: str
) -> None:
    assert read_failure(report) == Failure(OURS, status, words)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_only_what_failed_is_a_failure(action: str) -> None:
    assert read_failure(postfix(action=action)) is None


def test_the_action_may_carry_a_remark_and_any_case() -> None:
    found = read_failure(postfix(action="Failed (after five days)"))
    assert found is not None


@pytest.mark.parametrize("writer", [reports.auto_reply, reports.receipt])
def test_answers_of_other_kinds_are_no_reports(writer: Callable[[], bytes]) -> None:
    assert read_failure(writer()) is None


@pytest.mark.parametrize(
    "message_id", ["someone-elses", OURS.upper(), f"{OURS}0", "x" * 32]
)
def test_a_report_about_a_mail_that_is_not_like_ours_is_passed_over(
    message_id: str,
) -> None:
    assert read_failure(postfix(message_id)) is None


def test_a_report_that_returns_nothing_is_known_by_what_it_answers() -> None:
    """As some servers do to save traffic."""
    found = reports.exchange().partition(b"Content-Type: message/rfc822")[0]
    failure = read_failure(found)
    assert failure is not None
    assert failure.message_id == OURS


def test_a_report_that_was_forwarded_within_another_mail_is_none() -> None:
    inner = postfix().decode()
    outer = (
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        f"Content-Type: message/rfc822\r\n\r\n{inner}\r\n--x--\r\n"
    )
    assert read_failure(outer.encode()) is None


@pytest.mark.parametrize(
    ("status", "words", "found"),
    [
        ("5.0.0", "smtp; 550 no", "5.0.0"),
        ("", "smtp; 550 5.7.1 unwanted", "5.7.1"),
        ("", "smtp; 550 from 25.1.1.9 [5.1.1.9]", "5.0.0"),
        ("4.4.7 (expired)", "", "4.4.7"),
        ("2.1.5", "", "5.0.0"),
        ("5.1.1", "smtp; 552 5.2.2 full", "5.1.1"),
    ],
)
def test_the_code_that_says_most_is_taken(status: str, words: str, found: str) -> None:
    failure = read_failure(postfix(status=status, words=words))
    assert failure is not None
    assert failure.status == found


def test_what_a_server_said_is_kept_plain_and_short() -> None:
    words = "smtp; 550\x00\x1b[31m no\u202e " + "x" * 1000
    failure = read_failure(postfix(words=words))
    assert failure is not None
    assert failure.words.isprintable()
    assert len(failure.words) == LONGEST_WORDS
    assert failure.words.startswith("550 [31m no")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.1", Reason.NO_MAILBOX),
        ("5.1.10", Reason.NO_MAILBOX),
        ("5.2.1", Reason.NO_MAILBOX),
        ("5.4.1", Reason.NO_MAILBOX),
        ("4.2.2", Reason.FULL),
        ("5.2.2", Reason.FULL),
        ("5.1.2", Reason.NO_DOMAIN),
        ("5.4.4", Reason.NO_DOMAIN),
        ("4.4.1", Reason.UNREACHABLE),
        ("4.4.7", Reason.UNREACHABLE),
        ("5.7.1", Reason.UNWANTED),
        ("5.3.4", Reason.OTHER),
        ("5.0.0", Reason.OTHER),
    ],
)
def test_a_code_says_why_as_far_as_people_care(status: str, reason: Reason) -> None:
    assert reason_of(status) is reason


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    assert read_failure(raw) is None


@given(st.data())
def test_a_report_that_was_damaged_anywhere_is_read_without_an_error(
    data: st.DataObject,
) -> None:
    raw = data.draw(st.sampled_from(WRITERS))()
    at = data.draw(st.integers(0, len(raw)))
    until = data.draw(st.integers(at, min(len(raw), at + 200)))
    damaged = raw[:at] + data.draw(st.binary(max_size=50)) + raw[until:]
    found = read_failure(damaged)
    assert found is None or len(found.message_id) == len(OURS)


def test_a_header_that_breaks_the_parser_is_no_report() -> None:
    raw = postfix().replace(b'boundary="4F1', b"boundary*=a%00b''\"4F1")
    with pytest.raises(ValueError, match="null character"):
        message_from_bytes(raw)
    assert read_failure(raw) is None


def test_a_mail_of_many_nested_parts_is_not_read_at_all() -> None:
    """Reading it takes the parser minutes."""
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(MOST_NESTED)
    )
    report = postfix()
    assert read_failure(report.replace(b"See you", nested)) is not None
    where = b"This is a MIME-encapsulated message."
    assert read_failure(report.replace(where, nested + where)) is None


def test_of_a_very_long_mail_the_beginning_is_read() -> None:
    assert read_failure(postfix() + b"x" * LONGEST * 4) is not None
    assert read_failure(b"X-Long: " + b"x" * LONGEST + b"\r\n" + postfix()) is None
