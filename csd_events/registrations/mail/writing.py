"""Writing a mail about a registration: what its words may name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy.orm import Session

from csd_events.core.web import external_url, money
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.events.words import (
    SessionLine,
    completion_words,
    required_conference,
    row_of,
    session_lines,
    stage_words,
    support_words,
)
from csd_events.outbox.mail import NOTHING, Block, Sheet, Value, once, part
from csd_events.outbox.mail import write as compose
from csd_events.outbox.message import Calendar, Message
from csd_events.registrations.exports import greeting_name
from csd_events.registrations.mail.charging import Charged
from csd_events.registrations.mail.letter import Letter, own_link, worksheet_link
from csd_events.registrations.mail.naming import hello, place_words
from csd_events.registrations.mail.originals import WORDINGS


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is asked of people before an event, and what completes it, in words."""

    before: list[tuple[str, str]]
    before_note: str
    completion: str


def terms_of(session: Session, event: Event) -> Block:
    """Say what a training program asks; of other events little is asked."""
    before = []
    if event.kind is Kind.TRAINING:
        before = [
            (title, external_url("home.event", slug=slug))
            for title, slug in events.list_prerequisites(session, event.id)
        ]
    said = Conditions(before, event.prerequisite_note, completion_words(event))
    if not (before or said.before_note or said.completion):
        return NOTHING
    return part("terms", said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one kind of mail says besides what all about a registration do.

    Attributes:
        own: Of the names that only its kind knows, and in place of those of all.
        button: What stands on the button that opens the registration.
        way_back: What stands on the link that ends it; empty for no such part.
        preheader: The line that mail programs show beside the subject.
        why: Why they get it; by default with the way to cancel, which must be there.
        charged: The invoice or credit note that it is also about.
    """

    own: Mapping[str, Value] = field(default_factory=dict)
    button: str
    way_back: str = ""
    preheader: str = ""
    why: str = ""
    calendars: tuple[Calendar, ...] = ()
    charged: Charged | None = None


def write(session: Session, kind: str, letter: Letter, said: Said) -> Message:
    """Write a mail about a registration."""
    registration, event = letter.registration, letter.event
    values = _values(letter, said) | _stage(session, letter)
    email = registration.person.email
    sheet = Sheet(
        kind=kind,
        wording=WORDINGS[kind],
        event_id=event.id,
        to_address=email,
        to_name=greeting_name(registration) or "",
        association=letter.association,
        values={**values, **said.own},
        preheader=said.preheader or event.title,
        why=said.why
        or _(
            "You get this mail because %(email)s was registered for this event. If "
            "that was not you, cancel by the link above; nothing else is needed.",
            email=email,
        ),
        calendars=said.calendars,
        files=said.charged.files if said.charged else (),
        words=letter.words,
    )
    return compose(session, sheet)


def was_registered(letter: Letter) -> str:
    """Say why somebody gets a mail who can cancel nothing by it."""
    return _(
        "You get this mail because %(email)s was registered for this event.",
        email=letter.registration.person.email,
    )


def _values(letter: Letter, said: Said) -> dict[str, Value]:
    """Return what stands for the names that every mail about a registration knows."""
    registration, event = letter.registration, letter.event
    name = greeting_name(registration)
    price = money(registration.price_cents, registration.currency)
    return {
        "association": letter.association.name,
        "event": event.title,
        "greeting": hello(name),
        "name": name or registration.person.email,
        "place": place_words(letter.place, is_online=letter.is_online),
        "price": price if registration.price_cents else _("free"),
        "reference": registration.reference,
        "registered_by": registered_by(letter),
        "when": letter.when_words,
        "cancel_link": partial(own_link, letter, "cancel"),
        "registration_link": partial(own_link, letter, "show"),
        "event_link": lambda: external_url("home.event", slug=event.slug),
        "worksheet_link": partial(worksheet_link, letter),
        "button": lambda: part("button", own_link(letter, "show"), said.button),
        "conference": lambda: _conference(event),
        "details": lambda: details(letter),
        "sessions": lambda: session_list(letter, session_lines(event, now=letter.now)),
        "way_back": lambda: part(
            "way_back",
            registration.reference,
            own_link(letter, "cancel"),
            said.way_back,
        ),
    }


def _stage(session: Session, letter: Letter) -> dict[str, Value]:
    """Say who is on stage and who stands behind: the same to all who read of it."""
    event_id = letter.event.id
    about_id = letter.about.id if letter.about else None
    return {
        "presenters": lambda: once(
            ("presenters", event_id, about_id),
            lambda: stage_words(
                [
                    each
                    for each in events.list_contributions(session, event_id)
                    if about_id is None or each.session_id in {None, about_id}
                ]
            ),
        ),
        "support": lambda: once(
            ("support", event_id),
            lambda: support_words(events.list_contributions(session, event_id)),
        ),
    }


def registered_by(letter: Letter) -> str:
    """Say who else registered them, if one did."""
    name = letter.registered_by
    if not name:
        return ""
    if letter.was_there:
        return _(
            "%(name)s wanted to register you, too. You were registered already: "
            "nothing changes.",
            name=name,
        )
    return _("%(name)s registered you.", name=name)


def details(
    letter: Letter, when_words: str | None = None, *, name: str | None = None
) -> Block:
    """Show what a mail is about, as a date."""
    row = replace(
        row_of(letter.event),
        starts_at=letter.starts_at,
        zone=letter.zone,
        place=letter.place,
    )
    name = letter.session_name if name is None else name
    return part("details", row, when_words or letter.when_words, name)


def session_list(
    letter: Letter, lines: Sequence[SessionLine], heading: str | None = None
) -> Block:
    """List several sessions; of one the date says everything."""
    if len(lines) < 2 or letter.event.is_postponed:  # noqa: PLR2004 - one is not several
        return NOTHING
    return part("session_list", lines, letter.own_zone, heading or _("Sessions"))


def credit_note(charged: Charged | None) -> Block:
    """Say that nothing is owed any more, if anything was."""
    return part("credited", charged) if charged else NOTHING


def note(words: str) -> Block:
    """Say what staff wrote for this one occasion, if they did."""
    return part("note", words) if words else NOTHING


def _conference(event: Event) -> Block:
    conference = required_conference(event)
    return part("conference_first", conference) if conference else NOTHING
