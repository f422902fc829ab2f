"""What an event costs whom until when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.events.rules import Audience


def _one_at_a_time(audience: Audience) -> ExcludeConstraint:
    """On PostgreSQL, no two offers of an event for one audience overlap.

    Looked at on commit, so that two offers can trade their days in one save.
    Elsewhere `rules.overlapping` alone says so, under the same lock.
    """
    constraint = ExcludeConstraint(
        (text("int8range(event_id, event_id, '[]')"), "&&"),
        (text("tstzrange(opens_at, closes_at)"), "&&"),
        where=text(f"audience = '{audience.value}'"),
        name=f"ex_event_offers_{audience.value}",
        using="gist",
        deferrable=True,
        initially="DEFERRED",
    )
    return constraint.ddl_if(dialect="postgresql")


class EventOffer(Base):
    """A price for an audience from a day to a day, as staff wrote it.

    `opens_at` and `closes_at` follow from the days in the event's zone: "through
    October 15" ends at the first instant of the 16th. No closing day means until
    the event starts.
    """

    __tablename__ = "event_offers"
    __table_args__ = (
        CheckConstraint("price_cents >= 0", name="price"),
        CheckConstraint("quota >= 0", name="quota"),
        CheckConstraint("confirmed >= 0 AND held >= 0", name="counters"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("(audience = 'invited') = (code IS NOT NULL)", name="code"),
        UniqueConstraint("event_id", "code"),
        Index(None, "event_id"),
        # An invitation is known by its code: several may be open at once.
        *(_one_at_a_time(each) for each in Audience if each is not Audience.INVITED),
        {"sqlite_autoincrement": True},  # an open form names the offer it showed
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    audience: Mapped[Audience]
    price_cents: Mapped[int]
    currency: Mapped[str]  # ISO 4217
    opens_on: Mapped[date | None]  # the first day
    closes_on: Mapped[date | None]  # the last day, which counts
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    quota: Mapped[int | None]
    code: Mapped[str | None]  # of an invitation, as `rules.code_of` writes it
    confirmed: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)

    @property
    def taken(self) -> int:
        """The places of its own that somebody has, or that are held for somebody."""
        return self.confirmed + self.held
