"""What somebody may do in one program alone: administrators give it and take it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.accounts import queries as accounts
from csd_events.core.access import administrator_required, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries, service
from csd_events.events.forms import ProgramRoleForm
from csd_events.events.staff_views.blueprint import bp
from csd_events.events.words import program_role_words


@bp.route("/people/<int:person_id>/programs", methods=["GET", "POST"])
@guards_itself
@administrator_required
def program_roles(person_id: int) -> ResponseReturnValue:
    """Show in which programs somebody may do what, and give them another role."""
    form = ProgramRoleForm(programs=queries.list_programs(db.session()))
    if not form.validate_on_submit():
        return _page(person_id, form), 422 if form.is_submitted() else 200
    account = accounts.get_account_of(db.session(), person_id)
    try:
        with transaction() as session:
            service.give_program_role(
                session,
                account.id,
                form.program_id,
                form.chosen_role,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError:
        flash(_not_changed(), "error")
    else:
        flash(_("Saved."))
    return redirect(url_for(".program_roles", person_id=person_id), code=303)


@bp.post("/people/<int:person_id>/programs/<int:program_id>/take")
@administrator_required
def take_program_role(person_id: int, program_id: int) -> ResponseReturnValue:
    account = accounts.get_account_of(db.session(), person_id)
    try:
        with transaction() as session:
            service.take_program_role(
                session,
                account.id,
                program_id,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError:
        flash(_not_changed(), "error")
    else:
        flash(_("The role in this program is taken away."))
    return redirect(url_for(".program_roles", person_id=person_id), code=303)


def _page(person_id: int, form: ProgramRoleForm) -> str:
    account = accounts.get_account_of(db.session(), person_id)
    held = queries.list_program_roles(db.session(), person_id)
    return render_template(
        "events/staff/program_roles.html",
        person_id=person_id,
        name=account.full_name,
        roles=[
            (program_id, name, program_role_words(role))
            for program_id, name, role in held
        ],
        form=form,
        button=FlaskForm(),
    )


def _not_changed() -> str:
    return str(
        _(
            "Nothing was changed: nobody has shown yet that this address is theirs, or "
            "somebody took your own role away a moment ago."
        )
    )
