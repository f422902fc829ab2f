"""Mails to those on stage of what became of an event: registrants get theirs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.exports import presenter_parts
from csd_events.events.mail import (
    PresenterLetter,
    appearances,
    reader_of,
    write_to_presenter,
)
from csd_events.events.models import Event, EventChange, Presenter
from csd_events.events.rules import (
    CANCELLED_MAIL,
    MOVED_MAIL,
    POSTPONED_MAIL,
    REDATED_MAIL,
    State,
)
from csd_events.events.words import row_of
from csd_events.outbox.mail import Value, part
from csd_events.outbox.message import (
    Calendar,
    Due,
    Later,
    Message,
    Skip,
)
from csd_events.registrations import queries, rules
from csd_events.registrations.mail.knowing import Unheard, of_a_date, unheard
from csd_events.registrations.mail.moving import change_of, up_to_date
from csd_events.registrations.mail.naming import (
    about_event,
    entered_words,
    entry_words,
    when_words,
)
from csd_events.registrations.mail.originals.presenting import PRESENTING
from csd_events.registrations.mail.samples import NO_ID
from csd_events.registrations.mail.telling import (
    gone_sessions,
    heading_of,
    lines_of,
    subject_of,
)
from csd_events.registrations.mail.waiting import (
    called_off,
    told_with_a_date,
    unless_undone,
)
from csd_events.registrations.mail.writing import note
from csd_events.registrations.rules import Change
from csd_events.registrations.words import names_of, news_of


@dataclass(frozen=True, slots=True)
class StageNotice:
    """What such a mail is written from.

    Attributes:
        change: What moved, of the sessions that concern the reader; None where it
            is about the whole event.
        after_all: It is at the date that it had before it was postponed.
    """

    letter: PresenterLetter
    event: Event
    change: Change | None = None
    calendars: tuple[Calendar, ...] = ()
    after_all: bool = False


def compose_presenting(
    session: Session, due: Due, now: datetime
) -> Message | Later | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    presenter = reader_of(session, due)
    if isinstance(presenter, Skip):
        return presenter
    change = session.get_one(EventChange, change_of(due))
    event = events.get(session, change.event_id)
    letter = PresenterLetter(presenter=presenter, to_address=due.to_address, now=now)
    if off := _why_not(session, due, event, now):
        return off
    if due.kind == CANCELLED_MAIL:
        return _of_the_whole(session, due.kind, letter, event)
    news = _unheard_by(session, change.id, presenter, event)
    if isinstance(news, Skip):
        return news
    if due.kind == MOVED_MAIL:
        return _moved(session, news, letter, event)
    return _of_the_whole(session, due.kind, letter, event, after_all=news.after_all)


def _unheard_by(
    session: Session, change_id: int, presenter: Presenter, event: Event
) -> Unheard | Skip:
    """Find what somebody on stage has not heard, or why they need not hear it."""

    def theirs(found: Change, since: EventChange) -> Change:
        return of_theirs(found, theirs_of(event, presenter, since.before))

    notices = queries.list_notices(
        session, presenter.id, event_id=event.id, kinds=queries.ON_STAGE
    )
    return unheard(session, event, change_id, notices, theirs)


def _of_the_whole(
    session: Session,
    kind: str,
    letter: PresenterLetter,
    event: Event,
    *,
    after_all: bool = False,
) -> Message:
    entries = whole_entries(session, kind, letter, event)
    notice = StageNotice(letter, event, calendars=entries, after_all=after_all)
    return write_notice(session, kind, notice)


def whole_entries(
    session: Session, kind: str, letter: PresenterLetter, event: Event
) -> tuple[Calendar, ...]:
    """Take what they present out of their calendar, or put it in again."""
    presenter = letter.presenter
    is_sample = presenter.id == NO_ID
    theirs = event.sessions if is_sample else events.sessions_of(event, presenter.id)
    return presenter_parts(
        presenter,
        [(event, each) for each in theirs],
        speaker(session, now=letter.now),
        now=letter.now,
        cancelled=kind != REDATED_MAIL,
    )


def _why_not(
    session: Session, due: Due, event: Event, now: datetime
) -> Later | Skip | None:
    """Say why a notice is not sent, or not yet; None where it still holds."""
    if due.kind == CANCELLED_MAIL:
        holds = event.state is State.CANCELLED
        return None if holds else Skip("the event takes place after all")
    if due.kind == POSTPONED_MAIL and event.state is State.PUBLISHED:
        return unless_undone(session, event.id, rules.A_DATE_AGAIN, now)
    if off := called_off(session, event, due.kind, now):
        return off
    if event.is_over(now):
        return Skip("the event was over before this went")
    if due.kind == MOVED_MAIL:
        return told_with_a_date(session, event, change_of(due), now)
    return None


def write_notice(session: Session, kind: str, notice: StageNotice) -> Message:
    """Write a mail to somebody on stage of what became of an event."""
    of_event = about_event(notice.event, speaker(session, now=notice.letter.now))
    return write_to_presenter(
        session,
        kind,
        PRESENTING[kind],
        notice.letter,
        own=of_event | _OWN[kind](notice),
        calendars=notice.calendars,
    )


def _of_what_moved(notice: StageNotice) -> dict[str, Value]:
    found = notice.change or Change((), (), ())
    lines = lines_of(found, notice.event)
    return {
        "change": subject_of(found),
        "changes": lambda: part(
            "changes", lines, names_of(found.removed), names_of(found.added)
        ),
        "entry": up_to_date(len(notice.calendars)),
        "heading": heading_of(found, notice.event),
    }


def _of_what_is_off(notice: StageNotice) -> dict[str, Value]:
    event = notice.event
    was_to_be = _("Was to be: %(when)s", when=when_words(event))
    return {
        "details": lambda: part("details", row_of(event), was_to_be),
        "entry": entry_words(len(notice.calendars)),
        "note": lambda: note(event.cancel_note),
    }


def _of_what_is_put_off(notice: StageNotice) -> dict[str, Value]:
    return {
        "entry": entry_words(len(notice.calendars)),
        "note": lambda: note(notice.event.postpone_note),
    }


def _of_a_date_again(notice: StageNotice) -> dict[str, Value]:
    theirs = events.sessions_of(notice.event, notice.letter.presenter.id)
    several = len(notice.event.sessions) > 1
    presented = [(notice.event, each) for each in theirs] if several else []
    when = when_words(notice.event)
    return {
        **of_a_date(notice.event, when, after_all=notice.after_all),
        "appearances": lambda: appearances(presented),
        "entry": entered_words(len(notice.calendars)),
    }


_OWN = {
    MOVED_MAIL: _of_what_moved,
    CANCELLED_MAIL: _of_what_is_off,
    POSTPONED_MAIL: _of_what_is_put_off,
    REDATED_MAIL: _of_a_date_again,
}


def _moved(
    session: Session, news: Unheard, letter: PresenterLetter, event: Event
) -> Message:
    """Time or place has changed, once or several times since they heard."""
    entries = moved_entries(session, letter, event, news.found, news.changes)
    notice = StageNotice(letter, event, news.found, entries)
    return write_notice(session, MOVED_MAIL, notice)


def theirs_of(
    event: Event, presenter: Presenter, before: Mapping[str, Any]
) -> set[int]:
    """Return the ids of the sessions they present, or presented before."""
    now = {each.id for each in events.sessions_of(event, presenter.id)}
    who = presenter.full_name, presenter.organization
    then = {
        each["id"]
        for each in before["sessions"]
        if any(
            (one["name"], one.get("organization", "")) == who
            for one in each.get("people", ())
        )
    }
    whole = any(
        each.presenter_id == presenter.id and each.session_id is None
        for each in event.contributions
    )
    return now | then | ({s["id"] for s in before["sessions"]} if whole else set())


def of_theirs(found: Change, theirs: Collection[int]) -> Change:
    return Change(
        moved=[pair for pair in found.moved if pair[1].id in theirs],
        removed=[each for each in found.removed if each.id in theirs],
        added=[each for each in found.added if each.id in theirs],
    )


def moved_entries(
    session: Session,
    letter: PresenterLetter,
    event: Event,
    mine: Change,
    changes: Sequence[EventChange],
) -> tuple[Calendar, ...]:
    """Bring their entries up to date: those that moved, and those that go."""
    association, news = speaker(session, now=letter.now), news_of(mine)
    kept = [(event, each) for each in event.sessions if each.id in mine.touched]
    gone = gone_sessions(mine, [each.before for each in changes], changes[0])
    parts = presenter_parts(
        letter.presenter, kept, association, now=letter.now, news=news
    )
    removed = presenter_parts(
        letter.presenter,
        [(event, each) for each in gone],
        association,
        now=letter.now,
        news=news,
        cancelled=True,
    )
    return (*parts, *removed)
