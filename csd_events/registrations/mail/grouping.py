"""Mails to who registers colleagues, and their name in the mails to those."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.association.mail import speaker
from csd_events.core.text import looks_like_an_advertisement
from csd_events.core.time import local_time
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.outbox.mail import Sheet, Value, part, write
from csd_events.outbox.message import Due, Later, Message, Skip, Words
from csd_events.registrations import queries, rules
from csd_events.registrations.mail.naming import about_event, hello, when_words
from csd_events.registrations.mail.originals import WORDINGS
from csd_events.registrations.mail.waiting import called_off
from csd_events.registrations.models import Registration, RegistrationGroup
from csd_events.registrations.queries import GroupLine
from csd_events.registrations.rules import State


def sender_name(session: Session, due: Due, registration: Registration) -> str:
    """Name who registered somebody, or wanted to; empty if they did it themselves.

    Whoever has a place from a colleague of whom it was true is registered by that one.
    """
    group_id = rules.read_group(due.key)
    if group_id is None and registration.group_id is not None:
        received = queries.find_received(session, registration.id)
        by_colleague = received is not None and received.group_id is None
        if due.kind == "registration.withdrawn" or not by_colleague:
            group_id = registration.group_id
    return group_sender(session, group_id)


def group_sender(session: Session, group_id: int | None) -> str:
    """Name who sent a form for colleagues; empty for none."""
    if group_id is None:
        return ""
    return _shown(queries.find_sender(session, group_id) or "")


def _shown(name: str) -> str:
    """Return a typed name, unless it may be an advertisement for a stranger."""
    if not name or looks_like_an_advertisement(name):
        return str(_("A colleague"))
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLetter:
    """What a mail to who registers colleagues is written from.

    Attributes:
        page: Where its link leads.
        words: Tried instead of those in force.
    """

    kind: str
    to_address: str
    group: RegistrationGroup
    event: Event
    lines: Sequence[GroupLine]
    page: str
    words: Words | None = None


def compose_group(session: Session, due: Due, now: datetime) -> Message | Later | Skip:
    """Write a mail to who registers colleagues, or say why it is not sent any more."""
    group = session.get_one(RegistrationGroup, due.subject_id)
    sender = session.get_one(Person, group.sender_id)
    event = events.get_with_areas(session, group.event_id)
    if due.to_address != sender.email:
        return Skip("the address was corrected")
    if off := called_off(session, event, due.kind, now):
        return off
    lines = queries.list_lines(session, group, event)
    reason = _outdated(due, group, lines, now)
    if reason:
        return Skip(reason)
    letter = GroupLetter(
        kind=due.kind,
        to_address=due.to_address,
        group=group,
        event=event,
        lines=lines,
        page=page_of(due.kind, group, event),
    )
    return write_group(session, letter, now)


def _outdated(
    due: Due, group: RegistrationGroup, lines: Sequence[GroupLine], now: datetime
) -> str:
    """Say why a mail has nothing to say any more; empty if it has."""
    if due.kind == "group.summary":
        later = len(lines) > int(due.key.rpartition(":")[2])
        return "a later summary names more people" if later else ""
    if group.confirmed_at is not None:
        return "it was confirmed before this went"
    over = group.held_until is not None and group.held_until <= now
    if due.kind == "group.asked" and over:
        return "the time to confirm was over before this went"
    return ""


def write_group(session: Session, letter: GroupLetter, now: datetime) -> Message:
    """Write the mail to who registers colleagues."""
    group, event, lines = letter.group, letter.event, letter.lines
    name = "" if looks_like_an_advertisement(group.full_name) else group.full_name
    association = speaker(session, now=now)
    until = group.held_until
    waits = any(line.state is State.WAITING for line in lines)
    placed = _("registered") if letter.kind == "group.summary" else _("a place is kept")
    values: dict[str, Value] = {
        **about_event(event, association),
        "button": lambda: part("button", letter.page, BUTTONS[letter.kind]()),
        "colleagues": ngettext("%(num)s colleague", "%(num)s colleagues", len(lines)),
        "greeting": hello(name),
        "group_link": letter.page,
        "list": lambda: part("colleagues", lines, placed),
        "name": name or group.email,
        "until": local_time(until, event.zone) if until else "",
        "waits": _(
            "Who waits reads their number there, and is told when a place comes free."
        )
        if waits
        else "",
    }
    sheet = Sheet(
        kind=letter.kind,
        wording=WORDINGS[letter.kind],
        event_id=event.id,
        to_address=letter.to_address,
        to_name=name,
        association=association,
        values=values,
        preheader=when_words(event),
        why=_why(letter),
        words=letter.words,
    )
    return write(session, sheet)


def _why(letter: GroupLetter) -> str:
    if letter.kind == "group.summary":
        return _(
            "You get this mail because a form for colleagues was sent in the name of "
            "%(email)s. If that was not you, write to us.",
            email=letter.group.email,
        )
    return _(
        "You get this mail because a form for colleagues was sent in the name of "
        "%(email)s. If that was not you, do nothing.",
        email=letter.group.email,
    )


def page_of(kind: str, group: RegistrationGroup, event: Event) -> str:
    """Return where the link of such a mail leads."""
    if kind == "group.lapsed":
        return external_url("registrations.colleagues", slug=event.slug)
    token = links().token(Purpose.GROUP, group.id, group.link_version)
    return external_url("registrations.show_group", token=token)


#: What stands on the button, by kind of outbox row.
BUTTONS: dict[str, Callable[[], str]] = {
    "group.asked": lambda: _("Look, and register them"),
    "group.lapsed": lambda: _("Register them again"),
    "group.summary": lambda: _("See, change or cancel"),
}
