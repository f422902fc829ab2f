"""The tables of the decision tool."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.worksheets.rules import Stage

NOBODYS = text("person_id IS NULL")


class Worksheet(Base):
    """One person's answers about one service of one community.

    Whoever has its link reads and answers it. It belongs to an account, or to nobody:
    then it is removed some time after its last answer. It may be one of a group's.
    """

    __tablename__ = "worksheets"
    __table_args__ = (
        Index(
            "ix_worksheets_forgotten",
            "answered_at",
            postgresql_where=NOBODYS,
            sqlite_where=NOBODYS,
        ),
        UniqueConstraint("group_id", "joining"),  # a form sent twice joins once
        # A link to one that is gone never opens a later one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    #: Which wording of the tool it was begun with, and keeps.
    instrument: Mapped[str]
    service_area: Mapped[str]
    community: Mapped[str]  # as typed; empty where nobody said
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    #: Raised to end every link made before.
    link_version: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[datetime]
    answered_at: Mapped[datetime]  # last; when it was begun, until there is an answer

    group_id: Mapped[Id | None] = mapped_column(
        ForeignKey("worksheet_groups.id", ondelete="SET NULL")
    )
    #: Drawn with the form by which somebody joined their group.
    joining: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")  # for the group's facilitator alone
    handed_in_at: Mapped[datetime | None]

    answers: Mapped[list["WorksheetAnswer"]] = relationship(
        order_by="WorksheetAnswer.item", lazy="raise"
    )


class WorksheetAnswer(Base):
    """What somebody answered to one question: the latest they said."""

    __tablename__ = "worksheet_answers"
    __table_args__ = (CheckConstraint("grade BETWEEN 1 AND 3", name="grade"),)

    worksheet_id: Mapped[Id] = mapped_column(
        ForeignKey("worksheets.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(primary_key=True)  # such as "S1", or "R1"
    #: 1 to 3, and of readiness *no* to *yes*; None for *We do not know yet*.
    grade: Mapped[int | None]
    answered_at: Mapped[datetime]


class WorksheetGroup(Base):
    """Colleagues who answer one worksheet each, alone, and then talk about it.

    Whoever has its link is its facilitator. Worksheets outlive their group.
    """

    __tablename__ = "worksheet_groups"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_worksheet_groups_changed_at", "changed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    instrument: Mapped[str]
    service_area: Mapped[str]
    community: Mapped[str]
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    #: Where it meets; the event's own reading is suggested then.
    event_id: Mapped[Id | None] = mapped_column(ForeignKey("events.id"), index=True)
    #: By which people join; None once it is closed.
    code: Mapped[str | None]
    link_version: Mapped[int] = mapped_column(default=1)
    stage: Mapped[Stage] = mapped_column(default=Stage.ANSWERING)
    item: Mapped[str | None]  # the question on the screen now
    #: Rises with all that its facilitator and the screen see changed.
    changed: Mapped[int] = mapped_column(default=0)
    #: Rises with what those see who have handed in: not with each who joins.
    moved: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class WorksheetSettlement(Base):
    """What a group settled on for one question, beside what its people answered."""

    __tablename__ = "worksheet_settlements"
    __table_args__ = (CheckConstraint("grade BETWEEN 1 AND 3", name="grade"),)

    group_id: Mapped[Id] = mapped_column(
        ForeignKey("worksheet_groups.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[int | None]  # None: settled on *We do not know yet*
    note: Mapped[str]
    settled_at: Mapped[datetime]


class WorksheetTask(Base):
    """What a group wants to find out, who will, and by when."""

    __tablename__ = "worksheet_tasks"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id] = mapped_column(primary_key=True)
    group_id: Mapped[Id] = mapped_column(
        ForeignKey("worksheet_groups.id", ondelete="CASCADE"), index=True
    )
    item: Mapped[str | None]  # the question it is about; None for the whole
    what: Mapped[str]
    who: Mapped[str]
    due: Mapped[str]  # as people say it: "before the budget"
