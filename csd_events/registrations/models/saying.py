"""What registrations say: answers, and what somebody needs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id


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
