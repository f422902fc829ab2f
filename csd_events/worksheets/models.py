"""The tables of the decision tool."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id

NOBODYS = text("person_id IS NULL")


class Worksheet(Base):
    """One person's answers about one service of one community.

    Whoever has its link reads and answers it. It belongs to an account, or to nobody:
    then it is removed some time after its last answer.
    """

    __tablename__ = "worksheets"
    __table_args__ = (
        Index(
            "ix_worksheets_forgotten",
            "answered_at",
            postgresql_where=NOBODYS,
            sqlite_where=NOBODYS,
        ),
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
