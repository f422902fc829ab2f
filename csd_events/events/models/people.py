"""Who stands on stage, and who stands behind an event."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csd_events.core.db import Base
from csd_events.core.types import Id
from csd_events.events.rules import PartnerKind

#: Of two made one the trail and open forms still name the one that is gone.
NEVER_TWICE = {"sqlite_autoincrement": True}


class Presenter(Base):
    """Somebody on stage, with a page of their own."""

    __tablename__ = "presenters"
    __table_args__ = (UniqueConstraint("full_name", "organization"), NEVER_TWICE)

    id: Mapped[Id] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    name_key: Mapped[str]  # folded, with the organization: what lists sort and search
    title: Mapped[str]
    organization: Mapped[str]
    about: Mapped[str] = mapped_column(default="")  # Markdown
    #: IANA name: on whose clock they get up; None where nobody has said.
    zone: Mapped[str | None]
    #: Raised by every save, so that nobody saves over what they have not seen.
    version: Mapped[int] = mapped_column(default=1)

    @property
    def name(self) -> str:
        return self.full_name

    @property
    def known_as(self) -> str:
        """The name with what tells people of one name apart."""
        facts = (self.full_name, self.title, self.organization)
        return ", ".join(fact for fact in facts if fact)


class PresenterSlug(Base):
    """An address that leads to a presenter: their own, or of one who was the same."""

    __tablename__ = "presenter_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    presenter_id: Mapped[Id] = mapped_column(ForeignKey("presenters.id"), index=True)


class Partner(Base):
    """An organization that makes an event with us, or pays for it."""

    __tablename__ = "partners"
    __table_args__ = (
        CheckConstraint("website LIKE 'https://%'", name="is_https"),
        NEVER_TWICE,
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_key: Mapped[str]  # folded: what lists sort and search
    kind: Mapped[PartnerKind | None]
    website: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def known_as(self) -> str:
        return self.name
