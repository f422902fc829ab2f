"""What people may do at the staff desk: administrators give roles and take them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.accounts import queries, service
from csd_events.accounts.models import Account
from csd_events.accounts.rules import Refusal
from csd_events.core.access import Role, administrator_required, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.words import gettext as _

bp = Blueprint("accounts_staff", __name__, url_prefix="/staff/people")


@bp.route("/<int:person_id>/role", methods=["GET", "POST"])
@administrator_required
def role(person_id: int) -> ResponseReturnValue:
    """Ask once more, with the name, before somebody gets a role or loses it."""
    account, wanted = queries.get_account_of(db.session(), person_id), _wanted()
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template(
            "accounts/staff/role.html",
            person_id=person_id,
            name=account.full_name,
            question=_question(account, wanted),
            means=_means(wanted, own=person_id == current_person_id()),
            button=_button(account, wanted),
            wanted=wanted.value,
            form=form,
        )
    try:
        with transaction() as session:
            service.grant_role(
                session, account.id, wanted, now=now(), actor_id=current_person_id()
            )
    except RefusedError as error:
        flash(_refusal_words(Refusal(error.reason)), "error")
    else:
        flash(_done(account.full_name, wanted))
    return redirect(url_for("home_staff.person", person_id=person_id), code=303)


def _wanted() -> Role:
    """Read which role is asked for.

    Raises:
        NotFoundError: There is no such role.
    """
    asked = request.values.get("role")
    if asked not in set(Role) - {Role.PROGRAM}:  # that one comes with a program
        raise NotFoundError("no such role")
    return Role(asked)


def _question(account: Account, wanted: Role) -> str:
    words: dict[Role, str] = {
        Role.ADMINISTRATOR: _("Make %(name)s an administrator?"),
        Role.SCHEDULER: _("Make %(name)s a scheduler?"),
        Role.CHECK_IN: _("Let %(name)s work at the door?"),
        Role.REPORTS: _("Let %(name)s read reports?"),
        Role.NONE: _("Take away what %(name)s may do as staff?"),
    }
    return words[wanted] % {"name": account.full_name}


def _button(account: Account, wanted: Role) -> str:
    words: dict[Role, str] = {
        Role.ADMINISTRATOR: _("Make %(name)s an administrator"),
        Role.SCHEDULER: _("Make %(name)s a scheduler"),
        Role.CHECK_IN: _("Let %(name)s work at the door"),
        Role.REPORTS: _("Let %(name)s read reports"),
        Role.NONE: _("Take the role of %(name)s away"),
    }
    return words[wanted] % {"name": account.full_name}


def _means(wanted: Role, *, own: bool) -> list[str]:
    """Say what the role lets somebody do, and what a change of one's own means."""
    words: dict[Role, str] = {
        Role.ADMINISTRATOR: _(
            "An administrator does all that a scheduler does, gives roles, says who "
            "the association is, and reads the audit trail."
        ),
        Role.SCHEDULER: _(
            "A scheduler writes events, tells their people of changes, and sees "
            "everybody who is registered."
        ),
        Role.CHECK_IN: _(
            "Who works at the door sees who is registered for an event, and its run "
            "sheet and door list. They change nothing."
        ),
        Role.REPORTS: _(
            "Who reads reports sees each event's numbers, and nobody's name or address."
        ),
        Role.NONE: _(
            "The staff pages close at once. The account and its registrations stay."
        ),
    }
    if own and wanted is not Role.ADMINISTRATOR:
        return [words[wanted], _("This is your own role: you cannot give it back.")]
    return [words[wanted]]


def _done(name: str, wanted: Role) -> str:
    words: dict[Role, str] = {
        Role.ADMINISTRATOR: _("%(name)s is an administrator now."),
        Role.SCHEDULER: _("%(name)s is a scheduler now."),
        Role.CHECK_IN: _("%(name)s can work at the door now."),
        Role.REPORTS: _("%(name)s can read reports now."),
        Role.NONE: _("%(name)s has no role any more."),
    }
    return words[wanted] % {"name": name}


def _refusal_words(refusal: Refusal) -> str:
    words: dict[Refusal, str] = {
        Refusal.LAST_ADMINISTRATOR: _(
            "Nothing was changed: this is the last administrator. Make somebody else "
            "one first."
        ),
        Refusal.NO_ADMINISTRATOR: _(
            "Nothing was changed: somebody took your own role away a moment ago."
        ),
        Refusal.NOT_CONFIRMED: _(
            "Nothing was changed: nobody has shown yet that this address is theirs. "
            "They sign in by a mailed link first."
        ),
    }
    return words[refusal]
