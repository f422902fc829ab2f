"""What somebody presents at an event, and the entries of it in their calendar."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.events import queries as events
from csd_events.events.exports import presenter_parts
from csd_events.events.mail import PresenterLetter
from csd_events.events.models import Event, EventChange, Presenter
from csd_events.events.rules import REDATED_MAIL
from csd_events.outbox.message import Calendar
from csd_events.registrations.mail.knowing import Narrow
from csd_events.registrations.mail.samples import NO_ID
from csd_events.registrations.mail.telling import gone_sessions
from csd_events.registrations.rules import Change
from csd_events.registrations.words import news_of


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
    parts = presenter_parts(
        letter.presenter, kept, association, now=letter.now, news=news
    )
    return (*parts, *gone_entries(session, letter, event, mine, changes))


def gone_entries(
    session: Session,
    letter: PresenterLetter,
    event: Event,
    mine: Change,
    changes: Sequence[EventChange],
) -> tuple[Calendar, ...]:
    """Take out of their calendar what an event has no more."""
    gone = gone_sessions(mine, changes) if mine.removed else []
    return presenter_parts(
        letter.presenter,
        [(event, each) for each in gone],
        speaker(session, now=letter.now),
        now=letter.now,
        news=news_of(mine),
        cancelled=True,
    )


def narrow_to(presenter: Presenter, event: Event) -> Narrow:
    """Leave what somebody on stage presents, or presented before."""

    def narrow(found: Change, since: EventChange) -> Change:
        return of_theirs(found, theirs_of(event, presenter, since.before))

    return narrow
