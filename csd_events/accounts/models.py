"""People, accounts, links that were mailed, and tries to sign in that failed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from csd_events.accounts.rules import LinkKind, name_key
from csd_events.core.access import Role
from csd_events.core.db import Base
from csd_events.core.types import Id


def _key_of_name(context: DefaultExecutionContext) -> str:
    saved: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
    return name_key(saved["full_name"])


class Person(Base):
    """One mail address, and what its owner has told us."""

    __tablename__ = "people"
    __table_args__ = (
        #: All that staff's list is sorted and searched by: a search reads nothing else.
        Index(None, "name_key", "id", "email_key"),
        # A registration refers to both at once, and needs them unique together.
        Index(None, "id", "email_key", unique=True),
        {"sqlite_autoincrement": True},  # mails and open pages name who was removed
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    email: Mapped[str]  # as it was typed
    email_key: Mapped[str] = mapped_column(unique=True)  # see accounts.rules
    email_confirmed_at: Mapped[datetime | None]
    full_name: Mapped[str]
    created_at: Mapped[datetime]
    #: The name as lists are sorted and searched by; see `accounts.rules.name_key`.
    #: Who changes a name with a statement of their own changes it too.
    name_key: Mapped[str] = mapped_column(default=_key_of_name)
    #: What they prefer, as chosen under ``/me/preferences``; ids of the vocabulary.
    preferred_form: Mapped[str | None]
    stage: Mapped[str | None]
    zone: Mapped[str | None]  # IANA name; None for what their device says
    wants_reminders: Mapped[bool] = mapped_column(default=True, server_default=true())

    @validates("full_name")
    def _keep_the_key(self, _name: str, full_name: str) -> str:
        self.name_key = name_key(full_name)
        return full_name


class PersonArea(Base):
    """A service area somebody is interested in, the first choice first."""

    __tablename__ = "person_areas"
    __table_args__ = (UniqueConstraint("person_id", "area"),)

    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str]


class Account(Base):
    """A person who can sign in.

    The last attributes are what Flask-Login asks of a user and what
    ``core.access`` tells pages about one.
    """

    __tablename__ = "accounts"
    # A cookie outlives its account: no other one may get its number.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), unique=True)
    #: None for who signs in by mailed links alone.
    password_hash: Mapped[str | None]
    role: Mapped[Role] = mapped_column(default=Role.NONE)
    #: Raised to end every session of this account at once.
    session_version: Mapped[int] = mapped_column(default=1)
    #: Raised to end the secret address of this account's calendar.
    feed_version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    is_active = True
    is_anonymous = False
    is_authenticated = True

    def get_id(self) -> str:
        return f"{self.id}.{self.session_version}"

    @property
    def full_name(self) -> str:
        return self.person.full_name

    @property
    def email(self) -> str:
        return self.person.email

    @property
    def zone(self) -> str | None:
        return self.person.zone

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.NONE


class MailedLink(Base):
    """A link that is mailed, opens one page, and is used up by its button.

    Nothing secret is kept: the link is made from the id and the version, so a mail
    that is written twice holds the same one.
    """

    __tablename__ = "mailed_links"
    __table_args__ = (
        Index(None, "address_key", "kind"),
        {"sqlite_autoincrement": True},  # an old link never meets a new row
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    kind: Mapped[LinkKind]
    address: Mapped[str]  # whose mailbox it proves
    address_key: Mapped[str]
    #: Who it is about; None where nobody is known by the address.
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    full_name: Mapped[str] = mapped_column(default="")  # of a new account
    next_path: Mapped[str] = mapped_column(default="")  # the page to go on to
    version: Mapped[int] = mapped_column(BigInteger)  # drawn; see `core.tokens`
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInFailure(Base):
    """One wrong try to sign in, kept for as long as it counts.

    Both keys are hashed: the table holds no address of anybody.
    """

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index(None, "address_key", "at"),
        Index(None, "network_key", "at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    address_key: Mapped[str]
    network_key: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class TypedForm(Base):
    """What somebody of the staff typed into a form and did not save, for a while.

    One for each person and page: the latest takes the place of the one before.
    """

    __tablename__ = "typed_forms"

    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    #: The path of the page whose form it is.
    page: Mapped[str] = mapped_column(primary_key=True)
    #: Name and value of each field, in the order of the form.
    fields: Mapped[list[Any]] = mapped_column(JSON)
    typed_at: Mapped[datetime] = mapped_column(index=True)

    def said(self, name: str) -> str:
        """Return what was typed into the first field of a name."""
        return next((value for key, value in self.fields if key == name), "")
