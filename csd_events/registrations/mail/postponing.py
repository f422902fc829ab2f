"""Mails that an event has no date for now, and that it has one again."""

from sqlalchemy.orm import Session

from csd_events.core.words import gettext as _
from csd_events.outbox.message import Calendar, Due, Later, Message, Skip
from csd_events.registrations import exports
from csd_events.registrations.mail.knowing import (
    Unheard,
    change_of,
    hearer_of,
    of_a_date,
    unheard,
)
from csd_events.registrations.mail.letter import Letter, cancel
from csd_events.registrations.mail.naming import entered_words, entry_words
from csd_events.registrations.mail.telling import gone_entries
from csd_events.registrations.mail.waiting import unless_undone
from csd_events.registrations.mail.writing import Said, note, write
from csd_events.registrations.rules import A_DATE_AGAIN, State


def postponed(session: Session, due: Due, letter: Letter) -> Message | Later | Skip:
    """The date holds no more; the entry leaves the calendar, the place is kept."""
    calendars = cancel(letter)
    if not letter.is_trial:
        if letter.registration.state is State.CANCELLED:
            return Skip("no place any more")
        if not letter.event.is_postponed:
            return unless_undone(session, letter.event.id, A_DATE_AGAIN, letter.now)
        hearer = hearer_of(letter.registration)
        news = unheard(session, letter.event, change_of(due), hearer)
        if isinstance(news, Skip):
            return news
        calendars = (*calendars, *gone_entries(news.found, news.changes, letter))
    said = Said(
        own={
            "entry": entry_words(len(calendars)),
            "kept": _kept(letter),
            "note": lambda: note(letter.event.postpone_note),
            "when": _("Postponed: new date to come"),
        },
        button=_("See your registration"),
        way_back=_("No other date suits you? Cancel your registration"),
        preheader=_("A new date is to come. Your place is kept.")
        if letter.had_place
        else _("A new date is to come. Your number is kept."),
        calendars=calendars,
    )
    return write(session, "registration.postponed", letter, said)


def redated(session: Session, due: Due, letter: Letter) -> Message | Skip:
    """It takes place, at a date; the entry comes back with it.

    Nothing is said to who has not heard that the date they know was off for a while.
    """
    if letter.is_trial:
        return tell_of_a_date(session, None, letter)
    if letter.registration.state is State.CANCELLED:
        return Skip("no place any more")
    hearer = hearer_of(letter.registration)
    news = unheard(session, letter.event, change_of(due), hearer)
    return news if isinstance(news, Skip) else tell_of_a_date(session, news, letter)


def tell_of_a_date(session: Session, news: Unheard | None, letter: Letter) -> Message:
    """Say that it takes place, and when.

    Args:
        session: To read in.
        news: What they have not heard; None for a trial.
        letter: To whom.
    """
    calendars: tuple[Calendar, ...] = ()
    if letter.had_place:
        calendars = exports.mail_parts(
            letter.registration, letter.association, now=letter.now
        )
    gone = gone_entries(news.found, news.changes, letter) if news else ()
    after_all = news is not None and news.after_all
    said = Said(
        own={
            **of_a_date(letter.event, letter.when_words, after_all=after_all),
            "entry": entered_words(len(calendars)),
            "kept": _kept(letter),
        },
        button=_("See your registration"),
        way_back=_("It does not suit you any more? Cancel your registration"),
        preheader=_("Now: %(when)s", when=letter.when_words),
        calendars=(*calendars, *gone),
    )
    return write(session, "registration.redated", letter, said)


def _kept(letter: Letter) -> str:
    if letter.had_place:
        return _("Your place is kept, and your links stay the same.")
    return _("Your number on the waiting list is kept, and your links stay the same.")
