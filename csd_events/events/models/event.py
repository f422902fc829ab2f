"""Events and what belongs to them."""

import json
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.events.models.areas import EventArea
from csd_events.events.models.contributions import Contribution
from csd_events.events.models.offers import EventOffer
from csd_events.events.models.programs import Conference, Program
from csd_events.events.models.questions import EventQuestion
from csd_events.events.models.resources import EventResource
from csd_events.events.models.series import EventSeries
from csd_events.events.models.sessions import EventSession
from csd_events.events.rules import (
    USUAL_LEADS,
    Afterwards,
    Format,
    Kind,
    Offer,
    Question,
    State,
    format_of,
    offers_in_force,
)

_USUAL = text(f"'{json.dumps(USUAL_LEADS)}'")  # for rows of before


#: In these very words, so that the partial index serves the question.
TO_BE_PUBLISHED = text("publish_at IS NOT NULL")


class Event(Base):
    """A webinar, forum or training that people register for.

    `confirmed`, `held`, `waiting` and `next_position` are counted on this row, which
    is locked before anyone is given a place. `starts_at` and `ends_at` are those of
    the first and the last session, kept here to list and sort by.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        CheckConstraint(
            "CASE WHEN on_demand THEN starts_at IS NULL"
            " ELSE starts_at IS NOT NULL OR state = 'draft' END",
            name="live_has_a_start",
        ),
        CheckConstraint("completes_after >= 1", name="completes_after"),
        CheckConstraint(
            "completes_share IS NULL"
            " OR (completes_share BETWEEN 1 AND 100 AND completes_after IS NULL)",
            name="completes_share",
        ),
        CheckConstraint("capacity >= 0 AND waiting_limit >= 0", name="capacity"),
        CheckConstraint(
            "confirmed >= 0 AND held >= 0 AND waiting >= 0 AND next_position >= 1",
            name="counters",
        ),
        CheckConstraint("platform_url LIKE 'https://%'", name="platform_is_https"),
        CheckConstraint(
            "recording_url LIKE 'https://%' OR recording_url LIKE '/events/%'",
            name="recording_is_https_or_ours",
        ),
        CheckConstraint(
            "NOT requires_conference OR conference_id IS NOT NULL",
            name="required_conference",
        ),
        CheckConstraint(
            "state <> 'postponed' OR postponed_at IS NOT NULL", name="postponed"
        ),
        CheckConstraint(
            "publish_at IS NULL OR state = 'draft'", name="publish_at_of_a_draft"
        ),
        # In the order of the catalog, with all that it asks of an event to count it.
        Index(
            "ix_events_catalog",
            "listed_at",
            "id",
            "over_at",
            "state",
            "month",
            "on_demand",
            "archived_at",
        ),
        # Where among these, in their order, what is not over begins.
        Index(None, "over_at", "listed_at", "state", "archived_at"),
        # What is to be published by itself is looked for at every turn.
        Index(
            "ix_events_publish_at",
            "publish_at",
            postgresql_where=TO_BE_PUBLISHED,
            sqlite_where=TO_BE_PUBLISHED,
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    description: Mapped[str]  # Markdown
    kind: Mapped[Kind]
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    on_demand: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str]  # IANA name: where the event's own times are read
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    platform_url: Mapped[str | None]  # given out on the join page only
    recording_url: Mapped[str | None]  # elsewhere, or a page of ours
    afterwards: Mapped[Afterwards] = mapped_column(default=Afterwards.CLOSED)
    audience: Mapped[str] = mapped_column(default="")  # who it is for, in words
    accessibility: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    form: Mapped[str | None]  # form of arrangement it is about
    reading: Mapped[JsonList] = mapped_column(default=list)  # pinned case studies
    hidden_cases: Mapped[JsonList] = mapped_column(default=list)  # not suggested
    capacity: Mapped[int | None]  # None: as many as come
    waiting_limit: Mapped[int | None]  # None: as many as like; 0: no list
    #: Staff look at every request before its place is somebody's.
    needs_approval: Mapped[bool] = mapped_column(default=False)
    #: The last day to give one's place to somebody else; None: until it starts.
    replace_on: Mapped[date | None]
    #: How long before each session reminders go, such as "1d", the nearest first.
    reminders: Mapped[JsonList] = mapped_column(
        default=lambda: list(USUAL_LEADS), server_default=_USUAL
    )
    #: Whether those who had a place are written to once more when it is over.
    follows_up: Mapped[bool] = mapped_column(default=True)
    #: When those mails were queued; None until then.
    followed_up_at: Mapped[datetime | None]
    confirmed: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    next_position: Mapped[int] = mapped_column(default=1)
    program_id: Mapped[Id | None] = mapped_column(ForeignKey("programs.id"), index=True)
    conference_id: Mapped[Id | None] = mapped_column(
        ForeignKey("conferences.id"), index=True
    )
    #: People who come must be registered for the conference.
    requires_conference: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None]
    cancel_note: Mapped[str] = mapped_column(default="")
    #: Since when no date holds; kept when it is called off then.
    postponed_at: Mapped[datetime | None]
    postpone_note: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    #: When a draft is to be published by itself.
    publish_at: Mapped[datetime | None]
    #: When that came and something was missing; None once staff saw to it.
    not_published_at: Mapped[datetime | None] = mapped_column(index=True)
    #: Since when lists leave it out; its own page stays.
    archived_at: Mapped[datetime | None]
    #: The series it was repeated in.
    series_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_series.id"), index=True
    )
    #: The form that made it, whole or as a copy, and what it said: it makes one, once.
    sent: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)
    #: Title, summary, place, presenters and areas, folded, for the catalog's search.
    search_text: Mapped[str] = mapped_column(default="")
    #: What the catalog sorts by: the start, or the end of time for what never starts.
    listed_at: Mapped[datetime]
    #: When it moves to the past; None if it never does.
    over_at: Mapped[datetime | None]
    #: The month of the start on the event's own calendar, such as "2026-12".
    month: Mapped[str | None]
    #: Sessions to attend for having completed it; None for all of them.
    completes_after: Mapped[int | None]
    #: Percent of the minutes of its sessions, where those are not counted.
    completes_share: Mapped[int | None]
    completion_note: Mapped[str] = mapped_column(default="")
    prerequisite_note: Mapped[str] = mapped_column(default="")
    #: Whether it has questions of its own: they are looked for only then.
    has_questions: Mapped[bool] = mapped_column(default=False)

    series: Mapped[EventSeries | None] = relationship(lazy="raise")
    program: Mapped[Program | None] = relationship(lazy="raise")
    conference: Mapped[Conference | None] = relationship(lazy="raise")
    sessions: Mapped[list[EventSession]] = relationship(
        order_by=EventSession.position, cascade="all, delete-orphan", lazy="raise"
    )
    offers: Mapped[list[EventOffer]] = relationship(
        order_by="EventOffer.id", cascade="all, delete-orphan", lazy="raise"
    )
    areas: Mapped[list[EventArea]] = relationship(
        order_by=EventArea.position, cascade="all, delete-orphan", lazy="raise"
    )
    resources: Mapped[list[EventResource]] = relationship(
        order_by=EventResource.position, cascade="all, delete-orphan", lazy="raise"
    )
    questions: Mapped[list[EventQuestion]] = relationship(
        order_by=EventQuestion.position, cascade="all, delete-orphan", lazy="raise"
    )
    contributions: Mapped[list[Contribution]] = relationship(
        order_by=Contribution.position, cascade="all, delete-orphan", lazy="raise"
    )

    prerequisites: Mapped[list["EventPrerequisite"]] = relationship(
        foreign_keys="EventPrerequisite.event_id",
        order_by="EventPrerequisite.position",
        cascade="all, delete-orphan",
        lazy="raise",
    )

    @property
    def format(self) -> Format:
        return format_of(self.kind, on_demand=self.on_demand)

    @property
    def has_people(self) -> bool:
        """Whether anybody holds a place or waits for one."""
        return bool(self.confirmed or self.held or self.waiting)

    @property
    def is_postponed(self) -> bool:
        return self.state is State.POSTPONED

    def is_over(self, now: datetime) -> bool:
        return self.over_at is not None and self.over_at <= now

    def open_recording(self, now: datetime) -> str | None:
        """Return its recording, once there is nothing left to register for.

        What was watched on demand is open to all only if staff said so.
        """
        opens = not self.on_demand or self.afterwards is Afterwards.RECORDING
        return self.recording_url if opens and self.is_over(now) else None

    @property
    def joins_online(self) -> bool:
        """Whether people come in by the join page: not where all meet in a room."""
        if self.kind is Kind.WEBINAR or self.platform_url:
            return True
        return any(each.platform_url for each in self.sessions)

    def is_online(self, sitting: EventSession) -> bool:
        """Tell whether people come into a session by the join page."""
        return self.kind is Kind.WEBINAR or self.way_into(sitting) is not None

    def way_into(self, sitting: EventSession) -> str | None:
        """Return the link of a session: its own, or the event's."""
        return sitting.platform_url or self.platform_url

    @property
    def area_ids(self) -> list[str]:
        """The service areas it is about, the main one first."""
        return [each.area for each in self.areas]

    @property
    def main_area(self) -> str | None:
        return next(iter(self.area_ids), None)

    @property
    def asked(self) -> list[Question]:
        """The questions that are asked, as forms ask them."""
        return [each.as_asked for each in self.questions if each.active]

    @property
    def terms_of_offers(self) -> list[Offer]:
        """The offers as the rules see them, with the windows that apply."""
        return offers_in_force(self.offers, self.starts_at)


class EventPrerequisite(Base):
    """An event to attend before another, in the order shown."""

    __tablename__ = "event_prerequisites"
    __table_args__ = (
        CheckConstraint("event_id <> required_id", name="not_itself"),
        CheckConstraint("position >= 0", name="position"),
    )

    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), primary_key=True)
    required_id: Mapped[Id] = mapped_column(
        ForeignKey("events.id"), primary_key=True, index=True
    )
    position: Mapped[int]

    required: Mapped[Event] = relationship(foreign_keys=[required_id], lazy="raise")
