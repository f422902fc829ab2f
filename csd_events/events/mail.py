"""The link of their own page, mailed to those on stage.

The link is a secret: the words are kept by nobody, see
``outbox.rules.PRIVATE_FEATURES``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.association.mail import speaker
from csd_events.core.time import local_time
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, lazy_paragraphs, ngettext
from csd_events.events import queries
from csd_events.events.exports import Presented, own_page, presenter_parts
from csd_events.events.models import Presenter
from csd_events.events.rules import (
    CANCELLED_MAIL,
    LINK_MAIL,
    MOVED_MAIL,
    POSTPONED_MAIL,
    REDATED_MAIL,
    State,
)
from csd_events.events.words import name_in
from csd_events.outbox.mail import NOTHING, Block, Sheet, Value, part, write
from csd_events.outbox.message import Calendar, Due, Message, Skip, Wording, Words

GROUP = lazy_gettext("To those on stage")
#: Of every mail to somebody on stage.
VALUES = frozenset({"association", "email", "greeting", "link", "name"})
OWN_PAGE = ("button", "link")

WORDINGS = {
    LINK_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext(
            "To who presents, when staff send the link of their page."
        ),
        subject=lazy_gettext("Your page as a presenter"),
        body=lazy_paragraphs(
            lazy_gettext("# Your page as a presenter"),
            "{greeting}",
            lazy_gettext(
                "Thank you for being on stage with us. Your page says what you present "
                "and when, the way in, how many have registered, and what they ask. "
                "There you can also correct what is said of you."
            ),
            "{button}",
            "{appearances}",
            "{entry}",
            lazy_gettext(
                "Whoever has this link reads all of it and can change what is said of "
                "you: pass it on only to who speaks for you."
            ),
        ),
        values=VALUES | {"entry"},
        blocks=frozenset({"appearances", "button"}),
        needed=(OWN_PAGE,),
        per_event=False,
    ),
}
#: Of what becomes of an event, too: registrations know when, and write those.
KIND_WORDS = {
    LINK_MAIL: lazy_gettext("Link of a presenter's page"),
    MOVED_MAIL: lazy_gettext("Time or place changed, to who presents"),
    CANCELLED_MAIL: lazy_gettext("Event cancelled, to who presents"),
    POSTPONED_MAIL: lazy_gettext("Event postponed, to who presents"),
    REDATED_MAIL: lazy_gettext("New date, to who presents"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenterLetter:
    """What every mail to somebody on stage is written from.

    Attributes:
        words: Tried instead of those in force.
    """

    presenter: Presenter
    to_address: str
    now: datetime
    words: Words | None = None


def compose(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    presenter = reader_of(session, due)
    if isinstance(presenter, Skip):
        return presenter
    letter = PresenterLetter(presenter=presenter, to_address=due.to_address, now=now)
    return write_link(session, letter)


def reader_of(session: Session, due: Due) -> Presenter | Skip:
    """Return to whom a mail goes, or say why it does not any more."""
    presenter = queries.find_presenter(session, due.subject_id)
    if presenter is None:
        return Skip("the presenter was made one with another before this went")
    if presenter.email != due.to_address:
        return Skip("the address was corrected")
    return presenter


def write_link(session: Session, letter: PresenterLetter) -> Message:
    """Write the mail with the link of somebody's page, and their calendar entries."""
    presenter = letter.presenter
    events = queries.list_presenting(session, presenter.id, now=letter.now)
    presented = [
        (event, sitting)
        for event in events
        if event.state is State.PUBLISHED
        for sitting in queries.sessions_of(event, presenter.id)
        if sitting.starts_at > letter.now
    ]
    association = speaker(session, now=letter.now)
    calendars = presenter_parts(presenter, presented, association, now=letter.now)
    return write_to_presenter(
        session,
        LINK_MAIL,
        WORDINGS[LINK_MAIL],
        letter,
        own={
            "appearances": lambda: appearances(presented),
            "entry": entry_words(len(calendars)),
        },
        calendars=calendars,
    )


def write_to_presenter(
    session: Session,
    kind: str,
    wording: Wording,
    letter: PresenterLetter,
    *,
    own: dict[str, Value],
    calendars: tuple[Calendar, ...] = (),
) -> Message:
    """Write a mail to somebody on stage, with what all of them know."""
    presenter, page = letter.presenter, own_page(letter.presenter)
    association = speaker(session, now=letter.now)
    values: dict[str, Value] = {
        "association": association.name,
        "button": lambda: part("button", page, _("Open your page")),
        "email": letter.to_address,
        "greeting": _("Hello %(name)s,", name=presenter.full_name),
        "link": page,
        "name": presenter.full_name,
    }
    sheet = Sheet(
        kind=kind,
        wording=wording,
        event_id=None,
        to_address=letter.to_address,
        to_name=presenter.full_name,
        association=association,
        values=values | own,
        preheader=association.name,
        why=_(
            "You get this mail because our staff name you as a presenter, at "
            "%(email)s. If that is wrong, answer it.",
            email=letter.to_address,
        ),
        calendars=calendars,
        words=letter.words,
    )
    return write(session, sheet)


def entry_words(number: int) -> str:
    """Say what the files attached are for."""
    if not number:
        return ""
    return ngettext(
        "The entry attached puts it into your calendar.",
        "The entries attached put them into your calendar.",
        number,
    )


def appearances(presented: Sequence[Presented]) -> Block:
    """List what somebody presents, with day and hour."""
    if not presented:
        return NOTHING
    lines = [
        (_title(each), local_time(each[1].starts_at, each[1].zone))
        for each in presented
    ]
    return part("appearances", lines)


def _title(presented: Presented) -> str:
    event, sitting = presented
    name = name_in(event, sitting)
    return f"{event.title}, {name}" if name else event.title
