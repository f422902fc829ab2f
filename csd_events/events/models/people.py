"""Who stands on stage, and who stands behind an event."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
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
    email: Mapped[str] = mapped_column(default="")  # for staff alone, as the next
    telephone: Mapped[str] = mapped_column(default="")
    #: Raised to end the links to their own page and to the calendar that follows.
    link_version: Mapped[int] = mapped_column(default=1)
    #: Added to the numbers of the sessions in their calendar entries; never falls.
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    #: The name of the file in `core.files`: drawn anew with each picture.
    picture: Mapped[str | None] = mapped_column(index=True)
    #: What it shows, for who does not see it; empty where it only decorates.
    picture_alt: Mapped[str] = mapped_column(default="")
    #: When they changed what is said of them; None once staff have looked.
    corrected_at: Mapped[datetime | None] = mapped_column(index=True)
    #: What was said of them before that, so that staff can put it back.
    former: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
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
