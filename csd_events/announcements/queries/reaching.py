"""Whom an announcement is for, and who of them does not get it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Enum,
    Select,
    SQLColumnExpression,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session, aliased

from csd_events.accounts.models import Person, PersonArea
from csd_events.announcements import rules
from csd_events.announcements.models import Announcement, Recipient, Subscription
from csd_events.announcements.rules import Audience, LeftOut, Reach
from csd_events.core.types import UtcDateTime
from csd_events.organizations import queries as organizations
from csd_events.outbox.queries import MAILS, is_marked
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import Registration, Selected

ON_THE_WAY = (MailState.QUEUED, MailState.SENDING)
#: Mail goes to an address as its person writes it, or to its key.
MARKED = is_marked(Person.email, Person.email_key)
_LEFT_OUT = cast("Enum", Recipient.__table__.c.left_out.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What decides who gets an announcement.

    Attributes:
        announcement_id: Which does not count against itself.
        today: On which somebody must be a member.
        most: How many announcements go to one person within a week.
    """

    announcement_id: int
    audience: Audience
    event_id: int | None
    states: Sequence[str]
    areas: Sequence[str]
    selection_id: int | None
    most: int
    now: datetime
    today: date

    @classmethod
    def of(
        cls, announcement: Announcement, *, most: int, now: datetime, today: date
    ) -> "Terms":
        return cls(
            announcement_id=announcement.id,
            audience=announcement.audience,
            event_id=announcement.event_id,
            states=tuple(announcement.states),
            areas=tuple(announcement.areas),
            selection_id=announcement.selection_id,
            most=most,
            now=now,
            today=today,
        )

    @property
    def list_key(self) -> str:
        return rules.list_of(self.audience, self.event_id)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets an announcement, as staff see them before it goes."""

    person_id: int
    full_name: str
    email: str


def people_for(terms: Terms) -> Select[int]:
    """Select whom an announcement is for, whether they get it or not."""
    if terms.audience is Audience.EVENT:
        theirs = select(Registration.person_id.label("person_id")).where(
            Registration.event_id == terms.event_id,
            Registration.state.in_(terms.states),
        )
        if terms.selection_id is None:
            return theirs
        chosen = select(Selected.registration_id).where(
            Selected.selection_id == terms.selection_id
        )
        return theirs.where(Registration.id.in_(chosen))
    members = organizations.members_on(terms.today).subquery()
    found = select(Person.id.label("person_id")).where(
        Person.id.in_(select(members.c.person_id))
    )
    if not terms.areas:
        return found
    said = exists().where(PersonArea.person_id == Person.id)
    wanted = said.where(PersonArea.area.in_(terms.areas))
    return found.where(or_(wanted, ~said))


def count_reach(session: Session, terms: Terms) -> Reach:
    """Count whom an announcement is for, and who of them does not get it, and why."""
    found = (
        select(why_left_out(terms).label("why"))
        .where(Person.id.in_(people_for(terms)))
        .subquery()
    )
    rows = session.execute(select(found.c.why, func.count()).group_by(found.c.why))
    counts: dict[LeftOut | None, int] = dict(rows.all())
    known = sum(counts.values())
    return Reach(known, {why: n for why, n in counts.items() if why is not None})


def list_readers(
    session: Session, terms: Terms, *, limit: int, after: int = 0
) -> Sequence[Reader]:
    """List some of those who get an announcement, by the ids of the people."""
    some = (
        select(Person.id, Person.full_name, Person.email)
        .where(
            Person.id.in_(people_for(terms)),
            Person.id > after,
            why_left_out(terms).is_(None),
        )
        .order_by(Person.id)
        .limit(limit)
    )
    return [Reader(*row) for row in session.execute(some)]


def why_left_out(terms: Terms) -> ColumnElement[Any]:
    """Say of a row of people why they do not get an announcement; NULL if they do."""
    unproven: ColumnElement[bool] = Person.email_confirmed_at.is_(None)
    if terms.audience is Audience.EVENT:
        unproven = exists().where(
            Registration.person_id == Person.id,
            Registration.event_id == terms.event_id,
            Registration.is_pending,
        )
    return case(
        (unproven, literal(LeftOut.UNCONFIRMED, _LEFT_OUT)),
        (wants_none(terms.list_key), literal(LeftOut.UNSUBSCRIBED, _LEFT_OUT)),
        (MARKED, literal(LeftOut.RETURNED, _LEFT_OUT)),
        (
            count_lately(terms.announcement_id, terms.now - rules.A_WEEK, planned=True)
            >= terms.most,
            literal(LeftOut.OVER_CAP, _LEFT_OUT),
        ),
        else_=null(),
    )


def wants_none(list_key: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Tell of a row of people whether they, or their address, want none of a list."""
    other = aliased(Subscription)
    of = other.list_key == list_key, other.unsubscribed_at.is_not(None)
    return or_(  # each by an index of its own
        exists().where(other.person_id == Person.id, *of),
        exists().where(other.email_key == Person.email_key, *of),
    )


def count_lately(
    announcement_id: SQLColumnExpression[int] | int,
    since: ColumnElement[datetime] | datetime,
    *,
    planned: bool,
) -> ColumnElement[int]:
    """Count, of a row of people, the other announcements since an instant.

    Args:
        planned: Whether those count, too, that are still to go.
    """
    other = aliased(Recipient)
    key = literal(rules.MAIL_PREFIX) + as_type(other.id, String)
    counted: ColumnElement[bool] = MAILS.c.sent_at > since
    if planned:
        paused = and_(MAILS.c.state == MailState.SKIPPED, MAILS.c.note == rules.PAUSED)
        counted = or_(counted, MAILS.c.state.in_(ON_THE_WAY), paused)
    return (
        select(func.count())
        .select_from(other)
        .join(MAILS, MAILS.c.key == key)
        .where(
            other.person_id == Person.id,
            other.announcement_id != announcement_id,
            counted,
        )
        .correlate(Person, Announcement)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class Addressed:
    """Somebody whose mail is about to go.

    Attributes:
        subscription_id: What the unsubscribe link names; None where the address has
            changed since the mail was queued.
        marked: Whether mail to them comes back.
        lately: How many other announcements they have had in a week.
    """

    announcement: Announcement
    person: Person
    subscription_id: int | None
    wants_none: bool
    marked: bool
    lately: int


_LIST_KEY = case(
    (Announcement.event_id.is_(None), literal(rules.MEMBERS_LIST)),
    else_=literal(rules.EVENT_PREFIX) + as_type(Announcement.event_id, String),
)
#: Made once: every mail asks it.
_ADDRESSED = (
    select(
        Announcement,
        Person,
        Subscription.id,
        wants_none(_LIST_KEY),
        MARKED,
        count_lately(
            Announcement.id, bindparam("since", type_=UtcDateTime()), planned=False
        ),
    )
    .select_from(Recipient)
    .join(Announcement, Announcement.id == Recipient.announcement_id)
    .join(Person, Person.id == Recipient.person_id)
    .outerjoin(
        Subscription,
        and_(
            Subscription.person_id == Person.id,
            Subscription.list_key == _LIST_KEY,
            Subscription.email_key == Person.email_key,
        ),
    )
    .where(Recipient.id == bindparam("recipient_id"))
)


def get_addressed(session: Session, recipient_id: int, *, now: datetime) -> Addressed:
    """Return whom a mail is for, with what decides whether it goes. One statement."""
    asked = {"recipient_id": recipient_id, "since": now - rules.A_WEEK}
    return Addressed(*session.execute(_ADDRESSED, asked).one())
