"""Registrations: who has a place, has one held, or waits."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
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
from csd_events.registrations.rules import Hold, State


def _key_of(column: str) -> Callable[[DefaultExecutionContext], str]:
    """Derive a row's key from the words that are saved with it."""

    def key(context: DefaultExecutionContext) -> str:
        saved: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
        return sort_key(saved[column])

    return key


#: The orders of staff's list of an event, by the names of their indexes: what the
#: convention would call them is longer than PostgreSQL takes.
_LISTED_BY: Final = {
    "ix_registrations_by_instant": ("registered_at", "id"),
    "ix_registrations_by_name": ("name_key", "id"),
    "ix_registrations_by_organization": ("organization_key", "name_key", "id"),
    "ix_registrations_by_state": ("state", "registered_at", "id"),
}
#: What staff narrow such a list by, most often.
_NARROWED_BY = (
    "state", "is_unlisted", "offer_id", "registered_at", "organization_key",
    "search_key",
)  # fmt: skip


def _list_by(name: str, order: tuple[str, ...]) -> Index:
    """Index an order with what narrows it: who fits is found there alone."""
    others = (each for each in _NARROWED_BY if each not in order)
    return Index(name, "event_id", *order, *others)


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
        # Whoever's address changes, it changes here as well.
        ForeignKeyConstraint(
            ["person_id", "email_key"],
            ["people.id", "people.email_key"],
            onupdate="CASCADE",
        ),
        *(_list_by(name, columns) for name, columns in _LISTED_BY.items()),
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
    person_id: Mapped[Id] = mapped_column(index=True)
    #: Of the person, kept true by the database.
    email_key: Mapped[str]
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
    #: The two as lists are sorted by; see `core.text.sort_key`.
    name_key: Mapped[str] = mapped_column(default=_key_of("full_name"))
    organization_key: Mapped[str] = mapped_column(default=_key_of("organization"))
    #: The three in one text that the database writes: what a search looks through.
    search_key: Mapped[str] = mapped_column(
        Computed(
            "organization_key || ' ' || name_key || ' ' || email_key", persisted=True
        ),
        deferred=True,
        deferred_raiseload=True,
    )
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
    #: Whether its event requires a conference whose list its address is not on, even
    #: if it was cancelled. The database writes it: see `unlisted`.
    is_unlisted: Mapped[bool] = mapped_column(
        server_default=false(), deferred=True, deferred_raiseload=True
    )
    #: By which of the addresses that the event was announced at; see `read_via`.
    via: Mapped[str | None]
    registered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # when it got its place
    cancelled_at: Mapped[datetime | None]
    #: When staff last declined the request, and what they said to the person.
    declined_at: Mapped[datetime | None]
    decline_note: Mapped[str] = mapped_column(default="")
    #: They want none about this event; changes of it reach them all the same.
    reminders_off: Mapped[bool] = mapped_column(default=False)
    #: When its place went to somebody else's registration: no page of its person
    #: shows it then, so that it tells nobody whether they had one already.
    handed_on_at: Mapped[datetime | None]
    #: The form by which somebody else registered them; None of their own.
    group_id: Mapped[Id | None] = mapped_column(ForeignKey("registration_groups.id"))

    event: Mapped[Event] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(
        primaryjoin="Registration.person_id == Person.id", lazy="raise"
    )

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
