"""Who may enter: over whoever Flask-Login has loaded, whatever that row is called."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar, cast

from flask import abort, current_app, g
from flask_login import current_user
from sqlalchemy.orm import Session

from csd_events.core.db import db

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    """What an account may do beyond its own affairs, on the whole site.

    Who is PROGRAM holds one of CHECK_IN, REPORTS or SCHEDULER in some programs alone.
    """

    NONE = "none"
    PROGRAM = "program"
    REPORTS = "reports"  # reads reports, which name nobody
    CHECK_IN = "check_in"  # reads who comes, at the door
    SCHEDULER = "scheduler"
    ADMINISTRATOR = "administrator"


#: Roles that may be held in one program alone.
IN_PROGRAMS = (Role.REPORTS, Role.CHECK_IN, Role.SCHEDULER)
#: Anyone who schedules.
SCHEDULERS = frozenset({Role.SCHEDULER, Role.ADMINISTRATOR})
#: Tells which roles a person holds, by their programs, in what a view's address names.
RolesAt = Callable[[Session, int, Mapping[str, object]], Collection[Role]]


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


#: Whoever schedules on the whole site.
staff_required = role_required(*SCHEDULERS)
#: Whoever has a role at all; what they see is narrowed to what is theirs.
desk_required = role_required(*set(Role) - {Role.NONE})
administrator_required = role_required(Role.ADMINISTRATOR)


def event_staff_required(*also: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let those open a page of one event who schedule there, and who hold other roles.

    A role counts on the whole site or, of an event of a program, in that program. The
    view's address names an ``event_id`` or something that belongs to one.
    """
    allowed = SCHEDULERS | set(also)

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            person = current_person()
            if person is None:
                abort(401)
            g.roles_here = _roles_at(person, kwargs)
            if not g.roles_here & allowed:
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


def schedules() -> bool:
    """Tell whether whoever is signed in schedules on the whole site."""
    person = current_person()
    return person is not None and person.role in SCHEDULERS


def may_here(*roles: Role) -> bool:
    """Tell whether who is let in by `event_staff_required` may do what these roles may.

    Who schedules here may do all of it; no roles ask for that alone.
    """
    return bool(g.roles_here & (SCHEDULERS | set(roles)))


def _roles_at(person: SignedIn, named: Mapping[str, object]) -> set[Role]:
    if person.role is not Role.PROGRAM:
        return {person.role}
    roles_at: RolesAt = current_app.extensions["csd_roles_at"]
    return set(roles_at(db.session(), person.person_id, named))
