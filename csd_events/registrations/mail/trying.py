"""Mails as staff see them before anybody gets them: somebody's, or a sample.

The writers of the kinds write them, as they do for delivery; only what decides
whether a mail still applies is not asked, and no link opens anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import mail as accounts
from csd_events.accounts.models import Person
from csd_events.association.mail import speaker
from csd_events.core.tokens import DEAD, dead_links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.events import mail as on_stage
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import offer_view
from csd_events.outbox import queries as outbox
from csd_events.outbox.message import Due, Message, Skip, Words
from csd_events.registrations import queries
from csd_events.registrations.mail.composing import WRITERS
from csd_events.registrations.mail.grouping import (
    BUTTONS,
    GroupLetter,
    page_of,
    sender_name,
    write_group,
)
from csd_events.registrations.mail.handing import (
    HANDED_KINDS,
    letter_of,
    write_handover,
)
from csd_events.registrations.mail.letter import Letter
from csd_events.registrations.mail.originals.presenting import PRESENTING
from csd_events.registrations.mail.samples import (
    sample_group,
    sample_handover,
    sample_lines,
    sample_registration,
)
from csd_events.registrations.mail.trying_on_stage import trial_of_link, trial_of_stage
from csd_events.registrations.mail.wishing import WISH_KINDS, WishLetter, write_wish
from csd_events.registrations.models import Registration, RegistrationGroup
from csd_events.registrations.queries import Reader
from csd_events.topics.rules import AREAS
from csd_events.worksheets import mail as worksheets
from csd_events.worksheets.rules import KEPT, LINK_MAIL

#: Stands before each example; nobody types it.
MARK = "\N{SYMBOL FOR UNIT SEPARATOR}"
_EXAMPLE = re.compile(rf"^{MARK}(\w+)$(.*?)(?=^{MARK})", re.MULTILINE | re.DOTALL)
#: What is no event's mail.
OF_NO_EVENT = {*accounts.WORDINGS, *on_stage.WORDINGS, *worksheets.WORDINGS}
#: Whose mail it is where nobody real is chosen.
SAMPLE = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A mail to be seen.

    Attributes:
        words: What it is to say.
        event_id: At which event; None for whichever shows most.
        reader: Whose mail it is: a registration's id, or `SAMPLE`.
        me: Who of the staff sees it, and whose it is where it is about accounts.
    """

    kind: str
    words: Words
    event_id: int | None
    reader: str
    me: Person


def list_readers(session: Session, kind: str, event_id: int | None) -> list[Reader]:
    """List whose mail of a kind staff may look at, the most fitting first."""
    if kind not in WRITERS:
        return []
    event = _event_of(session, kind, event_id)
    return queries.list_readers(session, event, kind) if event else []


def write_trial(session: Session, trial: Trial, now: datetime) -> Message | None:
    """Write a mail as its reader would get it, with links that open nothing.

    Return None where there is no event that it could be about.
    """
    with dead_links():
        if trial.kind in OF_NO_EVENT:
            return _of_no_event(session, trial, now)
        event = _event_of(session, trial.kind, trial.event_id)
        return _of_an_event(session, trial, event, now) if event else None


def _of_an_event(
    session: Session, trial: Trial, event: Event, now: datetime
) -> Message:
    if trial.kind in PRESENTING:
        tried = trial.words, trial.me, now
        return trial_of_stage(session, trial.kind, event, tried)
    if trial.kind in WRITERS:
        return _of_a_registration(session, trial, event, now)
    if trial.kind in WISH_KINDS:
        return _of_an_opening(session, trial, event, now)
    if trial.kind in BUTTONS:
        return _of_colleagues(session, trial, event, now)
    assert trial.kind in HANDED_KINDS  # noqa: S101 - there are no others
    return _of_a_place_that_went(session, trial, event, now)


def list_examples(
    session: Session, trial: Trial, names: Sequence[str], now: datetime
) -> dict[str, str]:
    """Say what stands for each name in the mail of a reader; nothing for no words."""
    lines = [f"{MARK}{name}\n\n{{{name}}}" for name in names]
    words = Words("", "\n\n".join([*lines, MARK]))
    message = write_trial(session, replace(trial, words=words), now)
    if message is None:
        return {}
    return {match[1]: match[2].strip() for match in _EXAMPLE.finditer(message.text)}


def compose_trial(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail by which somebody of the staff tries words."""
    row = outbox.find_trial(session, due.subject_id)
    if row is None:
        return Skip("its words were forgotten before this went")
    me = session.get_one(Person, row.person_id)
    if me.email != due.to_address:
        return Skip("the address was corrected")
    trial = Trial(
        kind=row.kind,
        words=Words(row.subject, row.body),
        event_id=row.event_id,
        reader=row.reader,
        me=me,
    )
    message = write_trial(session, trial, now)
    if message is None:
        return Skip("there is no event that it could be about")
    return replace(
        message,
        to_address=me.email,
        to_name=me.full_name,
        subject=_("Test: %(subject)s", subject=message.subject),
        calendars=(),
        files=(),
    )


def _event_of(session: Session, kind: str, event_id: int | None) -> Event | None:
    if event_id is None:
        event_id = queries.find_event_to_show(session, kind)
    return events.get(session, event_id) if event_id else None


def _of_a_registration(
    session: Session, trial: Trial, event: Event, now: datetime
) -> Message:
    registration = _registration_of(session, trial, event, now)
    due = Due(
        id=0,
        key=f"{trial.kind}:{registration.id}:{registration.life}",
        kind=trial.kind,
        subject_id=registration.id,
        to_address=registration.person.email,
        message_id="",
        attempts=1,
        due_at=now,
    )
    letter = Letter(
        registration,
        registration.event,
        speaker(session, now=now),
        now,
        registered_by=sender_name(session, due, registration),
        words=trial.words,
        is_trial=True,
    )
    written = WRITERS[trial.kind](session, due, letter)
    assert isinstance(written, Message)  # noqa: S101 - a trial always applies
    return written


def _registration_of(
    session: Session, trial: Trial, event: Event, now: datetime
) -> Registration:
    if trial.reader != SAMPLE:
        found = queries.get(session, int(trial.reader))
        if trial.event_id in {None, found.event_id}:
            return found
    return sample_registration(event, now=now)


def _of_an_opening(
    session: Session, trial: Trial, event: Event, now: datetime
) -> Message:
    offers = [offer_view(each, event, now=now) for each in event.terms_of_offers]
    letter = WishLetter(
        kind=trial.kind,
        to_address=trial.me.email,
        event=event,
        wish_page=external_url("registrations.opening", token=DEAD),
        offers=offers,
        words=trial.words,
    )
    return write_wish(session, letter, now)


def _of_colleagues(
    session: Session, trial: Trial, event: Event, now: datetime
) -> Message:
    last = select(RegistrationGroup).where(RegistrationGroup.event_id == event.id)
    group = session.scalar(last.order_by(RegistrationGroup.id.desc()).limit(1))
    lines = queries.list_lines(session, group, event) if group else sample_lines()
    group = group or sample_group(event, now=now)
    letter = GroupLetter(
        kind=trial.kind,
        to_address=group.email,
        group=group,
        event=event,
        lines=lines,
        page=page_of(trial.kind, group, event),
        words=trial.words,
    )
    return write_group(session, letter, now)


def _of_a_place_that_went(
    session: Session, trial: Trial, event: Event, now: datetime
) -> Message:
    found = queries.find_last_handover(session, event.id)
    handover = found or sample_handover(event, now=now)
    registration = (
        queries.get(session, found.registration_id)
        if found
        else sample_registration(event, now=now)
    )
    letter = letter_of(session, trial.kind, handover, registration, now=now)
    return write_handover(session, replace(letter, words=trial.words), now)


def _of_no_event(session: Session, trial: Trial, now: datetime) -> Message:
    if trial.kind in on_stage.WORDINGS:
        return trial_of_link(session, (trial.words, trial.me, now))
    if trial.kind in worksheets.WORDINGS:
        return _of_a_worksheet(session, trial, now)
    return accounts.write_trial(session, trial.kind, trial.words, trial.me, now=now)


def _of_a_worksheet(session: Session, trial: Trial, now: datetime) -> Message:
    page = "worksheets.sheet" if trial.kind == LINK_MAIL else "worksheets.group"
    letter = worksheets.WorksheetLetter(
        kind=trial.kind,
        to_address=trial.me.email,
        service_area=next(iter(AREAS)),
        page=external_url(page, token=DEAD),
        goes_at=now + KEPT,
        words=trial.words,
    )
    return worksheets.write_letter(session, letter, now)
