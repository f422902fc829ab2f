"""Who may enter: over whoever Flask-Login has loaded, whatever that row is called."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar, cast

from flask import abort
from flask_login import current_user

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    """What an account may do beyond its own affairs."""

    NONE = "none"
    SCHEDULER = "scheduler"
    ADMINISTRATOR = "administrator"


class SignedIn(Protocol):
    """What pages may know of the person who is signed in."""

    @property
    def person_id(self) -> int: ...
    @property
    def full_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def zone(self) -> str | None: ...
    @property
    def role(self) -> Role: ...
    @property
    def is_staff(self) -> bool: ...


def current_person() -> SignedIn | None:
    """Return the person who is signed in, or None for a visitor."""
    return cast("SignedIn", current_user) if current_user.is_authenticated else None


def current_person_id() -> int | None:
    """Return the id of the person who is signed in, or None for a visitor."""
    person = current_person()
    return person.person_id if person else None


def is_administrator() -> bool:
    """Tell whether whoever is signed in runs the site."""
    person = current_person()
    return person is not None and person.role is Role.ADMINISTRATOR


def sign_in_required(view: Callable[P, R]) -> Callable[P, R]:
    """Let only signed-in people open a page; others get 401 with the way to sign in."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if current_person() is None:
            abort(401)
        return view(*args, **kwargs)

    return guarded


def role_required(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only some roles open a page: 401 for a visitor, 403 for anyone else."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            person = current_person()
            if person is None:
                abort(401)
            if person.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


#: Anyone who schedules: the two roles of the staff desk.
staff_required = role_required(Role.SCHEDULER, Role.ADMINISTRATOR)
administrator_required = role_required(Role.ADMINISTRATOR)
