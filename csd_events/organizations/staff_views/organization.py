"""One organization: its facts, what is above and below it, members and people."""

from datetime import date
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, StaleError
from csd_events.core.inputs import overtaken, say
from csd_events.core.pages import CountedPage, read_id, with_addresses
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.organizations import queries, service
from csd_events.organizations.forms import OrganizationForm
from csd_events.organizations.models import Organization
from csd_events.organizations.rules import Refusal
from csd_events.organizations.service import NewOrganization
from csd_events.organizations.staff_views.blueprint import back_to, bp, today
from csd_events.organizations.words import (
    kind_words,
    population_words,
    refusal_words,
)
from csd_events.topics.rules import place_name

FIELDS = {
    Refusal.NAME_TAKEN: "name",
    Refusal.NUMBER_TAKEN: "external_id",
    Refusal.PARENT_UNKNOWN: "parent",
    Refusal.PARENT_IS_BELOW: "parent",
}


@bp.get("/organizations/<int:organization_id>")
@staff_required
def organization(organization_id: int) -> ResponseReturnValue:
    session, day = db.session(), today()
    found = queries.get(session, organization_id)
    pages = _pages(organization_id, day)
    return render_template(
        "organizations/staff/organization.html",
        organization=found,
        facts=_facts(found),
        parent=queries.get(session, found.parent_id) if found.parent_id else None,
        pages={
            name: with_addresses(page, partial(_url, organization_id, name))
            for name, page in pages.items()
        },
        turned=request.args.get("list"),
        today=day,
    )


@bp.route("/organizations/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new() -> ResponseReturnValue:
    form = OrganizationForm()
    if not form.is_submitted():
        return _page(form, None)
    given = _given(form) if form.validate() else None
    if given is None:
        return _page(form, None), 422
    try:
        with transaction() as session:
            made = service.create_organization(
                session, given, now=now(), actor_id=current_person_id()
            )
    except RefusedError as error:
        return _refused(form, Refusal(error.reason), None)
    flash(_("Saved."))
    return back_to(made)


@bp.route("/organizations/<int:organization_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit(organization_id: int) -> ResponseReturnValue:
    found = queries.get(db.session(), organization_id)
    if request.method != "POST":
        return _page(OrganizationForm(data=_filled(found)), found)
    form = OrganizationForm()
    given = _given(form) if form.validate() else None
    if given is None:
        return _page(form, found), 422
    try:
        with transaction() as session:
            service.save_organization(
                session,
                organization_id,
                given,
                version=form.seen_version,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError as error:
        found = queries.get(db.session(), organization_id)
        fresh = OrganizationForm(data=_filled(found), formdata=None)
        return _page(form, found, saved=overtaken(form, fresh)), error.status
    except RefusedError as error:
        found = queries.get(db.session(), organization_id)
        return _refused(form, Refusal(error.reason), found)
    flash(_("Saved."))
    return redirect(url_for(".organization", organization_id=organization_id), code=303)


def _pages(organization_id: int, day: date) -> dict[str, CountedPage[Any, Any]]:
    """Read a page of each list, by the id of its section.

    An address turns the pages of one; the others are at their first.
    """
    session = db.session()
    return {
        "memberships": queries.page_memberships(
            session, organization_id=organization_id, edge=_ids("memberships")
        ),
        "people": queries.page_people(
            session, organization_id, day, edge=_ids("people")
        ),
        "others": queries.page_people(
            session, organization_id, day, others=True, edge=_ids("others")
        ),
        "below": queries.page_organizations(
            session,
            words="",
            member=None,
            today=day,
            parent_id=organization_id,
            edge=_edge("below"),
        ),
    }


def _edge(name: str) -> tuple[str | None, str | None]:
    if request.args.get("list") != name:
        return None, None
    return request.args.get("after"), request.args.get("before")


def _ids(name: str) -> tuple[int | None, int | None]:
    after, before = _edge(name)
    return read_id(after), read_id(before)


def _url(organization_id: int, name: str, **edge: int | str) -> str:
    values: dict[str, Any] = {"list": name, **edge} if edge else {}
    return url_for(
        ".organization", organization_id=organization_id, **values, _anchor=name
    )


def _facts(found: Organization) -> list[tuple[str, str]]:
    """List what is known, in words."""
    facts = [
        (_("Kind"), kind_words(found.kind) if found.kind else ""),
        (_("State"), place_name(found.state) if found.state else ""),
        (_("Population"), population_words(found.population_class or "")),
        (_("Member number"), found.external_id or ""),
    ]
    return [(name, words) for name, words in facts if words]


def _filled(found: Organization) -> dict[str, str | None]:
    names = ("name", "kind", "state", "population_class", "external_id")
    above = queries.get(db.session(), found.parent_id) if found.parent_id else None
    return {name: getattr(found, name) for name in names} | {
        "parent": _called(above) if above else "",
        "version": str(found.version),
    }


def _called(found: Organization) -> str:
    """Write a name so that it names one organization: ``Springfield, IL``."""
    return f"{found.name}, {found.state}" if found.state else found.name


def _given(form: OrganizationForm) -> NewOrganization | None:
    """Read a form that was found in order; None if its parent cannot be told."""
    parent_id = None
    if form.parent.data:
        meant = queries.list_named(db.session(), form.parent.data)
        if not meant:
            say(form.parent, refusal_words(Refusal.PARENT_UNKNOWN))
            return None
        if len(meant) > 1:
            words = _("Several have this name. Add the state, as in Springfield, IL")
            say(form.parent, words)
            return None
        parent_id = meant[0].id
    return NewOrganization(
        name=form.name.data,
        kind=form.kind.data,
        population_class=form.population_class.data,
        state=form.state.data,
        external_id=form.external_id.data or None,
        parent_id=parent_id,
    )


def _page(
    form: OrganizationForm,
    found: Organization | None,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "organizations/staff/edit.html", form=form, organization=found, saved=saved
    )


def _refused(
    form: OrganizationForm, refusal: Refusal, found: Organization | None
) -> ResponseReturnValue:
    say(form[FIELDS[refusal]], refusal_words(refusal))
    return _page(form, found), 422
