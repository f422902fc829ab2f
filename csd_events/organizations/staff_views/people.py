"""Who belongs to an organization, since when and as what."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from csd_events.accounts import service as accounts
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.inputs import boxes_of, say
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.organizations import queries, service
from csd_events.organizations.forms import NewPersonForm, PersonForm
from csd_events.organizations.queries import PersonLine
from csd_events.organizations.rules import Refusal
from csd_events.organizations.staff_views.blueprint import back_to, bp, today
from csd_events.organizations.words import refusal_words


@bp.route("/organizations/<int:organization_id>/people/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_person(organization_id: int) -> ResponseReturnValue:
    form = NewPersonForm(data={"first_on": boxes_of(today())})
    if not form.is_submitted():
        return _page(form, organization_id)
    if not form.validate():
        return _page(form, organization_id), 422
    try:
        with transaction() as session:
            person_id = accounts.find_or_create_person(
                session,
                email=form.email.data,
                full_name=form.full_name.data,
                now=now(),
            )
            affiliation_id = service.affiliate(
                session,
                person_id=person_id,
                organization_id=organization_id,
                term=form.term,
                position=form.position.data,
                is_contact=form.is_contact.data,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError as error:
        return _refused(form, organization_id, error)
    known = queries.get_person_line(db.session(), organization_id, affiliation_id)
    flash(_("%(name)s is on the roster.", name=known.full_name))
    return back_to(organization_id)


@bp.route(
    "/organizations/<int:organization_id>/people/<int:affiliation_id>",
    methods=["GET", "POST"],
)
@guards_itself
@staff_required
def person(organization_id: int, affiliation_id: int) -> ResponseReturnValue:
    line = queries.get_person_line(db.session(), organization_id, affiliation_id)
    form = PersonForm(data=_filled(line))
    if not form.is_submitted():
        return _page(form, organization_id, line)
    if not form.validate():
        return _page(form, organization_id, line), 422
    try:
        with transaction() as session:
            service.save_affiliation(
                session,
                affiliation_id,
                term=form.term,
                position=form.position.data,
                is_contact=form.is_contact.data,
                now=now(),
                actor_id=current_person_id(),
            )
    except RefusedError as error:
        return _refused(form, organization_id, error, line)
    flash(_("Saved."))
    return back_to(organization_id)


def _filled(line: PersonLine) -> dict[str, object]:
    return {
        "position": line.position,
        "is_contact": line.is_contact,
        "first_on": boxes_of(line.from_on),
        "last_on": boxes_of(line.until_on),
    }


def _page(
    form: PersonForm, organization_id: int, line: PersonLine | None = None
) -> str:
    return render_template(
        "organizations/staff/person.html",
        form=form,
        organization=queries.get(db.session(), organization_id),
        person=line,
    )


def _refused(
    form: PersonForm,
    organization_id: int,
    error: RefusedError,
    line: PersonLine | None = None,
) -> ResponseReturnValue:
    say(form.first_on.form.month, refusal_words(Refusal(error.reason)))
    return _page(form, organization_id, line), 422
