"""What is to be read with an event, beside its case studies."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.library.models import Citation, Publication


class EventResource(Base):
    """A publication or an entry of the bibliography, in the order staff gave."""

    __tablename__ = "event_resources"
    __table_args__ = (
        CheckConstraint(
            "(publication_id IS NULL) <> (citation_id IS NULL)", name="one_resource"
        ),
    )

    event_id: Mapped[Id] = mapped_column(ForeignKey("events.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[Id | None] = mapped_column(
        ForeignKey("publications.id"), index=True
    )
    citation_id: Mapped[Id | None] = mapped_column(
        ForeignKey("citations.id"), index=True
    )

    publication: Mapped[Publication | None] = relationship(lazy="raise")
    citation: Mapped[Citation | None] = relationship(lazy="raise")

    @property
    def name(self) -> str:
        """What names it in a list to choose from: ``publication-3``."""
        if self.publication_id is not None:
            return f"publication-{self.publication_id}"
        return f"citation-{self.citation_id}"
