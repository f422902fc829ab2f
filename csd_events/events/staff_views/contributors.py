"""Presenters and partners: finding them, changing one, making two that are one so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel.speaklater import LazyString

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.inputs import say
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id, read_search
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.events import queries, service
from csd_events.events.forms import (
    KINDS,
    MergeForm,
    PartnerForm,
    PresenterForm,
    typed_of_partner,
    typed_of_presenter,
)
from csd_events.events.models import Partner, Presenter
from csd_events.events.rules import Fault
from csd_events.events.staff_views.blueprint import Desk, answer, bp
from csd_events.events.staff_views.presenting import of_their_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What differs between the pages of presenters and those of partners.

    Attributes:
        one: The end of the endpoints and templates of one of them.
        many: The endpoint and the template of all of them.
        typed: Gives what the form of one holds when it is opened.
        taken: What is said where another one has the name.
        moved: What merging does, before it is done.
    """

    model: Any
    form: type[PresenterForm] | type[PartnerForm]
    typed: Callable[[Any], Mapping[str, Any]]
    one: str
    many: str
    title: LazyString
    search: LazyString
    edit: LazyString
    taken: LazyString
    moved: LazyString

    def url(self, action: str, row_id: int) -> str:
        which: dict[str, Any] = {f"{self.one}_id": row_id}
        return url_for(f".{action}_{self.one}", **which)


PRESENTERS = Shelf(
    model=Presenter,
    form=PresenterForm,
    typed=typed_of_presenter,
    one="presenter",
    many="presenters",
    title=lazy_gettext("Presenters"),
    search=lazy_gettext("Search presenters"),
    edit=lazy_gettext("Edit presenter"),
    taken=lazy_gettext(
        "Another presenter has this name and organization. Make the two one instead"
    ),
    moved=lazy_gettext(
        "Choose the one that stays. All that this one does on events is moved there in "
        "one go, and the old page leads to the one that stays. This cannot be taken "
        "back."
    ),
)
PARTNERS = Shelf(
    model=Partner,
    form=PartnerForm,
    typed=typed_of_partner,
    one="partner",
    many="partners",
    title=lazy_gettext("Partners"),
    search=lazy_gettext("Search partners"),
    edit=lazy_gettext("Edit partner"),
    taken=lazy_gettext("Another partner has this name. Make the two one instead"),
    moved=lazy_gettext(
        "Choose the one that stays. All that this one stands behind is moved there in "
        "one go. This cannot be taken back."
    ),
)


@bp.get("/presenters")
@staff_required
def presenters() -> ResponseReturnValue:
    return _list_page(PRESENTERS)


@bp.get("/partners")
@staff_required
def partners() -> ResponseReturnValue:
    return _list_page(PARTNERS, kinds=KINDS)


@bp.route("/presenters/<int:presenter_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_presenter(presenter_id: int) -> ResponseReturnValue:
    return _edit(PRESENTERS, presenter_id)


@bp.route("/partners/<int:partner_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_partner(partner_id: int) -> ResponseReturnValue:
    return _edit(PARTNERS, partner_id)


@bp.route("/presenters/<int:presenter_id>/merge", methods=["GET", "POST"])
@guards_itself
@staff_required
def merge_presenter(presenter_id: int) -> ResponseReturnValue:
    return _merge(PRESENTERS, presenter_id)


@bp.route("/partners/<int:partner_id>/merge", methods=["GET", "POST"])
@guards_itself
@staff_required
def merge_partner(partner_id: int) -> ResponseReturnValue:
    return _merge(PARTNERS, partner_id)


def _list_page(shelf: Shelf, **others: object) -> str:
    words = read_search(request.args.get("q"))
    after = read_id(request.args.get("after"))
    page = queries.page_contributors(
        db.session(), shelf.model, words=words, after=after
    )
    here = f".{shelf.many}"
    return render_template(
        f"events/staff/{shelf.many}.html",
        shelf=shelf,
        lines=page.items,
        q=words,
        newer_url=url_for(here, q=words or None) if after else None,
        older_url=url_for(here, q=words or None, after=page.after)
        if page.after
        else None,
        **others,
    )


def _edit(shelf: Shelf, row_id: int) -> ResponseReturnValue:
    row = queries.get_contributor(db.session(), shelf.model, row_id)
    if request.method != "POST":
        return _page(shelf, shelf.form(data=shelf.typed(row)), row)
    form = shelf.form()
    return answer(form, _desk(shelf, form, row))


def _page(
    shelf: Shelf, form: Any, row: Any, saved: list[tuple[str, str]] | None = None
) -> str:
    template = f"events/staff/edit_{shelf.one}.html"
    own = of_their_page(row) if isinstance(row, Presenter) else {}
    return render_template(
        template, shelf=shelf, form=form, row=row, saved=saved, **own
    )


def _desk(shelf: Shelf, form: Any, row: Any) -> Desk:
    row_id = row.id

    def save(session: Any) -> None:
        service.update_contributor(
            session,
            shelf.model,
            row_id,
            form.draft(),
            version=form.seen_version,
            now=now(),
            actor_id=current_person_id(),
        )

    def fresh() -> PresenterForm | PartnerForm:
        found = queries.get_contributor(db.session(), shelf.model, row_id)
        return shelf.form(data=shelf.typed(found), formdata=None)

    return Desk(
        page=lambda form, **others: _page(shelf, form, row, **others),
        save=save,
        fresh=fresh,
        words={Fault.NAME_TAKEN: shelf.taken},
        done=url_for(f".{shelf.many}")
        if shelf.model is Partner
        else shelf.url("edit", row_id),
    )


def _merge(shelf: Shelf, row_id: int) -> ResponseReturnValue:
    """Ask which other one is the same, and make the two one."""
    row = queries.get_contributor(db.session(), shelf.model, row_id)
    form = MergeForm()
    into_id = read_id(form.into.data)
    if not form.is_submitted():
        return _merge_page(shelf, form, row)
    if not form.validate():
        return _merge_page(shelf, form, row), 422
    if into_id is None or into_id == row_id:
        say(form.into, _("Choose the one that stays"))
        return _merge_page(shelf, form, row), 422
    try:
        with transaction() as session:
            service.merge_contributors(
                session,
                shelf.model,
                row_id,
                into_id=into_id,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        say(form.into, _("Somebody saved meanwhile. Look again, and choose"))
        return _merge_page(shelf, form, row), StaleError.status
    forget_pages()
    flash(_("The two are one now."))
    return redirect(shelf.url("edit", into_id), code=303)


def _merge_page(shelf: Shelf, form: MergeForm, row: Presenter | Partner) -> str:
    """Offer who is found by the words asked for; at first, those of a like name."""
    session, words = db.session(), request.args.get("q")
    asked = read_search(row.name.split()[-1] if words is None else words)
    page = queries.page_contributors(session, shelf.model, words=asked, without=row.id)
    if words is None and not page.items:
        asked = ""
        page = queries.page_contributors(
            session, shelf.model, words=asked, without=row.id
        )
    return render_template(
        "events/staff/merge_contributor.html",
        shelf=shelf,
        form=form,
        row=row,
        lines=page.items,
        q=asked,
    )
