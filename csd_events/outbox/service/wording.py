"""Change what a kind of mail says, and try it first."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import INSERTS, engine_name
from csd_events.core.errors import StaleError
from csd_events.core.placeholders import Problem, ProblemKind
from csd_events.core.types import UtcDateTime
from csd_events.outbox import queries, rules
from csd_events.outbox.mail import faulty_links
from csd_events.outbox.message import Wording, Words
from csd_events.outbox.models import ONLY_ID, MailTrial
from csd_events.outbox.queries import WORDS
from csd_events.outbox.rules import Joining, UnsoundError
from csd_events.outbox.service.queueing import enqueue

TRIALS = cast("Table", MailTrial.__table__)
TRIALS_KEPT = timedelta(days=1)
#: What the trail calls it of an event, and of the site.
SAVED = ("event.words_saved", "mail_words.saved")
RESET = ("event.words_reset", "mail_words.reset")
TRIED = ("event.words_tried", "mail_words.tried")
#: The kind of a mail that staff send to themselves.
TRIAL = "trials.mail"


@dataclass(frozen=True, slots=True)
class Saying:
    """Which words: of which kind of mail, at which event or on the whole site.

    Attributes:
        name: What the kind is called, for the audit trail.
        event_id: None for the site.
    """

    kind: str
    name: str
    wording: Wording
    event_id: int | None


def save_words(  # noqa: PLR0913 - who saves what over what, by name
    session: Session,
    saying: Saying,
    words: Words,
    *,
    joining: Joining,
    version: int,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Give a kind of mail other words, at one event or wherever none has its own.

    Args:
        joining: How people come to the event; for the site, in every way.
        version: Of the words that were seen; 0 where there were none.

    Raises:
        UnsoundError: Something in them cannot be filled, or something is missing.
        StaleError: Somebody saved meanwhile.
    """
    check(words, saying.wording, joining=joining)
    before = queries.find_saved(session, saying.kind, saying.event_id)
    was = Words(before.subject, before.body) if before else _without(session, saying)
    if (before.version if before else 0) != version:
        raise StaleError("somebody saved these words meanwhile")
    if before and was == words:
        return
    row = asdict(words) | {"saved_at": now, "saved_by": actor_id}
    if before:
        change: Any = (
            update(WORDS)
            .where(_is_of(saying), WORDS.c.version == version)
            .values(**row, version=version + 1)
        )
    else:
        key = {"kind": saying.kind, "event_id": saying.event_id}
        first = INSERTS[engine_name(session)](WORDS).values(**row, **key, version=1)
        change = first.on_conflict_do_nothing()
    if session.scalar(change.returning(WORDS.c.id)) is None:  # on the way to here
        raise StaleError("somebody saved these words meanwhile")
    _record(session, SAVED, saying, _changes(was, words), now=now, actor_id=actor_id)


def reset_words(
    session: Session,
    saying: Saying,
    *,
    version: int,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Take the words of an event, or of the site, away. Safe to repeat.

    Raises:
        StaleError: Somebody saved meanwhile.
    """
    before = queries.find_saved(session, saying.kind, saying.event_id)
    if before is None:
        return
    was = Words(before.subject, before.body)
    gone = delete(WORDS).where(_is_of(saying), WORDS.c.version == version)
    if session.scalar(gone.returning(WORDS.c.id)) is None:
        raise StaleError("somebody saved these words meanwhile")
    changes = _changes(was, _without(session, saying))
    _record(session, RESET, saying, changes, now=now, actor_id=actor_id)


def copy_words(
    session: Session, from_event: int, to_event: int, *, now: datetime
) -> None:
    """Let the mails of a new event say what those of another one do."""
    kept = WORDS.c.kind, WORDS.c.subject, WORDS.c.body, WORDS.c.saved_by
    theirs = select(*kept, literal(to_event), literal(1), literal(now, UtcDateTime()))
    columns = [*(each.name for each in kept), "event_id", "version", "saved_at"]
    session.execute(
        insert(WORDS).from_select(columns, theirs.where(WORDS.c.event_id == from_event))
    )


def try_words(  # noqa: PLR0913 - who tries what as whom, by name
    session: Session,
    saying: Saying,
    words: Words,
    *,
    reader: str,
    person_id: int,
    address: str,
    now: datetime,
) -> None:
    """Send somebody of the staff the mail that a reader would get, with these words.

    Args:
        reader: Whose mail it is to be, as the features that write mails know them.
        person_id: Who tries it, and gets it at their own address.
    """
    trial = MailTrial(
        kind=saying.kind,
        event_id=saying.event_id,
        reader=reader,
        subject=words.subject,
        body=words.body,
        person_id=person_id,
        made_at=now,
    )
    session.add(trial)
    session.flush()
    enqueue(
        session,
        key=f"{TRIAL}:{trial.id}",
        kind=TRIAL,
        subject_id=trial.id,
        to_address=address,
        due_at=now,
        now=now,
        event_id=saying.event_id,
    )
    _record(session, TRIED, saying, {}, now=now, actor_id=person_id)


def forget_old_trials(session: Session, *, now: datetime) -> None:
    session.execute(delete(TRIALS).where(TRIALS.c.made_at < now - TRIALS_KEPT))


def check(words: Words, wording: Wording, *, joining: Joining) -> None:
    """See that words can be filled for every reader, and say what they must.

    Raises:
        UnsoundError: They cannot, or do not.
    """
    found = rules.check_words(words, wording, joining=joining)
    if not found and (links := faulty_links(words.body)):
        found["body"] = [Problem(ProblemKind.NO_LINK, each) for each in links]
    if found:
        raise UnsoundError(found)


def _without(session: Session, saying: Saying) -> Words:
    """Return what is said where there are no words for exactly this."""
    everywhere = None
    if saying.event_id is not None:
        everywhere = queries.find_words(session, saying.kind, None)
    return everywhere or saying.wording.original


def _is_of(saying: Saying) -> ColumnElement[bool]:
    return and_(
        WORDS.c.kind == saying.kind,
        WORDS.c.event_id.is_not_distinct_from(saying.event_id),
    )


def _changes(was: Words, becomes: Words) -> dict[str, Any]:
    before, after = asdict(was), asdict(becomes)
    return {n: [before[n], after[n]] for n in after if before[n] != after[n]}


def _record(
    session: Session,
    actions: tuple[str, str],
    saying: Saying,
    changes: dict[str, Any],
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Write it down with the event it is about, or with the words of the site."""
    of_event = saying.event_id is not None
    audit.record(
        session,
        actions[0 if of_event else 1],
        subject_id=saying.event_id or ONLY_ID,
        now=now,
        actor_id=actor_id,
        changes={"mail": [None, saying.name], **changes},
    )
