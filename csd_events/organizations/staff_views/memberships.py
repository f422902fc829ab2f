"""Who is a member from a day to a day, and the kinds of membership there are."""

from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.models import Person
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.inputs import boxes_of, say
from csd_events.core.pages import ListPage, read_id, with_addresses
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.organizations import queries, service
from csd_events.organizations.forms import MembershipForm, TypeForm
from csd_events.organizations.models import Membership, MembershipType
from csd_events.organizations.queries import MembershipLine
from csd_events.organizations.rules import Refusal, Term, last_day
from csd_events.organizations.service import TypeFacts
from csd_events.organizations.staff_views.blueprint import bp, today
from csd_events.organizations.words import refusal_words


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose membership it is."""

    name: str
    url: str
    organization_id: int | None = None
    person_id: int | None = None


@bp.route("/memberships/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_membership() -> ResponseReturnValue:
    owner = _owner(
        read_id(request.args.get("organization")), read_id(request.args.get("person"))
    )
    form = MembershipForm(types=_types(owner), data={"first_on": boxes_of(today())})
    if not form.is_submitted():
        return _page(form, owner)
    if not form.validate():
        return _page(form, owner), 422
    term = _term(form)
    with transaction() as session:
        made = service.record_membership(
            session,
            term=term,
            type_id=form.chosen_type,
            organization_id=owner.organization_id,
            person_id=owner.person_id,
            now=now(),
            actor_id=current_person_id(),
        )
    _say_saved(owner, term, made)
    return redirect(owner.url, code=303)


@bp.route("/memberships/<int:membership_id>", methods=["GET", "POST"])
@guards_itself
@staff_required
def membership(membership_id: int) -> ResponseReturnValue:
    found = queries.get_membership(db.session(), membership_id)
    owner = _owner(found.organization_id, found.person_id)
    form = MembershipForm(
        types=_types(owner, present=found.type_id), data=_filled(found)
    )
    if not form.is_submitted():
        return _page(form, owner, found)
    if not form.validate():
        return _page(form, owner, found), 422
    term = _term(form)
    with transaction() as session:
        service.save_membership(
            session,
            membership_id,
            term=term,
            type_id=form.chosen_type,
            now=now(),
            actor_id=current_person_id(),
        )
    _say_saved(owner, term, membership_id)
    return redirect(owner.url, code=303)


@bp.get("/membership-types")
@staff_required
def membership_types() -> ResponseReturnValue:
    return render_template(
        "organizations/staff/membership_types.html",
        types=queries.list_types(db.session()),
    )


@bp.route("/membership-types/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_membership_type() -> ResponseReturnValue:
    form = TypeForm(data={"is_active": True, "for_organizations": True})
    return _save_type(form, None)


@bp.route("/membership-types/<int:type_id>", methods=["GET", "POST"])
@guards_itself
@staff_required
def membership_type(type_id: int) -> ResponseReturnValue:
    found = queries.get_type(db.session(), type_id)
    form = TypeForm(obj=found)
    form.months.data = form.months.data if form.is_submitted() else str(found.months)
    return _save_type(form, found)


def _save_type(form: TypeForm, found: MembershipType | None) -> ResponseReturnValue:
    if not form.is_submitted():
        return _type_page(form, found)
    if not form.validate():
        return _type_page(form, found), 422
    at, actor_id = now(), current_person_id()
    type_id = found.id if found else None
    try:
        with transaction() as session:
            if type_id is None:
                service.create_type(session, _facts(form), now=at, actor_id=actor_id)
            else:
                service.save_type(
                    session, type_id, _facts(form), now=at, actor_id=actor_id
                )
    except RefusedError as error:
        say(form.name, refusal_words(Refusal(error.reason)))
        found = queries.get_type(db.session(), type_id) if type_id else None
        return _type_page(form, found), 422
    flash(_("Saved."))
    return redirect(url_for(".membership_types"), code=303)


def _facts(form: TypeForm) -> TypeFacts:
    return TypeFacts(
        name=form.name.data,
        for_organizations=form.for_organizations.data,
        for_people=form.for_people.data,
        months=form.number or 0,
        is_active=form.is_active.data,
    )


def _type_page(form: TypeForm, found: MembershipType | None) -> str:
    return render_template(
        "organizations/staff/membership_type.html", form=form, type=found
    )


def _owner(organization_id: int | None, person_id: int | None) -> Owner:
    """Find whose membership it is.

    Raises:
        NotFoundError: The address names nobody.
    """
    session = db.session()
    if organization_id is not None:
        name = queries.get(session, organization_id).name
        url = url_for(".organization", organization_id=organization_id)
        return Owner(name, url, organization_id=organization_id)
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None:
        raise NotFoundError("owner of a membership")
    url = url_for(".new_membership", person=person.id)
    return Owner(person.full_name, url, person_id=person.id)


def _types(owner: Owner, *, present: int | None = None) -> list[MembershipType]:
    """List the kinds that are offered to somebody, and the one they have."""
    return [
        each
        for each in queries.list_types(db.session())
        if each.id == present
        or (
            each.is_active
            and (each.for_people if owner.person_id else each.for_organizations)
        )
    ]


def _filled(found: Membership) -> dict[str, object]:
    return {
        "type_id": str(found.type_id) if found.type_id else None,
        "first_on": boxes_of(found.from_on),
        "last_on": boxes_of(found.until_on),
    }


def _term(form: MembershipForm) -> Term:
    """Return the days typed; the last one may be left to the kind of membership."""
    term = form.term
    if term.last_on is None and form.months:
        return Term(term.first_on, last_day(term.first_on, form.months))
    return term


def _say_saved(owner: Owner, term: Term, membership_id: int) -> None:
    """Say that it is saved, and whether another membership shares days with it."""
    if queries.overlaps_another(
        db.session(),
        term,
        membership_id,
        organization_id=owner.organization_id,
        person_id=owner.person_id,
    ):
        words = _("Saved. It overlaps another membership; the one that lasts counts.")
        flash(words)
    else:
        flash(_("Saved."))


def _page(form: MembershipForm, owner: Owner, found: Membership | None = None) -> str:
    return render_template(
        "organizations/staff/membership.html",
        form=form,
        owner=owner,
        membership=found,
        today=today(),
        known=None if found else _known(owner),
    )


def _known(owner: Owner) -> ListPage[MembershipLine]:
    """Return what is on record of an owner, a page at a time."""
    page = queries.page_memberships(
        db.session(),
        organization_id=owner.organization_id,
        person_id=owner.person_id,
        edge=(read_id(request.args.get("after")), read_id(request.args.get("before"))),
    )
    here = partial(
        url_for,
        ".new_membership",
        organization=owner.organization_id,
        person=owner.person_id,
        _anchor="known",
    )
    return with_addresses(page, here)
