"""Registrations that staff chose together, what is done with them, and columns."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.registrations.rules import Deed, Done, Work


class Selection(Base):
    """Registrations of one event that staff chose, kept as they were then.

    What is done with them goes on piece by piece: `cursor` says how far that is, so
    that whoever goes on with it knows where.
    """

    __tablename__ = "selections"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an open page names it

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), index=True)
    actor_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    deed: Mapped[Deed]
    known: Mapped[int] = mapped_column(default=0)  # how many were chosen
    work: Mapped[Work] = mapped_column(default=Work.ASKED, index=True)
    #: Whether each of them is mailed; where they are moved to, and by which offer.
    tell: Mapped[bool] = mapped_column(default=True)
    target_id: Mapped[Id | None] = mapped_column(ForeignKey("events.id"), index=True)
    offer_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_offers.id", ondelete="SET NULL"), index=True
    )
    done: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[Id] = mapped_column(default=0)  # the last registration done


class Selected(Base):
    """One registration of a selection, and what became of it."""

    __tablename__ = "selected_registrations"
    __table_args__ = (Index(None, "selection_id", "outcome", "registration_id"),)

    selection_id: Mapped[Id] = mapped_column(
        ForeignKey("selections.id"), primary_key=True
    )
    registration_id: Mapped[Id] = mapped_column(
        ForeignKey("registrations.id"), primary_key=True, index=True
    )
    outcome: Mapped[Done | None]
    why: Mapped[str] = mapped_column(default="")  # a `NotPlaced`, where it was not done


class ListColumns(Base):
    """The columns that somebody of the staff wants to see of registrations."""

    __tablename__ = "list_columns"

    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    names: Mapped[JsonList]
