"""People who are not there, for mails that staff look at before anybody registers.

Nothing here is ever added to a session.
"""

from collections.abc import Sequence
from datetime import datetime

from csd_events.accounts.models import Person
from csd_events.core.words import gettext as _
from csd_events.events.models import Event
from csd_events.registrations.models import Handover, Registration, RegistrationGroup
from csd_events.registrations.queries import GroupLine
from csd_events.registrations.rules import ANSWER_KEPT, HandoverKind, State

REFERENCE = "CSD-SAMP-LE22"
#: What nobody has: rows begin at 1.
NO_ID = 0


def _sample_person() -> Person:
    return Person(
        id=NO_ID,
        email="sample.person@example.org",
        full_name=_("Sample Person"),
        email_confirmed_at=None,
        zone=None,
        preferred_form=None,
        wants_reminders=True,
    )


def sample_registration(event: Event, *, now: datetime) -> Registration:
    """Register somebody who is not there, for what it costs at present."""
    terms = event.terms_of_offers
    return Registration(
        id=NO_ID,
        event=event,
        event_id=event.id,
        person=_sample_person(),
        person_id=NO_ID,
        state=State.CONFIRMED,
        position=None,
        hold=None,
        held_until=None,
        reference=REFERENCE,
        full_name=_("Sample Person"),
        organization=_("Sample City"),
        service_area=None,
        us_state=None,
        price_cents=max((each.price_cents for each in terms), default=0),
        currency=next((each.currency for each in terms), "USD"),
        link_version=1,
        life=1,
        sequence=0,
        registered_at=now,
        confirmed_at=now,
        cancelled_at=None,
        decline_note="",
        group_id=None,
    )


def sample_group(event: Event, *, now: datetime) -> RegistrationGroup:
    return RegistrationGroup(
        id=NO_ID,
        event_id=event.id,
        sender_id=NO_ID,
        full_name=_("Sample Person"),
        email="sample.person@example.org",
        organization=_("Sample City"),
        link_version=1,
        sent_at=now,
        held_until=now + ANSWER_KEPT,
        confirmed_at=None,
    )


def sample_lines() -> Sequence[GroupLine]:
    return [
        GroupLine(
            number=number,
            full_name=name,
            email=f"sample.colleague{number}@example.org",
            organization=_("Sample City"),
            state=state,
            price_cents=0,
            currency="USD",
        )
        for number, name, state in [
            (1, _("Sample Colleague"), State.CONFIRMED),
            (2, _("Another Colleague"), State.WAITING),
        ]
    ]


def sample_handover(event: Event, *, now: datetime) -> Handover:
    return Handover(
        id=NO_ID,
        kind=HandoverKind.REPLACED,
        registration=sample_registration(event, now=now),
        registration_id=NO_ID,
        from_person=_sample_person(),
        from_person_id=NO_ID,
        group_id=None,
        full_name=_("Sample Person"),
        organization=_("Sample City"),
        state=State.CONFIRMED,
        life=1,
        version=0,
        made_at=now,
        ends_at=now + ANSWER_KEPT,
    )
