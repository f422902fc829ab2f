"""Announcements, who each is for, and who has said that they want no more."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.announcements.rules import Audience, LeftOut, Stage
from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList


class Announcement(Base):
    """Something staff write to the people of an event, or to members.

    Who it goes to is found when it leaves, piece by piece: `found_to` and `queued_to`
    say how far that is, so that whoever goes on with it knows where.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint(
            "(audience = 'event') = (event_id IS NOT NULL)", name="of_event"
        ),
        CheckConstraint("(stage = 'draft') = (sent_at IS NULL)", name="sent_off"),
        {"sqlite_autoincrement": True},  # its mails and the trail are named by it
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    audience: Mapped[Audience]
    event_id: Mapped[Id | None] = mapped_column(ForeignKey("events.id"), index=True)
    states: Mapped[JsonList] = mapped_column(default=list)  # of registrations
    #: The registrations that staff chose, where it is not for all in those states.
    selection_id: Mapped[Id | None] = mapped_column(
        ForeignKey("selections.id"), index=True
    )
    areas: Mapped[JsonList] = mapped_column(default=list)  # none: of all of them
    subject: Mapped[str]
    body: Mapped[str]  # Markdown with places to fill
    stage: Mapped[Stage] = mapped_column(default=Stage.DRAFT, index=True)
    #: Raised by every save, so that nobody sends what they have not seen.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[Id | None] = mapped_column(ForeignKey("people.id"))
    #: When staff sent it off, who did, and when it may leave.
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[Id | None] = mapped_column(ForeignKey("people.id"))
    leaves_at: Mapped[datetime | None]
    #: When it began to leave: it can be called back until then.
    begun_at: Mapped[datetime | None]
    #: The last person who was found, and when all had been.
    found_to: Mapped[Id] = mapped_column(default=0)
    found_at: Mapped[datetime | None]
    #: The last recipient whose mail was queued, or who was left out.
    queued_to: Mapped[Id] = mapped_column(default=0)


class Recipient(Base):
    """Somebody whom an announcement is for; once, whatever happens."""

    __tablename__ = "announcement_recipients"
    __table_args__ = (
        UniqueConstraint("announcement_id", "person_id"),
        {"sqlite_autoincrement": True},  # its mail is named by it
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    announcement_id: Mapped[Id] = mapped_column(ForeignKey("announcements.id"))
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    #: Why no mail was queued for them; None where one was, or is to be.
    left_out: Mapped[LeftOut | None]


class Subscription(Base):
    """A list of announcements and an address that hears of it, or wants no more.

    The link in each mail names one of these. Who unsubscribes does so for the person
    and for the address: neither another address nor another owner undoes it.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("person_id", "list_key", "email_key"),
        {"sqlite_autoincrement": True},  # an old link never meets a new row
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    list_key: Mapped[str]  # see `rules.list_of`
    email_key: Mapped[str] = mapped_column(index=True)
    unsubscribed_at: Mapped[datetime | None]
