"""Registrations, what they say, where places went, groups, and receipts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.accounts.models import Person
from csd_events.core.db import Base
from csd_events.core.text import sort_key
from csd_events.core.types import Id
from csd_events.events.models import Event
from csd_events.registrations.rules import HandoverKind, Hold, State


def _key_of(column: str) -> Callable[[DefaultExecutionContext], str]:
    """Derive a row's key from the words that are saved with it."""

    def key(context: DefaultExecutionContext) -> str:
        saved: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
        return sort_key(saved[column])

    return key


class Registration(Base):
    """A person's place at an event, or their place in the queue for one.

    Relationships point down the feature order only. There is no
    ``event.registrations``: the other direction is a query.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        UniqueConstraint("event_id", "position"),
        CheckConstraint("(state = 'waiting') = (position IS NOT NULL)", name="waiting"),
        CheckConstraint("(state = 'held') = (hold IS NOT NULL)", name="held"),
        CheckConstraint("price_cents >= 0", name="price"),
        # The lists that staff read, and each state of them.
        Index(None, "event_id", "registered_at", "id"),
        Index(None, "event_id", "name_key", "id"),
        Index(None, "event_id", "organization_key", "id"),
        Index(None, "event_id", "state", "registered_at", "id"),
        # Few are ever held: those that wait for staff, for the list of a conference or
        # for their end are found without a look at the others.
        Index(
            None,
            "hold",
            "event_id",
            postgresql_where=text("hold IS NOT NULL"),
            sqlite_where=text("hold IS NOT NULL"),
        ),
        Index(
            None,
            "held_until",
            postgresql_where=text("held_until IS NOT NULL"),
            sqlite_where=text("held_until IS NOT NULL"),
        ),
        # Most register themselves.
        Index(
            None,
            "group_id",
            postgresql_where=text("group_id IS NOT NULL"),
            sqlite_where=text("group_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    offer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_offers.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[State]
    position: Mapped[int | None]  # in the waiting list; taken under the event's lock
    #: What has to be answered before a held place is theirs, and until when it is kept.
    hold: Mapped[Hold | None]
    held_until: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(unique=True)  # for the telephone
    #: Of this registration, as typed in its form; a person's own are elsewhere.
    full_name: Mapped[str]
    organization: Mapped[str]
    #: The two as lists are sorted and searched by; see `core.text.sort_key`.
    name_key: Mapped[str] = mapped_column(default=_key_of("full_name"))
    organization_key: Mapped[str] = mapped_column(default=_key_of("organization"))
    service_area: Mapped[str | None]
    us_state: Mapped[str | None]
    price_cents: Mapped[int]
    currency: Mapped[str]
    #: What its invoice says of whom it is for, as typed; see `billing`.
    purchase_order: Mapped[str] = mapped_column(default="")
    bill_to: Mapped[str] = mapped_column(default="")
    #: Raised to end every link made before.
    link_version: Mapped[int] = mapped_column(default=1)
    #: Rises when a cancelled registration is revived: a calendar must not
    #: resurrect the entry it was told to remove.
    life: Mapped[int] = mapped_column(default=1)
    #: Its own part of the calendar SEQUENCE, beside the session's.
    sequence: Mapped[int] = mapped_column(default=0)
    registered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # when it got its place
    cancelled_at: Mapped[datetime | None]
    #: What staff said to the person when they declined a request.
    decline_note: Mapped[str] = mapped_column(default="")
    #: They want none about this event; changes of it reach them all the same.
    reminders_off: Mapped[bool] = mapped_column(default=False)
    #: When its place went to somebody else's registration: no page of its person
    #: shows it then, so that it tells nobody whether they had one already.
    handed_on_at: Mapped[datetime | None]
    #: The form by which somebody else registered them; None of their own.
    group_id: Mapped[Id | None] = mapped_column(ForeignKey("registration_groups.id"))

    event: Mapped[Event] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    @hybrid_property
    def is_pending(self) -> bool:
        """Whether whoever typed this person in has yet to prove their own address.

        Until then the person hears of nothing, and a form of their own goes first.
        """
        return self.held_until is not None and self.hold is not Hold.ANSWER

    @is_pending.inplace.expression
    @classmethod
    def _is_pending(cls) -> ColumnElement[bool]:
        return cls.held_until.is_not(None) & cls.hold.is_distinct_from(Hold.ANSWER)


class RegistrationGroup(Base):
    """One form by which somebody registers colleagues.

    Of somebody not signed in, its places are kept until `held_until`: by then they
    have pressed the button in their own mail, or all of them are given back.
    """

    __tablename__ = "registration_groups"

    id: Mapped[Id] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)  # of the form
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    sender_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    #: The sender, as typed or, signed in, as known.
    full_name: Mapped[str]
    email: Mapped[str]
    organization: Mapped[str]
    #: Raised to end every link made before.
    link_version: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    #: When it was known whose form it is; at once of who is signed in.
    confirmed_at: Mapped[datetime | None]


class GroupEntry(Base):
    """One row of such a form.

    Its sender changes the registration as long as that names the group. Who was
    registered already has a row, too: it shows its sender what it would show of
    anybody new, and does nothing.
    """

    __tablename__ = "group_entries"
    __table_args__ = (UniqueConstraint("group_id", "email_key"),)

    group_id: Mapped[Id] = mapped_column(
        ForeignKey("registration_groups.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    #: How somebody new stood when the form was sent.
    told: Mapped[State]
    email_key: Mapped[str]
    full_name: Mapped[str]
    email: Mapped[str]
    organization: Mapped[str]
    price_cents: Mapped[int]
    currency: Mapped[str]
    cancelled_at: Mapped[datetime | None]  # by the sender


class Answer(Base):
    """What a registration says to a question of its event; no row where nothing."""

    __tablename__ = "answers"

    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), primary_key=True
    )
    question_id: Mapped[Id] = mapped_column(
        ForeignKey("event_questions.id"), primary_key=True, index=True
    )
    #: Words, also those of a choice that is offered no more: see `events.rules.Answer`.
    value: Mapped[Any] = mapped_column(JSON)


class AccessibilityNeed(Base):
    """What somebody needs to take part. Read by `service.needing` and nothing else.

    Kept apart from their registration, so that no list, mail or export shows it by
    the way.
    """

    __tablename__ = "accessibility_needs"

    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), primary_key=True
    )
    words: Mapped[str]
    written_at: Mapped[datetime]


class Handover(Base):
    """A place that went to another person, or to another address of the same one.

    Until it ends, whoever reads mail at the old address can have it back.
    """

    __tablename__ = "handovers"
    # An old link never meets a new row.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[HandoverKind]
    #: Whose place went, which may be the one that has it now, under another person.
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    #: Which one has it now; None where the other person had a place already.
    received_id: Mapped[Id | None] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    from_person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    #: What the registration said before.
    full_name: Mapped[str]
    organization: Mapped[str]
    state: Mapped[State]
    hold: Mapped[Hold | None]
    position: Mapped[int | None]
    life: Mapped[int]  # of the entry in the calendar of who had it
    version: Mapped[int] = mapped_column(BigInteger)  # drawn; see `core.tokens`
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(
        foreign_keys=registration_id, lazy="raise"
    )
    from_person: Mapped[Person] = relationship(lazy="raise")


class OpeningWish(Base):
    """An address that wants to hear when registration for an event opens."""

    __tablename__ = "opening_wishes"
    __table_args__ = (
        UniqueConstraint("event_id", "email_key"),
        {"sqlite_autoincrement": True},  # its mail is named by it
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    email: Mapped[str]
    email_key: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger)  # drawn; see `core.tokens`
    asked_at: Mapped[datetime] = mapped_column(index=True)
    #: When its owner said that it is theirs; only then it hears anything.
    confirmed_at: Mapped[datetime | None]


class Receipt(Base):
    """What the sender of a form without sign-in may see again for a day.

    The nonce of the form is what makes a repeat do nothing.
    """

    __tablename__ = "receipts"

    id: Mapped[Id] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    #: True if this form made the registration: only then may it mend the address.
    made_it: Mapped[bool]
    #: All places were taken when the form was sent, whoever sent it.
    was_full: Mapped[bool]
    #: Staff looked at every request when it was sent, whoever sent it.
    needed_approval: Mapped[bool] = mapped_column(default=False)
    #: The address was compared with a conference's list when it was sent, whosever.
    needed_conference: Mapped[bool] = mapped_column(default=False)
    full_name: Mapped[str]
    email: Mapped[str]
    organization: Mapped[str]
    service_area: Mapped[str | None]
    price_cents: Mapped[int]
    currency: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)


class ReminderRun(Base):
    """A reminder of a session whose people have all been found."""

    __tablename__ = "reminder_runs"

    session_id: Mapped[Id] = mapped_column(
        ForeignKey("event_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    lead: Mapped[str] = mapped_column(primary_key=True)  # such as "7d"
    ran_at: Mapped[datetime]
