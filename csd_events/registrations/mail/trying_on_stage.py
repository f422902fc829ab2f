"""Mails to those on stage as staff see them before anybody gets them."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.mail import PresenterLetter, write_link
from csd_events.events.models import Event, Presenter
from csd_events.events.queries import heard
from csd_events.events.rules import MOVED_MAIL
from csd_events.outbox.message import Message, Words
from csd_events.registrations import rules
from csd_events.registrations.mail.knowing import Unheard
from csd_events.registrations.mail.presented import (
    moved_entries,
    of_theirs,
    theirs_of,
    whole_entries,
)
from csd_events.registrations.mail.presenting import StageNotice, write_notice
from csd_events.registrations.mail.samples import NO_ID
from csd_events.registrations.mail.telling import trial_change


def trial_of_stage(
    session: Session, kind: str, event: Event, tried: tuple[Words, Person, datetime]
) -> Message:
    """Write such a mail for staff to see: to who presents the event, or a sample."""
    words, me, now = tried
    people = [each.presenter for each in event.contributions if each.presenter]
    letter = _tried(people[0] if people else None, words, me, now)
    if kind == MOVED_MAIL:
        change = trial_change(session, event, now=now)
        found = rules.compare(change.before, heard(event))
        if people:
            found = of_theirs(found, theirs_of(event, people[0], change.before))
        entries = moved_entries(session, letter, event, found, [change])
        news = Unheard([change], [change], found)
        return write_notice(session, kind, StageNotice(letter, event, news, entries))
    entries = whole_entries(session, kind, letter, event)
    return write_notice(session, kind, StageNotice(letter, event, calendars=entries))


def trial_of_link(session: Session, tried: tuple[Words, Person, datetime]) -> Message:
    """Write the mail with the link for staff to see: to who was last on stage."""
    words, me, now = tried
    found = events.find_last_presenter(session, now=now)
    return write_link(session, _tried(found, words, me, now))


def _tried(
    presenter: Presenter | None, words: Words, me: Person, now: datetime
) -> PresenterLetter:
    sample = Presenter(
        id=NO_ID,
        full_name=_("Sample Person"),
        organization="",
        email="",
        link_version=1,
        calendar_sequence=0,
    )
    return PresenterLetter(
        presenter=presenter or sample, to_address=me.email, now=now, words=words
    )
