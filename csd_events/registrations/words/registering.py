"""Registrations and their mails as people and staff read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from csd_events.core.time import local_time, short_time
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.events.models import Event
from csd_events.events.rules import CANCELLED_MAIL, MOVED_MAIL, Answer
from csd_events.events.rules import State as EventState
from csd_events.events.words import required_conference, session_lines
from csd_events.organizations.rules import MembershipFact
from csd_events.organizations.words import ended_words
from csd_events.outbox.words import MailLine
from csd_events.registrations.models import Registration
from csd_events.registrations.queries import Answered, ListLine
from csd_events.registrations.rules import (
    Hold,
    NotPlaced,
    State,
    follow_up_at,
    leads_called,
    next_reminder,
    reminders_ahead,
)

#: What each kind of mail is called.
KIND_WORDS = {
    MOVED_MAIL: lazy_gettext("Time or place changed, to who presents"),
    CANCELLED_MAIL: lazy_gettext("Event cancelled, to who presents"),
    "handovers.readdressed": lazy_gettext("Address corrected, to the old one"),
    "handovers.replaced": lazy_gettext("Replaced, to who had the place"),
    "handovers.returned": lazy_gettext("Place gone back, to who had it"),
    "group.asked": lazy_gettext("Colleagues: press the button"),
    "group.lapsed": lazy_gettext("Colleagues: nobody was registered"),
    "group.summary": lazy_gettext("Colleagues: summary"),
    "registration.approved": lazy_gettext("Request approved"),
    "registration.cancelled": lazy_gettext("Registration cancelled"),
    "registration.confirmed": lazy_gettext("Confirmation"),
    "registration.declined": lazy_gettext("Request declined"),
    "registration.details": lazy_gettext("Details sent again"),
    "registration.event_cancelled": lazy_gettext("Event cancelled"),
    "registration.follow_up": lazy_gettext("After the event"),
    "registration.handed": lazy_gettext("Comes in somebody's place"),
    "registration.lapsed": lazy_gettext("Held place lapsed"),
    "registration.let_in": lazy_gettext("On the conference's list by now"),
    "registration.merged": lazy_gettext("Two registrations became one"),
    "registration.moved": lazy_gettext("Time or place changed"),
    "registration.offered": lazy_gettext("Place held from the waiting list"),
    "registration.placed": lazy_gettext("Place given by staff"),
    "registration.promoted": lazy_gettext("Place from the waiting list"),
    "registration.reminder": lazy_gettext("Reminder"),
    "registration.requested": lazy_gettext("Request received"),
    "registration.unlisted": lazy_gettext("Not on the conference's list"),
    "registration.waiting": lazy_gettext("On the waiting list"),
    "trials.mail": lazy_gettext("Test of words, to staff"),
    "wishes.confirm": lazy_gettext("Asked whether to write when it opens"),
    "wishes.opened": lazy_gettext("Registration is open"),
    "registration.withdrawn": lazy_gettext("Cancelled by who registered them"),
}


#: What each state is called.
STATE_WORDS = {
    State.CONFIRMED: lazy_gettext("Confirmed"),
    State.HELD: lazy_gettext("Held"),
    State.WAITING: lazy_gettext("Waiting"),
    State.CANCELLED: lazy_gettext("Cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person in staff's list of an event, with what was mailed to them."""

    id: int
    full_name: str
    organization: str
    email: str
    state: str
    hold: str | None
    held_until: datetime | None
    position: int | None
    reference: str
    price_cents: int
    currency: str
    registered_at: datetime
    is_unlisted: bool
    is_pending: bool  # nobody has told them of it
    may_change: bool
    mails: Sequence[MailLine]
    answers: Sequence[tuple[str, str]]


def person_line(
    line: ListLine,
    *,
    may_change: bool,
    rank: int | None = None,
    mails: Sequence[MailLine] = (),
    answers: Sequence[Answered] = (),
) -> PersonLine:
    """Show a registration.

    Args:
        line: As it was read.
        may_change: Whether its event is still to come, and takes place.
        rank: The place in the queue, from 1.
        mails: What was or will be mailed about it.
        answers: What it answered.
    """
    return PersonLine(
        id=line.id,
        full_name=line.full_name,
        organization=line.organization,
        email=line.email,
        state=line.state.value,
        hold=line.hold.value if line.hold else None,
        held_until=line.held_until,
        position=rank,
        reference=line.reference,
        price_cents=line.price_cents,
        currency=line.currency,
        registered_at=line.registered_at,
        is_unlisted=line.is_unlisted,
        is_pending=line.held_until is not None and line.hold is not Hold.ANSWER,
        may_change=may_change and line.state is not State.CANCELLED,
        mails=mails,
        answers=answer_lines(answers),
    )


def answer_lines(answers: Sequence[Answered]) -> list[tuple[str, str]]:
    """Pair questions with answers as people read them."""
    return [(each.question, answer_words(each.value)) for each in answers]


def answer_words(value: Answer | None) -> str:
    """Write an answer as people read it, several choices one after the other."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def next_mail_words(
    registration: Registration, event: Event, *, now: datetime
) -> str | None:
    """Say which mail comes next, and when. The person is loaded."""
    if event.state is EventState.CANCELLED:
        return str(_("This event is cancelled."))
    since = registration.confirmed_at
    if registration.state is not State.CONFIRMED or since is None:
        return None
    starts = [(s.starts_at, max(since, s.announced_at)) for s in event.sessions]
    goes_at = next_reminder(starts, leads_called(event.reminders), now)
    what = _("a reminder")
    if goes_at is None:
        goes_at, what = _follow_up(event, now), _("what to read next")
    if goes_at is None:
        return None
    if not registration.person.wants_reminders:
        return str(_("You get no reminders, as you chose in your preferences."))
    if registration.reminders_off:
        return str(_("You get no reminders of this event, as you chose."))
    when = local_time(goes_at, event.zone)
    return str(_("Your next mail comes %(when)s: %(what)s.", when=when, what=what))


def _follow_up(event: Event, now: datetime) -> datetime | None:
    """Say when the mail after an event goes, if one is still to come."""
    if not event.follows_up or event.starts_at is None or event.over_at is None:
        return None
    goes_at = follow_up_at(event.over_at, event.zone)
    return goes_at if goes_at > now else None


def not_a_member_words(ended: MembershipFact | None) -> str:
    """Say to who is signed in why what is for members is not for them."""
    if ended is None:
        who = _("Members of the association can register.")
        return f"{who} {_('Your account has no membership.')}"
    return f"{ended_words(ended)} {_('Renew it and you can register here.')}"


def dearer_words(ended: MembershipFact) -> str:
    """Say to who was a member why they pay more."""
    what = _("Renew it for the price of members, or register at the price shown.")
    return f"{ended_words(ended)} {what}"


def not_placed_words(why: NotPlaced) -> str:
    """Say why a button about somebody's place changed nothing."""
    words = {
        NotPlaced.REGISTERED: _(
            "This address is registered already, or waits, or has a place held. "
            "Search for it in the list."
        ),
        NotPlaced.DECIDED: _(
            "Nothing was changed: it stands otherwise by now. See the list."
        ),
        NotPlaced.LAPSED: _(
            "That was too late: the place has gone to the next in line."
        ),
        NotPlaced.FULL: _("Nothing was changed: all places are taken by now."),
        NotPlaced.OVER: _("Nothing was changed: the event is over or was cancelled."),
    }
    return str(words[why])


def held_words(registration: Registration, event: Event) -> str:
    """Say what stands between a held place and the person."""
    until = registration.held_until
    if registration.hold is Hold.CONFERENCE:
        return _unlisted_words(event)
    if registration.hold is Hold.APPROVAL or until is None:
        return str(
            _(
                "A place is held for you. We look at every request and write to you "
                "when yours is decided."
            )
        )
    when = local_time(until, event.zone)
    if registration.hold is Hold.SENDER:
        return str(
            _(
                "Somebody is registering you. The place is kept until %(when)s; it is "
                "yours when they confirm, or when you register yourself.",
                when=when,
            )
        )
    return str(_("Take the place by %(when)s, or it goes to the next.", when=when))


def _unlisted_words(event: Event) -> str:
    """Say that an address is not on the list of the conference an event requires."""
    conference = required_conference(event)
    if conference is None:  # by now; the next chore gives the place
        return str(_("A place is held for you, and a mail says when it is yours."))
    return str(
        _(
            "Your address is not yet on the list of people registered for "
            "%(conference)s. Once it is, the place that is held is yours, and a mail "
            "says so.",
            conference=conference.name,
        )
    )


def plan_words(
    event: Event, known_since: datetime | None, *, now: datetime
) -> list[tuple[str, str]]:
    """List what comes and when: the next reminders, then each session to come.

    Args:
        event: With its sessions; without one, nothing comes.
        known_since: Since when somebody has a place; None for who may have none.
        now: When this is asked.
    """
    coming = [s for s in session_lines(event, now=now) if s.starts_at > now]
    if not coming:
        return []
    start, zone = coming[0].starts_at, coming[0].zone
    going = (
        reminders_ahead(
            start, leads_called(event.reminders), now, known_since=known_since
        )
        if known_since
        else ()
    )
    plan = [(short_time(goes_at, zone), _("A reminder by mail")) for goes_at in going]
    starts = [
        (short_time(each.starts_at, each.zone), each.name or _("It starts"))
        for each in coming
    ]
    return [*plan, *starts]
