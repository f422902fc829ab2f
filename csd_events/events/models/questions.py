"""What an event asks of whoever registers, besides who they are."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id, JsonList
from csd_events.events.rules import IN_WORDS, Question, QuestionKind


class EventQuestion(Base):
    """A question of staff, in the order asked.

    Once it is `answered` it keeps its row and its kind; its words may change.
    """

    __tablename__ = "event_questions"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        Index(None, "event_id", "position"),
        {"sqlite_autoincrement": True},  # an open form names the questions it showed
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"))
    position: Mapped[int]
    kind: Mapped[QuestionKind]
    label: Mapped[str]
    help: Mapped[str] = mapped_column(default="")
    choices: Mapped[JsonList] = mapped_column(default=list)
    required: Mapped[bool] = mapped_column(default=False)
    #: Whether it is asked; what was answered before stays readable.
    active: Mapped[bool] = mapped_column(default=True)
    #: Whether those on stage read what is answered, without names.
    for_presenters: Mapped[bool] = mapped_column(default=False)
    #: Whether somebody ever answered it.
    answered: Mapped[bool] = mapped_column(default=False)

    @property
    def as_asked(self) -> Question:
        """The question as a form asks it, which outlives the session."""
        return Question(
            self.id,
            self.kind,
            self.label,
            self.help,
            self.choices,
            self.required,
            is_read_on_stage=self.is_read_on_stage,
        )

    @property
    def is_read_on_stage(self) -> bool:
        """Whether its answers are shown to who presents: free text alone ever is."""
        return self.for_presenters and self.kind in IN_WORDS
