"""How a mail moves on, and what a mail server's answer means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from csd_events.core.errors import DomainError
from csd_events.core.placeholders import (
    Problem,
    ProblemKind,
    is_link,
    names_in,
    problems,
)
from csd_events.outbox.message import Wording, Words

#: How long to wait after the first refusal, the second, and so on: close at
#: first, since most trouble is short, and giving up when a day has gone by.
LADDER = (
    timedelta(seconds=30),
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30)),
    *(timedelta(hours=hours) for hours in (1, 1, 2, 4, 6, 8)),
)
#: Nobody who asked us to slow down hears from us again sooner than this step.
SLOW_STEP = 3
#: The longest wait is this much longer than its step says. Without it, what was
#: refused together comes back together.
JITTER = 0.25

#: A mail that was refused this often is something for staff to look at.
MANY_ATTEMPTS = 3
#: A loop that has not been heard of for so long is taken for dead. One message
#: to a server that answers at the last moment, each time, takes less.
LOOP_DEAD_AFTER = timedelta(minutes=3)

#: How long mail waits at most for a loop that rests, once the trouble is over.
LONGEST_PAUSE = timedelta(minutes=1)

#: What these features write carries links that sign people in, confirm them, set a
#: password, take a place back, or open what somebody answered or presents. Their words
#: are never kept, shown or sent again.
PRIVATE_FEATURES = frozenset(
    {"accounts", "events", "handovers", "wishes", "worksheets"}
)

#: What this feature writes goes while all other mail is held.
NOT_HELD = "accounts"

#: What is sent to many at once goes when nothing else is due.
GOES_LAST = frozenset({"announcement.event", "announcement.members"})

#: How the kinds of mails about one registration begin.
REGISTRATION = "registration."

#: Between a key and the row that was sent again under it.
AGAIN = "#again-"

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_THROTTLED_CODES = frozenset({421, 432})
#: Mostly said of one recipient whom the server does not know yet, not of us.
_GREYLISTED = "4.7.1"
_BUSY_CODES = frozenset({450, 451, 452})
#: Where the people of `flask demo bulk` have their addresses.
BULK_DOMAIN = "bulk.invalid"
_RESERVED = frozenset({"invalid", "test", "example"})


class State(StrEnum):
    """Where a message is on its way out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    RETURNED = "returned"  # sent, and reported as not arrived


class Reason(StrEnum):
    """Why a mail came back, as far as people care."""

    NO_MAILBOX = "no_mailbox"
    FULL = "full"
    NO_DOMAIN = "no_domain"
    UNREACHABLE = "unreachable"
    UNWANTED = "unwanted"
    OTHER = "other"


#: What servers mean by the codes they use, without the first digit (RFC 3463, 7505;
#: 1.351, 4.310 and the lasting 5.4.1 are Exchange Online's).
_REASONS = {
    **dict.fromkeys(("1.1", "1.3", "1.6", "1.10", "1.351", "2.1"), Reason.NO_MAILBOX),
    "2.2": Reason.FULL,
    **dict.fromkeys(("1.2", "4.4", "4.310"), Reason.NO_DOMAIN),
}
_UNKNOWN_TO_EXCHANGE = "5.4.1"


class Verdict(StrEnum):
    """What a refusal asks of us."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    SLOW_DOWN = "slow_down"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail that was taken.

    Attributes:
        note: The server's answer, or why it did not go.
        again_at: When to try again; only of one that goes back to the queue.
        was_tried: Whether it was; one that is to wait was not.
    """

    state: State
    note: str
    again_at: datetime | None = None
    was_tried: bool = True


class Refusal(StrEnum):
    """Why a mail is not sent again."""

    PRIVATE = "private"
    ON_ITS_WAY = "on_its_way"
    SENT_AGAIN_BEFORE = "sent_again_before"


def verdict(code: int, answer: str) -> Verdict:
    """Read a refusal: the reply code, and the enhanced code its words begin with.

    A server that says neither yes nor no in a way we know is asked again: a mail
    too late is better than a mail lost (RFC 5321, RFC 3463; 432 is what large
    providers say to those who knock too often).
    """
    if code in _THROTTLED_CODES:
        return Verdict.SLOW_DOWN
    enhanced = _ENHANCED.match(answer)
    policy = enhanced[1] if enhanced and code in _BUSY_CODES else ""
    if policy.startswith("4.7.") and policy != _GREYLISTED:
        return Verdict.SLOW_DOWN
    return Verdict.PERMANENT if 500 <= code < 600 else Verdict.TEMPORARY  # noqa: PLR2004


def reason_of(status: str) -> Reason:
    """Say why a mail came back, from a code such as 5.1.1."""
    if status == _UNKNOWN_TO_EXCHANGE:
        return Reason.NO_MAILBOX
    subject = status[2:]
    if subject in _REASONS:
        return _REASONS[subject]
    by_subject = {"4": Reason.UNREACHABLE, "7": Reason.UNWANTED}
    return by_subject.get(subject.partition(".")[0], Reason.OTHER)


def wait_before_next(
    verdict: Verdict, *, attempts: int, jitter: float
) -> timedelta | None:
    """Say how long to wait after a refusal, or None when it was the last.

    Args:
        verdict: What the refusal meant.
        attempts: How often it was tried, this time included; 1 or more.
        jitter: From 0 to 1, drawn by the caller.
    """
    if verdict is Verdict.PERMANENT or attempts > len(LADDER):
        return None
    step = attempts - 1
    if verdict is Verdict.SLOW_DOWN:
        step = max(step, SLOW_STEP)
    return LADDER[step] * (1 + JITTER * jitter)


def pause_after(failures: int) -> timedelta:
    """Say how long a loop rests after that many failures in a row, 1 or more."""
    return min(timedelta(seconds=1 << min(failures, 10)), LONGEST_PAUSE)


def is_nobody(address: str) -> bool:
    """Tell whether an address is one that the standards keep for examples."""
    domain = address.rpartition("@")[2].rstrip(".").casefold()
    labels = domain.split(".")
    return labels[-1] in _RESERVED or "example" in labels[-2:]


def is_bulk(address: str) -> bool:
    """Tell whether an address was made by the thousand: not even trials write there."""
    return address.casefold().endswith(f"@{BULK_DOMAIN}")


def is_of_a_registration(kind: str) -> bool:
    """Tell whether a mail is about one registration, whose address can be corrected."""
    return kind.startswith(REGISTRATION)


def is_private(kind: str) -> bool:
    """Tell whether mails of a kind hold a secret, such as a link that signs in."""
    return kind.partition(".")[0] in PRIVATE_FEATURES


def refuse_sending_again(kind: str, state: State) -> Refusal | None:
    """Say why a mail may not be sent again, as far as it alone can tell."""
    if is_private(kind):
        return Refusal.PRIVATE
    return Refusal.ON_ITS_WAY if state in {State.QUEUED, State.SENDING} else None


def key_sent_again(key: str, message_id: int) -> str:
    """Name the one mail that sends a message again: pressing twice is pressing once."""
    return f"{key}{AGAIN}{message_id}"


def original_key(key: str) -> str:
    """Return the key as it was first queued, which is the one composers know."""
    return key.partition(AGAIN)[0]


@dataclass(frozen=True, slots=True)
class Joining:
    """How people come to an event, as far as its mails must say it.

    Attributes:
        online: There is a link to join.
        watching: It is on demand.
    """

    online: bool
    watching: bool


#: Words of the whole site serve events of every sort.
EVERY_WAY = Joining(online=True, watching=True)


class UnsoundError(DomainError):
    """Words cannot be filled, or leave out what their readers need.

    Args:
        problems: By field: subject, body.
    """

    status = 422

    def __init__(self, problems: Mapping[str, Sequence[Problem]]) -> None:
        super().__init__(str(problems))
        self.problems = problems


def check_words(
    words: Words, wording: Wording, *, joining: Joining
) -> dict[str, list[Problem]]:
    """Say what is wrong with the words of a kind of mail, by field."""
    lines = [name for name in wording.values if not is_link(name)]
    found = {
        "subject": problems(words.subject, known=lines),
        "body": problems(words.body, known=wording.names, blocks=wording.blocks),
    }
    there = set(names_in(words.body))
    for names in needed_in(wording, joining=joining):
        if there.isdisjoint(names):
            found["body"].append(Problem(ProblemKind.MISSING, " ".join(names)))
    return {field: each for field, each in found.items() if each}


def needed_in(wording: Wording, *, joining: Joining) -> list[tuple[str, ...]]:
    """List the names of which a mail must hold one of each."""
    ways = [
        (joining.online, wording.joining),
        (joining.watching, wording.watching),
    ]
    return [*wording.needed, *(names for holds, names in ways if holds and names)]
