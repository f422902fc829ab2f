"""How much the library is used, by communities and never by people."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.library.rules.using import Use


class LibraryUse(Base):
    """How often people of one organization did one thing on one day."""

    __tablename__ = "library_uses"
    __table_args__ = (Index(None, "organization_id"),)

    day: Mapped[date] = mapped_column(primary_key=True)  # of the association
    use: Mapped[Use] = mapped_column(primary_key=True)
    #: A service area; of what was not found, the words as they are compared.
    subject: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[Id] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    times: Mapped[int] = mapped_column(default=1)
