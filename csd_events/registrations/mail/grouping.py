"""Mails to who registers colleagues, and their name in the mails to those."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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
from csd_events.events.words import row_of
from csd_events.outbox.mail import both_sides
from csd_events.outbox.message import Due, Message, Skip
from csd_events.registrations import queries, rules
from csd_events.registrations.models import Registration, RegistrationGroup
from csd_events.registrations.queries import GroupLine


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


def compose_group(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write a mail to who registers colleagues, or say why it is not sent any more."""
    group = session.get_one(RegistrationGroup, due.subject_id)
    sender = session.get_one(Person, group.sender_id)
    event = events.get_with_areas(session, group.event_id)
    if due.to_address != sender.email:
        return Skip("the address was corrected")
    if event.cancelled_at is not None:
        return Skip(rules.CALLED_OFF)
    lines = queries.list_lines(session, group, event)
    reason = _outdated(due, group, lines, now)
    if reason:
        return Skip(reason)
    return _message(session, due, group, event, lines, now)


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


def _message(
    session: Session,
    due: Due,
    group: RegistrationGroup,
    event: Event,
    lines: Sequence[GroupLine],
    now: datetime,
) -> Message:
    association = speaker(session, now=now)
    name = "" if looks_like_an_advertisement(group.full_name) else group.full_name
    until = group.held_until
    words: dict[str, Any] = {
        "association": association,
        "event": row_of(event),
        "when_words": local_time(event.starts_at, event.zone)
        if event.starts_at
        else _("On demand, whenever you like"),
        "greeting_name": name or None,
        "email": group.email,
        "lines": lines,
        "until_words": local_time(until, event.zone) if until else "",
        "link": _link(due, group, event),
    }
    text, html = both_sides(f"registrations/{due.kind.replace('.', '_')}", words)
    return Message(
        to_address=due.to_address,
        to_name=name,
        from_address=association.sender_address,
        from_name=association.name,
        reply_to=association.reply_address,
        subject=_subject(due, lines).replace("{title}", event.title),
        text=text,
        html=html,
    )


def _link(due: Due, group: RegistrationGroup, event: Event) -> str:
    if due.kind == "group.lapsed":
        return external_url("registrations.colleagues", slug=event.slug)
    token = links().token(Purpose.GROUP, group.id, group.link_version)
    return external_url("registrations.show_group", token=token)


def _subject(due: Due, lines: Sequence[GroupLine]) -> str:
    number = len(lines)
    words = {
        "group.asked": ngettext(
            "Register %(num)s colleague? {title}",
            "Register %(num)s colleagues? {title}",
            number,
        ),
        "group.lapsed": _("Your colleagues are not registered: {title}"),
        "group.summary": ngettext(
            "You registered %(num)s colleague: {title}",
            "You registered %(num)s colleagues: {title}",
            number,
        ),
    }
    return str(words[due.kind])


#: By kind of outbox row; each is a template.
GROUP_KINDS = ("group.asked", "group.lapsed", "group.summary")
