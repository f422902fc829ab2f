"""Mails to those on stage of what became of an event: registrants get theirs."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.time import local_time
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.exports import REQUEST
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
from csd_events.registrations import rules
from csd_events.registrations.mail.knowing import (
    Unheard,
    change_of,
    of_a_date,
    sessions_known,
    unheard,
    until_called_off,
)
from csd_events.registrations.mail.moving import up_to_date
from csd_events.registrations.mail.naming import (
    about_event,
    entered_words,
    entry_words,
    when_words,
)
from csd_events.registrations.mail.originals.presenting import PRESENTING
from csd_events.registrations.mail.presented import (
    gone_entries,
    moved_entries,
    narrow_to,
    whole_entries,
)
from csd_events.registrations.mail.telling import (
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
from csd_events.registrations.queries import Hearer
from csd_events.registrations.rules import Change
from csd_events.registrations.words import names_of


@dataclass(frozen=True, slots=True)
class StageNotice:
    """What such a mail is written from.

    Attributes:
        news: What the reader had not heard of it; None for a trial.
        calendars: Their entries.
    """

    letter: PresenterLetter
    event: Event
    news: Unheard | None = None
    calendars: tuple[Calendar, ...] = ()


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
    off = _why_not(session, due, event, now)
    # No other mail than this one goes to who is not on stage any more.
    if off and not (due.kind == MOVED_MAIL and _is_left_out(presenter, event, now)):
        return off
    hearer = Hearer(presenter.id, event.id, on_stage=True)
    about = session, event, change.id, hearer, narrow_to(presenter, event)
    if due.kind == CANCELLED_MAIL:
        return _of_the_whole(session, due.kind, letter, event, until_called_off(*about))
    news = unheard(*about)
    if isinstance(news, Skip):
        return news
    if due.kind != MOVED_MAIL:
        return _of_the_whole(session, due.kind, letter, event, news)
    return _moved(session, news, letter, event)


def _is_left_out(presenter: Presenter, event: Event, now: datetime) -> bool:
    """Tell whether somebody presents nothing any more of what is still to come."""
    on_stage = {each.presenter_id for each in event.contributions}
    return presenter.id not in on_stage and not event.is_over(now)


def _of_the_whole(
    session: Session,
    kind: str,
    letter: PresenterLetter,
    event: Event,
    news: Unheard,
) -> Message:
    entries = (
        *whole_entries(session, kind, letter, event),
        *gone_entries(session, letter, event, news.found, news.changes),
    )
    notice = StageNotice(letter, event, news, entries)
    return write_notice(session, kind, notice)


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
    found = notice.news.found if notice.news else Change((), (), ())
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
    row, when = row_of(event), when_words(event)
    if notice.news and notice.news.found:
        for first in sessions_known(notice.news, event)[:1]:
            row = replace(row, starts_at=first.starts_at, zone=first.zone)
            when = local_time(first.starts_at, first.zone)
    was_to_be = _("Was to be: %(when)s", when=when)
    return {
        "details": lambda: part("details", row, was_to_be),
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
    entered = [each for each in notice.calendars if each.method == REQUEST]
    after_all = notice.news is not None and notice.news.after_all
    return {
        **of_a_date(notice.event, when, after_all=after_all),
        "appearances": lambda: appearances(presented),
        "entry": entered_words(len(entered)),
    }


_OWN = {
    MOVED_MAIL: _of_what_moved,
    CANCELLED_MAIL: _of_what_is_off,
    POSTPONED_MAIL: _of_what_is_put_off,
    REDATED_MAIL: _of_a_date_again,
}


def _moved(
    session: Session, news: Unheard, letter: PresenterLetter, event: Event
) -> Message | Skip:
    """Time or place has changed, once or several times since they heard."""
    if news.was_off:
        return _of_the_whole(session, REDATED_MAIL, letter, event, news)
    if not news.found:
        return Skip(rules.AS_TOLD)
    entries = moved_entries(session, letter, event, news.found, news.changes)
    notice = StageNotice(letter, event, news, entries)
    return write_notice(session, MOVED_MAIL, notice)
