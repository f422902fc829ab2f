"""An announcement as a mail: preview, test and delivery write it by one function."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.announcements import queries, rules
from csd_events.announcements.models import Announcement
from csd_events.announcements.queries import Addressed
from csd_events.announcements.rules import Audience, Stage
from csd_events.association.mail import speaker
from csd_events.association.rules import AssociationView
from csd_events.core.errors import NotFoundError
from csd_events.core.placeholders import fill_text
from csd_events.core.time import local_time, to_wall
from csd_events.core.tokens import DEAD, Purpose, dead_links, links
from csd_events.core.web import external_url, your_time
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.organizations import queries as organizations
from csd_events.outbox.mail import both_sides, sides
from csd_events.outbox.message import Due, Later, Message, Skip
from csd_events.registrations import queries as registrations
from csd_events.registrations.exports import greeting_name
from csd_events.registrations.models import Registration

NOT_AMONG_THEM = "not among those it is for any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What an announcement is written on: itself, for whom, by whom, when."""

    announcement: Announcement
    person: Person
    event: Event | None
    registration: Registration | None
    association: AssociationView
    now: datetime

    @property
    def list_key(self) -> str:
        row = self.announcement
        return rules.list_of(row.audience, row.event_id)


def compose(session: Session, due: Due, now: datetime) -> Message | Later | Skip:
    """Write the mail of a recipient, or say why it does not go, or not yet."""
    known = speaker(session, now=now)
    addressed = queries.get_addressed(session, due.subject_id, now=now)
    row, person = addressed.announcement, addressed.person
    if held := _held(row, known, now) or _changing(session, row, now):
        return held
    paper = _paper(session, row, person, known, now)
    if why := _no_longer_for(session, paper) or _unwanted(addressed, known):
        return Skip(why)
    number = addressed.subscription_id
    if number is None or person.email != due.to_address:
        return Skip("the address was corrected while it waited")
    return write(paper, number)


def _held(
    row: Announcement, known: AssociationView, now: datetime
) -> Later | Skip | None:
    """Say why no mail of an announcement goes right now."""
    if row.stage is Stage.STOPPED:
        return Skip(rules.STOPPED)
    if row.stage is Stage.PAUSED:
        return Skip(rules.PAUSED)
    if not known.postal_address:
        return Skip("the association has no postal address")
    if not rules.is_by_day(now, known.zone):
        return Later("announcements leave by day", rules.next_morning(now, known.zone))
    return None


def _changing(session: Session, row: Announcement, now: datetime) -> Later | None:
    """Wait while a change of the event can be undone: the mail may tell of it."""
    if row.event_id is None:
        return None
    until = registrations.find_undoable_until(session, row.event_id, now=now)
    return Later("a change of the event can still be undone", until) if until else None


def compose_test(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write what staff send themselves to see what others would get.

    It reads as for somebody who gets it, with links that open nothing.
    """
    row = queries.get(session, due.subject_id)
    sender_id = int(due.key.split(":")[2])
    paper = preview_paper(session, row, None, now, otherwise=sender_id)
    message = write_trial(paper)
    return replace(
        message,
        to_address=due.to_address,
        to_name=session.get_one(Person, sender_id).full_name,
        subject=_("Test: %(subject)s", subject=message.subject),
        headers={},  # it is of no list
    )


def preview_paper(
    session: Session,
    row: Announcement,
    person_id: int | None,
    now: datetime,
    *,
    otherwise: int,
) -> Paper:
    """Take up an announcement as for somebody who would get it.

    Args:
        person_id: For whom; None for the first.
        otherwise: The person to show where nobody gets it.

    Raises:
        NotFoundError: They are none of those who get it.
    """
    known = speaker(session, now=now)
    today = to_wall(now, known.zone).date()
    terms = queries.Terms.of(row, most=known.announcements_a_week, now=now, today=today)
    before = person_id - 1 if person_id else 0
    found = queries.list_readers(session, terms, limit=1, after=before)
    first = found[0].person_id if found else otherwise
    if person_id not in {None, first}:
        raise NotFoundError("reader")
    person = session.get_one(Person, first)
    return _paper(session, row, person, known, now)


def write_trial(paper: Paper) -> Message:
    """Write it as for its reader, to be seen by staff: no link opens anything."""
    with dead_links():
        return write(paper, 0)


def write(paper: Paper, subscription_id: int) -> Message:
    """Write both sides for one reader.

    Args:
        subscription_id: What the link by which they unsubscribe is of.
    """
    row, association = paper.announcement, paper.association
    values = _values(paper)
    subject = fill_text(row.subject, values)
    filled = sides(row.body, values)
    token = links().token(Purpose.UNSUBSCRIBE, subscription_id, queries.VERSION)
    unsubscribe = external_url("announcements.unsubscribe", token=token)
    words = {
        "association": association,
        "subject": subject,
        "body": filled,
        "event_title": paper.event.title if paper.event else None,
        "email": paper.person.email,
        "unsubscribe": unsubscribe,
    }
    text, html = both_sides("announcements/announcement", words)
    host = urlsplit(current_app.config["BASE_URL"]).hostname
    return Message(
        to_address=paper.person.email,
        to_name=_name(paper) or "",
        from_address=association.sender_address,
        from_name=association.name,
        reply_to=association.reply_address,
        subject=subject,
        text=text,
        html=html,
        headers={
            "List-Id": f"<{paper.list_key}.announcements.{host}>",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _paper(
    session: Session,
    row: Announcement,
    person: Person,
    association: AssociationView,
    now: datetime,
) -> Paper:
    event = registration = None
    if row.event_id is not None:
        event = events.get_row(session, row.event_id)
        registration = registrations.find(
            session, event_id=row.event_id, person_id=person.id
        )
    return Paper(
        announcement=row,
        person=person,
        event=event,
        registration=registration,
        association=association,
        now=now,
    )


def _no_longer_for(session: Session, paper: Paper) -> str | None:
    """Say why somebody is not among those any more whom it is for."""
    row = paper.announcement
    if row.audience is Audience.MEMBERS:
        today = to_wall(paper.now, paper.association.zone).date()
        standing = organizations.standing(session, paper.person.id, today)
        is_proven = paper.person.email_confirmed_at is not None
        return None if standing.is_member and is_proven else NOT_AMONG_THEM
    event, registration = paper.event, paper.registration
    if (
        event is not None
        and event.state is EventState.CANCELLED
        and (event.cancelled_at or paper.now) >= (row.sent_at or paper.now)
    ):
        return "the event was cancelled after it had been sent off"
    if registration is None or registration.is_pending:
        return NOT_AMONG_THEM
    return None if registration.state in row.states else NOT_AMONG_THEM


def _unwanted(addressed: Addressed, known: AssociationView) -> str | None:
    """Say why somebody who could get it does not."""
    if addressed.wants_none:
        return "they have unsubscribed"
    if addressed.marked:
        return "mail to their address came back"
    if addressed.lately >= known.announcements_a_week:
        return "they have had as many this week as one person may get"
    return None


def _values(paper: Paper) -> dict[str, str]:
    name = _name(paper) or _("there")
    if paper.event is None:
        return {"name": name, "events_link": external_url("home.events")}
    return {
        "name": name,
        "event": paper.event.title,
        "when": _when(paper, paper.event),
        "registration_link": external_url(
            "registrations.show", token=_registration_token(paper)
        ),
    }


def _name(paper: Paper) -> str | None:
    if paper.registration is None:
        return paper.person.full_name
    return greeting_name(paper.registration)


def _when(paper: Paper, event: Event) -> str:
    """Say when an event starts, on the reader's own clock too if we know it."""
    if event.starts_at is None:
        return str(_("On demand, whenever you like"))
    person = paper.person
    own_zone = person.zone if person.email_confirmed_at else None
    words = local_time(event.starts_at, event.zone)
    yours = your_time(event.starts_at, event.zone, own_zone)
    return f"{words} ({yours})" if yours else words


def _registration_token(paper: Paper) -> str:
    if paper.registration is None:  # somebody of the staff looks at it
        return DEAD
    version = paper.registration.link_version
    return links().token(Purpose.REGISTRATION, paper.registration.id, version)


#: By kind of outbox row, who writes it.
COMPOSERS: dict[str, Callable[[Session, Due, datetime], Message | Later | Skip]] = {
    **dict.fromkeys(rules.KINDS.values(), compose),
    rules.TEST_KIND: compose_test,
}
