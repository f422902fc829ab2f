"""Mails to those on stage that an event moved or is off: registrants get theirs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.association.mail import speaker
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, lazy_paragraphs
from csd_events.events import queries as events
from csd_events.events.exports import presenter_parts
from csd_events.events.mail import (
    GROUP,
    OWN_PAGE,
    VALUES,
    PresenterLetter,
    reader_of,
    write_link,
    write_to_presenter,
)
from csd_events.events.models import Event, EventChange, Presenter
from csd_events.events.queries import heard
from csd_events.events.rules import CANCELLED_MAIL, MOVED_MAIL, State
from csd_events.outbox.mail import NOTHING, Value, part
from csd_events.outbox.message import (
    Calendar,
    Due,
    Later,
    Message,
    Skip,
    Wording,
    Words,
)
from csd_events.registrations import queries, rules
from csd_events.registrations.mail.moving import ON_THE_WAY, untold, up_to_date
from csd_events.registrations.mail.naming import about_event, entry_words
from csd_events.registrations.mail.telling import (
    gone_sessions,
    heading_of,
    lines_of,
    subject_of,
    trial_change,
)
from csd_events.registrations.mail.waiting import called_off
from csd_events.registrations.rules import Change
from csd_events.registrations.words import names_of, news_of

OF_AN_EVENT = VALUES | {"event", "event_link", "place", "when", "entry"}

PRESENTING = {
    MOVED_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext("To who presents, when time or place change."),
        subject="{change}: {event}",
        body=lazy_paragraphs(
            "{changes}",
            "# {heading}",
            "{greeting}",
            lazy_gettext("You present at {event}. {entry}"),
            "{button}",
            lazy_gettext("It does not suit you any more? Answer this mail."),
        ),
        values=OF_AN_EVENT | {"change", "heading"},
        blocks=frozenset({"button", "changes", "details"}),
        needed=(("changes",), OWN_PAGE),
        per_event=False,
    ),
    CANCELLED_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext("To who presents, when the event is called off."),
        subject=lazy_gettext("Cancelled: {event}"),
        body=lazy_paragraphs(
            lazy_gettext("# This event is cancelled"),
            "{greeting}",
            "{note}",
            lazy_gettext(
                "You were to present at it. We are sorry, and thank you for having "
                "said yes. {entry}"
            ),
            "{details}",
            "{button}",
        ),
        values=OF_AN_EVENT,
        blocks=frozenset({"button", "details", "note"}),
        needed=(OWN_PAGE, ("note",)),
        per_event=False,
    ),
}


@dataclass(frozen=True, slots=True)
class StageNotice:
    """What such a mail is written from.

    Attributes:
        change: What moved, of the sessions that concern the reader; None where the
            event is off.
    """

    letter: PresenterLetter
    event: Event
    change: Change | None = None
    calendars: tuple[Calendar, ...] = ()


def compose_presenting(
    session: Session, due: Due, now: datetime
) -> Message | Later | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    presenter = reader_of(session, due)
    if isinstance(presenter, Skip):
        return presenter
    change = session.get_one(EventChange, int(due.key.rpartition(":")[2]))
    event = events.get(session, change.event_id)
    letter = PresenterLetter(presenter=presenter, to_address=due.to_address, now=now)
    if due.kind == CANCELLED_MAIL:
        return _cancelled(session, letter, event)
    if off := called_off(session, event, now):
        return off
    if event.is_over(now):
        return Skip("the event was over before this went")
    return _moved(session, change.id, letter, event)


def write_notice(session: Session, kind: str, notice: StageNotice) -> Message:
    """Write a mail to somebody on stage of what became of an event."""
    event, letter = notice.event, notice.letter
    of_event = about_event(event, speaker(session, now=letter.now))
    if kind == CANCELLED_MAIL:
        own: dict[str, Value] = {
            "entry": entry_words(len(notice.calendars)),
            "note": lambda: part("note", event.cancel_note),
        }
        if not event.cancel_note:
            own["note"] = lambda: NOTHING
    else:
        found = notice.change or Change((), (), ())
        lines = lines_of(found, event)
        own = {
            "change": subject_of(found),
            "changes": lambda: part(
                "changes", lines, names_of(found.removed), names_of(found.added)
            ),
            "entry": up_to_date(len(notice.calendars)),
            "heading": heading_of(found, event),
        }
    return write_to_presenter(
        session,
        kind,
        PRESENTING[kind],
        letter,
        own={**of_event, **own},
        calendars=notice.calendars,
    )


def _cancelled(
    session: Session, letter: PresenterLetter, event: Event
) -> Message | Skip:
    if event.state is not State.CANCELLED:
        return Skip("the event takes place after all")
    theirs = events.sessions_of(event, letter.presenter.id)
    off = {each.id: _("This event is cancelled.") for each in theirs}
    calendars = presenter_parts(
        letter.presenter,
        [(event, each) for each in theirs],
        speaker(session, now=letter.now),
        now=letter.now,
        news=off,
        cancelled=True,
    )
    notice = StageNotice(letter, event, calendars=calendars)
    return write_notice(session, CANCELLED_MAIL, notice)


def _moved(
    session: Session, change_id: int, letter: PresenterLetter, event: Event
) -> Message | Skip:
    """Time or place has changed, once or several times since they heard."""
    presenter = letter.presenter
    notices = queries.list_notices(
        session, presenter.id, kind=MOVED_MAIL, event_id=event.id
    )
    if any(n.change_id > change_id and n.state in ON_THE_WAY for n in notices):
        return Skip(rules.TOLD_LATER)
    changes = untold(session, change_id, notices)
    before = changes[-1].before
    found = rules.compare(before, heard(event))
    if not found:
        return Skip("everything is again as people had been told")
    mine = _of_theirs(found, _theirs(event, presenter, before))
    if not mine:
        return Skip("what changed is not theirs to present")
    notice = StageNotice(
        letter, event, mine, _entries(session, letter, event, mine, changes)
    )
    return write_notice(session, MOVED_MAIL, notice)


def _theirs(event: Event, presenter: Presenter, before: Mapping[str, Any]) -> set[int]:
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


def _of_theirs(found: Change, theirs: Collection[int]) -> Change:
    return Change(
        moved=[pair for pair in found.moved if pair[1].id in theirs],
        removed=[each for each in found.removed if each.id in theirs],
        added=[each for each in found.added if each.id in theirs],
    )


def _entries(
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


def trial_of_stage(
    session: Session, kind: str, event: Event, tried: tuple[Words, Person, datetime]
) -> Message:
    """Write such a mail for staff to see: to who presents the event, or a sample."""
    words, me, now = tried
    theirs = [each.presenter for each in event.contributions if each.presenter]
    letter = _tried(theirs[0] if theirs else None, words, me, now)
    change = trial_change(session, event)
    return write_notice(session, kind, StageNotice(letter, event, change))


def trial_of_link(session: Session, tried: tuple[Words, Person, datetime]) -> Message:
    """Write the mail with the link for staff to see: to who was last on stage."""
    words, me, now = tried
    found = events.find_last_presenter(session, now=now)
    return write_link(session, _tried(found, words, me, now))


def _tried(
    presenter: Presenter | None, words: Words, me: Person, now: datetime
) -> PresenterLetter:
    sample = Presenter(
        id=0, full_name=_("Sample Person"), organization="", email="", link_version=1
    )
    return PresenterLetter(
        presenter=presenter or sample, to_address=me.email, now=now, words=words
    )
