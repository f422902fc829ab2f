"""Who does what for an event."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.events.models.people import Partner, Presenter
from csd_events.events.models.sessions import EventSession
from csd_events.events.rules import Role


class Contribution(Base):
    """What a presenter or a partner does for an event, in the order shown."""

    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint(
            "(presenter_id IS NULL) <> (partner_id IS NULL)", name="one_contributor"
        ),
    )

    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role]
    presenter_id: Mapped[Id | None] = mapped_column(
        ForeignKey("presenters.id"), index=True
    )
    partner_id: Mapped[Id | None] = mapped_column(ForeignKey("partners.id"), index=True)
    #: Of the session it is for; None for the whole event.
    session_id: Mapped[Id | None] = mapped_column(
        ForeignKey("event_sessions.id", ondelete="SET NULL"), index=True
    )

    session: Mapped[EventSession | None] = relationship(lazy="raise")
    presenter: Mapped[Presenter | None] = relationship(lazy="joined")
    partner: Mapped[Partner | None] = relationship(lazy="joined")

    @classmethod
    def of(
        cls, kind: type[Presenter] | type[Partner]
    ) -> InstrumentedAttribute[int | None]:
        """Return the column that says who of a kind it is."""
        return cls.presenter_id if kind is Presenter else cls.partner_id
