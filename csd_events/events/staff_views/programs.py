"""Programs: all of them, a new one, a change."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.web import guards_itself
from csd_events.core.words import lazy_gettext
from csd_events.events import queries, service
from csd_events.events.forms import ProgramForm, typed_of_program
from csd_events.events.models import Program
from csd_events.events.rules import Fault
from csd_events.events.staff_views.blueprint import Desk, answer, bp
from csd_events.library import queries as library

WORDS = {Fault.NAME_TAKEN: lazy_gettext("Another program has this name")}


@bp.get("/programs")
@staff_required
def programs() -> ResponseReturnValue:
    return render_template(
        "events/staff/programs.html",
        programs=queries.list_programs_for_staff(db.session()),
    )


@bp.route("/programs/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_program() -> ResponseReturnValue:
    form = _form()
    if request.method != "POST":
        return _page(form, None)
    return answer(form, _desk(form, None))


@bp.route("/programs/<int:program_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_program(program_id: int) -> ResponseReturnValue:
    program = queries.get_program(db.session(), program_id)
    if request.method != "POST":
        return _page(_form(data=typed_of_program(program)), program)
    form = _form()
    return answer(form, _desk(form, program))


def _form(**given: Any) -> ProgramForm:
    return ProgramForm(cases=library.list_titles(db.session()), **given)


def _page(
    form: ProgramForm,
    program: Program | None,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "events/staff/edit_program.html", form=form, program=program, saved=saved
    )


def _desk(form: ProgramForm, program: Program | None) -> Desk:
    program_id = program.id if program else None

    def save(session: Any) -> None:
        draft, who = form.draft(), current_person_id()
        if program_id is None:
            service.create_program(session, draft, now=now(), actor_id=who)
            return
        service.update_program(
            session,
            program_id,
            draft,
            version=form.seen_version,
            now=now(),
            actor_id=who,
        )

    def fresh() -> ProgramForm:
        found = queries.get_program(db.session(), program_id or 0)
        return _form(data=typed_of_program(found), formdata=None)

    return Desk(
        page=lambda form, **others: _page(form, program, **others),
        save=save,
        fresh=fresh,
        another=form.another,
        words=WORDS,
        done=url_for(".programs"),
    )
